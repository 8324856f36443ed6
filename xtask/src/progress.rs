//! What a long command shows: a live line on a terminal, plain lines in a log.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Counted steps of a long command.
pub(crate) struct Steps {
    live: bool,
    begun: usize,
    total: usize,
}

impl Steps {
    /// So many steps are to come.
    pub(crate) fn new(total: usize) -> Self {
        Self { live: std::io::stdout().is_terminal(), begun: 0, total }
    }

    /// Begins the next step; `bytes` is what is to be downloaded, if that is known.
    pub(crate) fn begin(&mut self, what: impl Into<String>, bytes: Option<u64>) -> Step {
        self.begun += 1;
        let width = self.total.to_string().len();
        let label = format!("[{:>width$}/{}] {}", self.begun, self.total, what.into());
        let bar = if self.live {
            Some(live_line(&label, bytes))
        } else {
            println!("{label}");
            None
        };
        Step { label, bar, begun: Instant::now() }
    }
}

/// One step, on its way.
pub(crate) struct Step {
    label: String,
    bar: Option<ProgressBar>,
    begun: Instant,
}

impl Step {
    /// So many bytes have come.
    pub(crate) fn at(&self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
        }
    }

    /// The step is done.
    pub(crate) fn done(self) {
        self.end("done");
    }

    /// The step did not work; the reason is said elsewhere.
    pub(crate) fn failed(self) {
        self.end("FAILED");
    }

    fn end(self, how: &str) {
        let took = self.begun.elapsed();
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
            println!("{} · {how}, {}", self.label, seconds(took));
        } else {
            println!("  {how}, {}", seconds(took));
        }
    }
}

fn live_line(label: &str, bytes: Option<u64>) -> ProgressBar {
    let (bar, template) = match bytes {
        Some(bytes) => {
            (ProgressBar::new(bytes), "{spinner} {msg}  {wide_bar} {bytes}/{total_bytes} {elapsed}")
        }
        None => (ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(label.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A duration for people.
pub(crate) fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole >= 60 {
        format!("{} min {} s", whole / 60, whole % 60)
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

/// A size for people.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
