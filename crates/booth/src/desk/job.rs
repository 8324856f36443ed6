//! Work that takes long, one at a time: how far it is, and whether it should end.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::talk::JobView;
use crate::view::Notice;

/// The work under way, or the last one.
#[derive(Default)]
pub(super) struct Job(Mutex<State>);

#[derive(Default)]
struct State {
    view: Option<JobView>,
    cancelled: bool,
}

impl Job {
    /// How far it is.
    pub(super) fn view(&self) -> Option<JobView> {
        self.lock().view.clone()
    }

    /// Begins, unless another is under way.
    pub(super) fn begin(&self, view: JobView) -> Result<(), Notice> {
        let mut state = self.lock();
        if state.view.as_ref().is_some_and(is_running) {
            return Err(Notice::new("job.busy"));
        }
        *state = State { view: Some(view), cancelled: false };
        Ok(())
    }

    /// Changes what shows; says whether to go on.
    pub(super) fn change(&self, change: impl FnOnce(&mut JobView)) -> bool {
        let mut state = self.lock();
        if let Some(view) = &mut state.view {
            change(view);
        }
        !state.cancelled
    }

    /// Forgets one that has ended.
    pub(super) fn forget(&self) {
        let mut state = self.lock();
        if !state.view.as_ref().is_some_and(is_running) {
            state.view = None;
        }
    }

    /// Asks it to end.
    pub(super) fn cancel(&self) {
        self.lock().cancelled = true;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is a few assignments: a panic elsewhere leaves nothing half-done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_running(view: &JobView) -> bool {
    !matches!(view.stage.as_str(), "done" | "failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> JobView {
        JobView {
            what: "handover".into(),
            stage: "writing".into(),
            done: 0,
            total: 2,
            found: 0,
            path: String::new(),
            failure: None,
            problems: Vec::new(),
        }
    }

    #[test]
    fn there_is_one_at_a_time_and_it_can_be_ended() {
        let job = Job::default();
        assert!(job.view().is_none());
        job.begin(begun()).unwrap();
        assert_eq!(job.begin(begun()).unwrap_err().code, "job.busy");
        assert!(job.change(|view| view.done = 1));
        job.cancel();
        assert!(!job.change(|view| view.stage = "failed".into()));
        job.begin(begun()).unwrap();
        job.forget();
        assert!(job.view().is_some(), "what is under way is not forgotten");
        assert!(job.change(|_| {}), "the next one is not ended by what ended the last");
    }
}
