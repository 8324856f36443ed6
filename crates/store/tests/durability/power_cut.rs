//! Simulated power cuts: the file system is shut down under the writer, so that whatever was not synced is gone.
//!
//! The same harness, with one of the store's precautions taken away, must see losses; else it would prove nothing.

use std::time::Duration;

use caixiang_store::Durability;

use crate::volume::{Kind, Volume};
use crate::writer::{Lost, Start, Writer, place, times, verify};

/// Cuts the power so many times; what was lost in all, out of how many acknowledged orders.
fn cuts(kind: Kind, durability: Durability, rounds: u64, until_lost: bool) -> (Lost, usize) {
    let mut all = Lost::default();
    let mut acknowledged = 0;
    for round in 0..rounds {
        let mut volume = Volume::new(kind, if kind == Kind::Xfs { 320 } else { 96 });
        let place = place(&volume.path(), &volume.outside());
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
    println!("{kind:?} {durability:?}: {all:?} of {acknowledged}");
    (all, acknowledged)
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut() {
    for kind in [Kind::Ext4, Kind::Xfs] {
        let (lost, acknowledged) = cuts(kind, Durability::Full, times("CAIXIANG_CUTS", 3), false);
        assert!(lost.nothing(), "{kind:?}: {lost:?} of {acknowledged}");
        assert!(acknowledged >= 40);
    }
}

#[test]
fn without_a_precaution_the_same_harness_sees_losses() {
    let rounds = times("CAIXIANG_CUTS", 3).max(6);
    for kind in [Kind::Ext4, Kind::Xfs] {
        for durability in [Durability::NoFileSync, Durability::SynchronousNormal] {
            let (lost, acknowledged) = cuts(kind, durability, rounds, true);
            assert!(!lost.nothing(), "{kind:?} {durability:?}: no loss seen in {acknowledged}");
        }
    }
    // Other syncs carry a rename along most of the time, so this shows on one of the file systems at least.
    let seen = [Kind::Ext4, Kind::Xfs].map(|kind| cuts(kind, Durability::NoFolderSync, rounds * 2, true).0);
    assert!(seen.iter().any(|lost| !lost.nothing()), "NoFolderSync: {seen:?}");
}
