//! Programs that end with the test, with everything they started.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Runs a program, and kills the whole group once whoever holds the input has gone, however that came about.
const GUARD: &str = r#""$@" & read -r never; kill -9 0"#;

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

/// `kill -9`: a process, or a group by its negative id.
pub(crate) fn signal(id: i32) {
    // SAFETY: takes two numbers and touches no memory of ours.
    unsafe { libc::kill(id, libc::SIGKILL) };
}
