//! What may be sent now: pure.
//!
//! The oldest first; of one thing only one revision at a time, in order; what was set aside holds back the later
//! revisions of the same thing and nothing else. A session goes alone: the centre refuses what is of a session that it
//! does not know yet.

use std::collections::HashSet;

use caixiang_wire::Kind;
use uuid::Uuid;

/// Something that waits, as it stands in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Its place in the outbox; older is smaller.
    pub seq: i64,
    /// What it is a revision of.
    pub kind: Kind,
    /// Of which.
    pub id: Uuid,
    /// Set aside until staff look at it.
    pub aside: bool,
}

/// What to send now, the oldest first, at most `at_once`. `waiting` is in the outbox's order; `in_flight` is being sent.
pub fn plan(waiting: &[Waiting], in_flight: &HashSet<i64>, at_once: usize) -> Vec<i64> {
    let mut held = HashSet::new();
    let mut chosen = Vec::new();
    let mut room = at_once.saturating_sub(in_flight.len());
    for one in waiting {
        let first_of_its_thing = held.insert((one.kind, one.id));
        if room == 0 {
            break;
        }
        if first_of_its_thing && !one.aside && !in_flight.contains(&one.seq) {
            chosen.push(one.seq);
            room -= 1;
        }
        if one.kind == Kind::Session && !one.aside {
            break;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(seq: i64, id: u128, aside: bool) -> Waiting {
        Waiting { seq, kind: Kind::Order, id: Uuid::from_u128(id), aside }
    }

    #[test]
    fn the_oldest_goes_first_and_a_thing_in_order() {
        let waiting = [one(1, 1, false), one(2, 2, false), one(3, 1, false), one(4, 3, false)];
        assert_eq!(plan(&waiting, &HashSet::new(), 2), [1, 2]);
        assert_eq!(plan(&waiting, &HashSet::new(), 9), [1, 2, 4]);
        assert_eq!(plan(&waiting, &HashSet::from([1]), 2), [2]);
        assert_eq!(plan(&waiting, &HashSet::from([1, 2]), 2), Vec::<i64>::new());
    }

    #[test]
    fn a_poisoned_item_blocks_its_own_thing_only() {
        let waiting = [one(1, 1, true), one(2, 2, false), one(3, 1, false), one(4, 3, false)];
        assert_eq!(plan(&waiting, &HashSet::new(), 9), [2, 4]);
    }

    #[test]
    fn a_session_goes_before_what_is_of_it() {
        let session = |aside| Waiting { kind: Kind::Session, ..one(2, 9, aside) };
        let waiting = [one(1, 1, false), session(false), one(3, 2, false)];
        assert_eq!(plan(&waiting, &HashSet::new(), 9), [1, 2]);
        assert_eq!(plan(&waiting, &HashSet::from([1, 2]), 9), Vec::<i64>::new());
        assert_eq!(plan(&[one(1, 1, false), session(true), one(3, 2, false)], &HashSet::new(), 9), [1, 3]);
    }

    proptest! {
        /// Whatever fails and in whatever order things end: each thing's revisions end in order, and everything that is
        /// not behind something set aside ends.
        #[test]
        fn everything_ends_once_and_in_order(
            things in proptest::collection::vec((0..6_u128, prop::bool::weighted(0.1)), 0..60),
            ends in proptest::collection::vec(any::<prop::sample::Index>(), 400),
            at_once in 1..5_usize,
        ) {
            let mut waiting: Vec<_> =
                (1..).zip(&things).map(|(seq, &(id, aside))| one(seq, id, aside)).collect();
            let (mut in_flight, mut ended) = (HashSet::new(), Vec::new());
            for end in ends {
                for seq in plan(&waiting, &in_flight, at_once) {
                    prop_assert!(in_flight.insert(seq));
                }
                prop_assert!(in_flight.len() <= at_once);
                if in_flight.is_empty() {
                    break;
                }
                let mut flying: Vec<_> = in_flight.iter().copied().collect();
                flying.sort_unstable();
                let seq = flying[end.index(flying.len())];
                in_flight.remove(&seq);
                ended.push(seq);
                waiting.retain(|one| one.seq != seq);
            }
            for (at, seq) in ended.iter().enumerate() {
                let id = things[usize::try_from(seq - 1).unwrap()].0;
                let later = &ended[at + 1..];
                prop_assert!(later.iter().all(|l| l != seq && (things[usize::try_from(l - 1).unwrap()].0 != id || l > seq)));
            }
            let held = |seq: i64| {
                let id = things[usize::try_from(seq - 1).unwrap()].0;
                things[..usize::try_from(seq).unwrap()].iter().any(|&(other, aside)| other == id && aside)
            };
            prop_assert!(waiting.iter().all(|one| held(one.seq)));
        }
    }
}
