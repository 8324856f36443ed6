//! Simulated power cuts: the file system is shut down under the writer, so that whatever was not synced is gone.
//!
//! The same harness, with one of the store's precautions taken away, must see losses; else it would prove nothing.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use caixiang_store::{Durability, Place};

use crate::volume::{Kind, Volume, run};
use crate::writer::{Lost, Start, Writer, place, times, verify};

/// What is on the file system that is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// The whole store.
    Everything,
    /// The photos. The database is on another disk, whose syncs carry none of the photos' names along.
    Photos,
}

/// Cuts the power so many times; what was lost in all, out of how many acknowledged orders.
fn cuts(kind: Kind, cut: Cut, durability: Durability, rounds: u64, until_lost: bool) -> (Lost, usize) {
    let mut all = Lost::default();
    let mut acknowledged = 0;
    for round in 0..rounds {
        let mut volume = Volume::new(kind, if kind == Kind::Xfs { 320 } else { 96 });
        let place = match cut {
            Cut::Everything => place(&volume.path(), &volume.outside()),
            Cut::Photos => {
                let place =
                    Place { data: volume.outside().join("data"), config: volume.outside().join("config") };
                let photos = volume.path().join("photos");
                fs::create_dir(&photos).unwrap();
                run("sync", &["-f", photos.to_str().unwrap()]);
                fs::create_dir(&place.data).unwrap();
                symlink(&photos, place.data.join("vault")).unwrap();
                place
            }
        };
        // Every other time in the middle of the work, else right after the last acknowledgement: there a missing
        // sync of the last step shows best.
        let rest_after = (round % 2 == 0).then_some(40);
        let mut writer = Writer::start(&Start {
            place: &place,
            durability,
            seed: 1 + round * 1000,
            rest_after,
            trap: None,
            environment: &[],
        });
        writer.wait_for(40);
        std::thread::sleep(Duration::from_millis(round % 7));
        let acks = writer.acks();
        volume.cut();
        writer.kill();
        volume.unmount();
        volume.mount();
        let (lost, _) = verify(&place, &acks);
        acknowledged += acks.len();
        all.orders += lost.orders;
        all.photos += lost.photos;
        all.dangling += lost.dangling;
        all.unclean |= lost.unclean;
        volume.unmount();
        if until_lost && !lost.nothing() {
            break;
        }
    }
    println!("{kind:?} {cut:?} {durability:?}: {all:?} of {acknowledged}");
    (all, acknowledged)
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut() {
    for kind in [Kind::Ext4, Kind::Xfs] {
        for cut in [Cut::Everything, Cut::Photos] {
            let (lost, acknowledged) = cuts(kind, cut, Durability::Full, times("CAIXIANG_CUTS", 3), false);
            assert!(lost.nothing(), "{kind:?} {cut:?}: {lost:?} of {acknowledged}");
            assert!(acknowledged >= 40);
        }
    }
}

#[test]
fn without_a_precaution_the_same_harness_sees_losses() {
    let rounds = times("CAIXIANG_CUTS", 3);
    for kind in [Kind::Ext4, Kind::Xfs] {
        for (cut, durability) in [
            (Cut::Everything, Durability::NoFileSync),
            (Cut::Everything, Durability::SynchronousNormal),
            // On one file system the database's own sync carries the names of the photos along nearly always.
            (Cut::Photos, Durability::NoFolderSync),
        ] {
            let (lost, acknowledged) = cuts(kind, cut, durability, rounds, true);
            assert!(!lost.nothing(), "{kind:?} {cut:?} {durability:?}: no loss seen in {acknowledged}");
        }
    }
}
