//! A real IPP printer, Debian's `ippeveprinter`: its paper is a folder, its faults are a file.
//!
//! Needs root (a mount namespace for the DNS-SD daemon) and the packages `cups-ipp-utils`, `avahi-daemon`, `dbus`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests; clippy takes only the functions marked as such for one"
)]

mod process;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use caixiang_spool::{Bounds, EntryId, Printer, PrinterUri};
use tempfile::TempDir;

pub use process::{Running, wait_until};

use process::Network;

/// What the printer does with a document. A printer that was killed does not go on printing.
const PRINT: &str = r#"#!/bin/sh
alive() { kill -0 "$PPID" 2>/dev/null || exit 1; }
if [ -e "$PAPER/fault" ]; then
    read -r reason < "$PAPER/fault"
    printf 'STATE: +%s\n' "$reason" >&2
    while [ -e "$PAPER/fault" ]; do alive; sleep 0.02; done
    printf 'STATE: -%s\n' "$reason" >&2
fi
if [ -e "$PAPER/slow" ]; then sleep 0.1; fi
alive
cp "$1" "$PAPER/sheets/$IPP_JOB_NAME.pdf" && printf '%s\n' "$IPP_JOB_NAME" >> "$PAPER/printed"
"#;

/// A small PDF of one page, different for different words.
pub fn pdf(words: &str) -> Vec<u8> {
    let text = format!("BT /F1 12 Tf 20 40 Td ({words}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 94 136]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (at, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", pdf.len());
        pdf.extend(format!("{} 0 obj{object}endobj\n", at + 1).bytes());
    }
    let end = format!("xref\n0 6\n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", pdf.len());
    pdf.extend(end.bytes());
    pdf
}

/// A port that is free now. Not one of those that systems lend to outgoing connections (32768 and up): one of these
/// would be lent again while its printer is switched off.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let process = u16::try_from(std::process::id() % 1000).unwrap() * 10;
    loop {
        let port = 20_000 + (process + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Bounds that do not make a test long.
pub fn bounds() -> Bounds {
    Bounds { connect: Duration::from_secs(2), ask: Duration::from_secs(10), print: Duration::from_secs(10) }
}

/// A running printer.
#[derive(Debug)]
pub struct VirtualPrinter {
    /// Where it keeps what it printed, and the tests what they print.
    pub folder: TempDir,
    /// Where it listens.
    pub port: u16,
    /// What it calls itself.
    pub name: String,
    announced: bool,
    running: Option<Running>,
    network: Arc<Network>,
}

impl VirtualPrinter {
    /// Switches one on.
    pub fn start() -> Self {
        Self::start_with(false)
    }

    /// One that announces itself in the network.
    pub fn announced() -> Self {
        Self::start_with(true)
    }

    fn start_with(announced: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("spool")).unwrap();
        fs::create_dir(folder.path().join("sheets")).unwrap();
        let script = folder.path().join("print");
        fs::write(&script, PRINT).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let port = free_port();
        let name = format!("Caixiang test printer {port}");
        let mut printer = Self { folder, port, name, announced, running: None, network: Network::shared() };
        for _ in 0..5 {
            if printer.switch_on() {
                return printer;
            }
            // Somebody else took the port meanwhile.
            printer.port = free_port();
        }
        panic!("ippeveprinter: {}", fs::read_to_string(printer.folder.path().join("log")).unwrap());
    }

    /// Starts it, after it was switched off too: it has forgotten its jobs then. Whether it runs.
    pub fn switch_on(&mut self) -> bool {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let (spool, script, port) = (path("spool"), path("print"), self.port.to_string());
        let mut arguments = vec!["-2", "-p", &port, "-d", &spool, "-c", &script, "-f", "application/pdf"];
        // What is announced is announced with the address of the network, and must listen there.
        if !self.announced {
            arguments.extend(["-n", "localhost", "-r", "off"]);
        }
        arguments.push(&self.name);
        let environment = [
            ("DBUS_SYSTEM_BUS_ADDRESS", self.network.bus.as_str()),
            ("PAPER", self.folder.path().to_str().unwrap()),
        ];
        let mut running =
            Running::start("ippeveprinter", &arguments, &self.folder.path().join("log"), &environment);
        let printer = self.printer();
        let mut up = false;
        wait_until("the printer's first word", || {
            up = printer.status().is_ok();
            up || running.ended()
        });
        self.running = up.then_some(running);
        up
    }

    /// kill -9: what it knew is gone.
    pub fn kill(&mut self) {
        self.running.take().expect("it runs").kill();
    }

    /// The printer as the kiosk knows it.
    pub fn printer(&self) -> Printer {
        self.printer_at(self.port)
    }

    /// The same, reached through another port.
    pub fn printer_at(&self, port: u16) -> Printer {
        let uri = PrinterUri::new("127.0.0.1", port, "/ipp/print").unwrap();
        Printer { bounds: bounds(), ..Printer::new(uri, self.name.clone()) }
    }

    /// Plays a fault (`media-empty-error`) with the next document, or ends it.
    pub fn play(&self, fault: Option<&str>) {
        let path = self.folder.path().join("fault");
        match fault {
            Some(fault) => {
                // All at once: the printer may be looking.
                let new = path.with_extension("new");
                fs::write(&new, format!("{fault}\n")).unwrap();
                fs::rename(new, path).unwrap();
            }
            None => fs::remove_file(path).unwrap(),
        }
    }

    /// Lets it take a tenth of a second for a sheet.
    pub fn slow(&self) {
        fs::write(self.folder.path().join("slow"), "").unwrap();
    }

    /// How often each entry came out on paper.
    pub fn printed(&self) -> BTreeMap<EntryId, u32> {
        let log = fs::read_to_string(self.folder.path().join("printed")).unwrap_or_default();
        let mut printed = BTreeMap::new();
        for line in log.lines() {
            *printed.entry(entry_of(line)).or_insert(0) += 1;
        }
        printed
    }

    /// What came out for an entry.
    pub fn sheet(&self, entry: EntryId) -> Vec<u8> {
        let sheets = fs::read_dir(self.folder.path().join("sheets")).unwrap();
        let mut names: Vec<PathBuf> = sheets.map(|file| file.unwrap().path()).collect();
        names.retain(|path| entry_of(path.file_stem().unwrap().to_str().unwrap()) == entry);
        assert_eq!(names.len(), 1, "{names:?}");
        fs::read(&names[0]).unwrap()
    }
}

fn entry_of(job_name: &str) -> EntryId {
    let id = job_name.strip_prefix("cx-").expect("our job").split(' ').next().unwrap();
    id.parse().unwrap()
}
