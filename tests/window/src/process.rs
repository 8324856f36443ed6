//! Programs that end with the test, with everything they started.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Runs a program, and kills the whole group once whoever holds the input has gone, however that came about.
const GUARD: &str = r#""$@" & read -r never; kill -9 0"#;

/// What the kiosk and WebKit's processes beside it used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// Processor time of the kiosk's own process.
    pub own: Duration,
    /// That of WebKit's.
    pub others: Duration,
    /// Resident memory of the kiosk, bytes.
    pub own_memory: u64,
    /// That of WebKit's processes together.
    pub other_memory: u64,
}

impl Usage {
    /// The time used since then; the memory as it is now.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            own: self.own.saturating_sub(before.own),
            others: self.others.saturating_sub(before.others),
            ..*self
        }
    }
}

/// A program and all that it starts: a group of processes, killed when this goes.
pub(crate) struct Group {
    leader: Child,
}

impl Group {
    /// Starts a program; what the caller says of its outputs and its environment is the caller's.
    pub(crate) fn start(program: &Path, arguments: &[&str], prepare: impl FnOnce(&mut Command)) -> Self {
        let mut guard = Command::new("/bin/sh");
        guard.args(["-c", GUARD, "sh"]).arg(program).args(arguments);
        prepare(&mut guard);
        let leader = guard.stdin(Stdio::piped()).process_group(0).spawn();
        Self {
            leader: leader.unwrap_or_else(|error| panic!("{} does not start: {error}", program.display())),
        }
    }

    pub(crate) fn leader(&mut self) -> &mut Child {
        &mut self.leader
    }

    fn id(&self) -> i32 {
        i32::try_from(self.leader.id()).expect("a process id")
    }

    fn members(&self) -> Vec<i32> {
        let all = fs::read_dir("/proc").expect("the processes").flatten();
        let ids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        ids.filter(|id| group_of(*id) == Some(self.id())).collect()
    }

    /// The processes of this group that run a program.
    pub(crate) fn running(&self, program: &Path) -> Vec<i32> {
        let runs = |id: &i32| fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|exe| exe == program);
        self.members().into_iter().filter(runs).collect()
    }

    /// What a program of this group used so far, and WebKit's own processes.
    pub(crate) fn usage(&self, program: &Path) -> Usage {
        let own = self.running(program);
        let mut usage = Usage::default();
        for id in self.members() {
            let web = fs::read_to_string(format!("/proc/{id}/comm"))
                .is_ok_and(|name| name.starts_with("WebKit") && name.trim() != "WebKitWebDriver");
            if own.contains(&id) {
                usage.own += processor_time(id);
                usage.own_memory += resident(id);
            } else if web {
                usage.others += processor_time(id);
                usage.other_memory += resident(id);
            }
        }
        usage
    }

    /// The names of all that run.
    pub(crate) fn names(&self) -> String {
        let name =
            |id| fs::read_to_string(format!("/proc/{id}/comm")).ok().map(|name| name.trim().to_owned());
        self.members().into_iter().filter_map(name).collect::<Vec<_>>().join(", ")
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        signal(-self.id());
        // It was killed: there is nothing to learn from how it ended.
        drop(self.leader.wait());
    }
}

/// Field 5 of `stat`, which follows the name in brackets.
fn group_of(id: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(2)?.parse().ok()
}

/// Fields 14 and 15 of `stat`: the time in the program and in the kernel for it.
fn processor_time(id: i32) -> Duration {
    // SAFETY: takes a number and touches no memory of ours.
    let ticks_a_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) }.max(1) as f64;
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    Duration::from_secs_f64(ticks / ticks_a_second)
}

/// Memory in use, bytes.
fn resident(id: i32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// `kill -9`: a process, or a group by its negative id.
pub(crate) fn signal(id: i32) {
    // SAFETY: takes two numbers and touches no memory of ours.
    unsafe { libc::kill(id, libc::SIGKILL) };
}
