//! kill -9 at random moments. It shows nothing about power, but everything about order and half-done work.

use std::time::Duration;

use caixiang_store::Durability;

use crate::writer::{Start, Writer, place, spread, times, verify};

#[test]
fn nothing_acknowledged_is_lost_when_killed() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path(), folder.path());
    let mut acks = Vec::new();
    let mut restarts = Vec::new();
    // A fixed sequence of moments, so that a failure can be seen again.
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let rounds = times("CAIXIANG_KILLS", 20);
    for round in 0..rounds {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut writer = Writer::start(&Start {
            place: &place,
            durability: Durability::Full,
            seed: 1 + round * 1_000_000,
            rest_after: None,
            trap: None,
            environment: &[],
        });
        // Every fourth is killed while it starts; the others somewhere within their work.
        if round % 4 != 3 {
            writer.wait_for(1 + usize::try_from(random % 12).unwrap());
        }
        std::thread::sleep(Duration::from_micros(random % 60_000));
        writer.kill();
        let new = writer.acks();
        let (lost, took) = verify(&place, &new);
        assert!(lost.nothing(), "round {round}: {lost:?} of {}", new.len());
        restarts.push(took);
        acks.extend(new);
    }
    let (lost, _) = verify(&place, &acks);
    assert!(lost.nothing(), "in the end: {lost:?}");
    assert!(acks.len() as u64 >= rounds, "too few orders to show anything: {}", acks.len());
    let spread = spread(restarts);
    println!("{rounds} kills, {} orders acknowledged, none lost; restart {spread:?}", acks.len());
    assert!(spread["longest"] < Duration::from_secs(20), "a restart took {:?}", spread["longest"]);
}
