//! Many pictures on all cores: workers take them in order, results are handed on in order, and nothing piles up.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How far work may run ahead of the oldest result that is still being made, for each worker.
const AHEAD: usize = 4;

/// Somebody asked the program to stop: what is in hand is finished, nothing more is begun.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// Asks every batch to stop; whether that was asked before.
pub(crate) fn stop() -> bool {
    STOPPED.swap(true, Ordering::SeqCst)
}

/// Whether the program was asked to stop.
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

struct State<R> {
    /// The next item nobody has taken.
    next: usize,
    /// The next result to hand on.
    due: usize,
    done: BTreeMap<usize, R>,
    /// Workers take nothing more.
    over: bool,
    /// Workers that have left.
    left: usize,
}

/// Works on every item with so many threads and hands the results on in the items' order, on the calling thread.
///
/// Results that are ready too early wait; when the wait grows long, workers do, too. `hand_on` may end it all.
pub(crate) fn in_order<I: Sync, R: Send>(
    items: &[I],
    workers: usize,
    work: impl Fn(&I) -> R + Sync,
    mut hand_on: impl FnMut(R) -> ControlFlow<()>,
) {
    let workers = workers.clamp(1, items.len().max(1));
    let state = Mutex::new(State { next: 0, due: 0, done: BTreeMap::new(), over: false, left: 0 });
    let changed = Condvar::new();
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let wait = |guard| changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
    let take = || -> Option<usize> {
        let mut guard: MutexGuard<State<R>> = lock();
        while !guard.over && guard.next < items.len() && guard.next >= guard.due + workers * AHEAD {
            guard = wait(guard);
        }
        (!guard.over && !stopped() && guard.next < items.len()).then(|| {
            guard.next += 1;
            guard.next - 1
        })
    };
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(index) = take() {
                    let result = work(&items[index]);
                    lock().done.insert(index, result);
                    changed.notify_all();
                }
                lock().left += 1;
                changed.notify_all();
            });
        }
        for due in 0..items.len() {
            let mut guard = lock();
            let result = loop {
                match guard.done.remove(&due) {
                    Some(result) => break result,
                    // Stopped, and nobody is left who could make it.
                    None if guard.left == workers => return,
                    None => guard = wait(guard),
                }
            };
            guard.due = due + 1;
            drop(guard);
            changed.notify_all();
            if hand_on(result).is_break() {
                lock().over = true;
                changed.notify_all();
                break;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn hands_on_in_order_and_keeps_the_wait_short() {
        let items: Vec<usize> = (0..200).collect();
        let (started, handed) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut seen = Vec::new();
        let work = |&item: &usize| {
            let ahead = started.fetch_add(1, Ordering::SeqCst) + 1 - handed.load(Ordering::SeqCst).min(item);
            assert!(ahead <= 3 * (AHEAD + 1) + 1, "{ahead}");
            std::thread::sleep(Duration::from_micros(if item % 17 == 0 { 3000 } else { 50 }));
            item
        };
        in_order(&items, 3, work, |item| {
            handed.fetch_add(1, Ordering::SeqCst);
            seen.push(item);
            ControlFlow::Continue(())
        });
        assert_eq!(seen, items);
    }

    #[test]
    fn ends_when_told_and_with_nothing_to_do() {
        let items: Vec<usize> = (0..1000).collect();
        let worked = AtomicUsize::new(0);
        let mut seen = 0;
        let work = |_: &usize| worked.fetch_add(1, Ordering::SeqCst);
        in_order(&items, 2, work, |_| {
            seen += 1;
            if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, 5);
        assert!(worked.load(Ordering::SeqCst) < 30);
        in_order(&[], 2, |(): &()| (), |()| unreachable!());
    }
}
