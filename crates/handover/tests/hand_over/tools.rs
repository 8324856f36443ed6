//! Other people's programs that read what was written, disks of our own, and a job from end to end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use caixiang_handover::{HandoverError, Job, Plan, Report, Target};
use tempfile::TempDir;

use crate::made;

/// Runs a tool in a folder; a missing tool fails the test.
pub(crate) fn try_run(folder: &Path, tool: &str, arguments: &[&str]) -> Output {
    Command::new(tool)
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap_or_else(|error| panic!("{tool}: {error}"))
}

/// Runs a tool that must succeed; what it says.
pub(crate) fn run(folder: &Path, tool: &str, arguments: &[&str]) -> String {
    let output = try_run(folder, tool, arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} {arguments:?}: {said}{complained}");
    said
}

/// Hands over everything that the plan wants.
pub(crate) fn hand_over(plan: &Plan, target: &Target) -> Result<Report, HandoverError> {
    let mut job = Job::start(plan.clone(), target)?;
    while let Some(photo) = job.next_wanted()? {
        let bytes = made::photo(plan.photos()[photo].student);
        job.put_photo(photo, &bytes)?;
    }
    job.finish()
}

/// Every file below a folder, with `/` between folders.
pub(crate) fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// Every sheet of a workbook as LibreOffice reads it, as rows of cells; formulas would stand there as such.
pub(crate) fn sheets(workbook: &Path) -> Vec<Vec<Vec<String>>> {
    let folder = tempfile::tempdir().unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    // Comma, quotation mark, UTF-8, from the first line, every text quoted, as shown, formulas as such, all sheets.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,true,false,false,-1";
    let out = folder.path().join("out");
    let (workbook, out_name) = (workbook.to_str().unwrap(), out.to_str().unwrap());
    run(
        folder.path(),
        "soffice",
        &[&profile, "--headless", "--norestore", "--convert-to", filter, "--outdir", out_name, workbook],
    );
    // The sheets' order is that of the workbook, which their files' names do not keep.
    let mut written: Vec<_> = fs::read_dir(out).unwrap().map(|entry| entry.unwrap().path()).collect();
    written.sort_by_key(|path| std::cmp::Reverse(fs::read(path).unwrap().len()));
    written.iter().map(|path| parse_csv(&fs::read_to_string(path).unwrap())).collect()
}

fn parse_csv(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    rows
}

/// A small disk in memory, mounted as long as this lives.
pub(crate) struct Disk {
    folder: TempDir,
}

impl Disk {
    pub(crate) fn new(megabytes: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("mount")).unwrap();
        let size = format!("size={megabytes}m");
        run(folder.path(), "mount", &["-t", "tmpfs", "-o", &size, "tmpfs", "mount"]);
        Self { folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("mount")
    }

    /// Takes the disk away while files are open on it, as when a stick is pulled.
    pub(crate) fn pull(&self) {
        run(self.folder.path(), "umount", &["-l", "mount"]);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.path()).output().ok();
    }
}
