//! kill -9 of the process that prints, at random moments: what it was about to print, printed or did not hear of is in
//! the ledger when it comes back, and nothing is printed twice.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use caixiang_spool::*;

use crate::book::Book;
use crate::lost::{Chance, hold, times};
use caixiang_virtual_printer::{VirtualPrinter, bounds, pdf};

/// A process that prints until it is stopped.
struct Sender(Child);

impl Sender {
    /// Starts it and returns when it has begun to print.
    fn start(folder: &Path, printer: &Printer) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "sender::prints_until_stopped", "--ignored", "--nocapture", "--test-threads=1"])
            .env("SENDER_FOLDER", folder)
            .env("SENDER_PRINTER", printer.uri.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let sender = Self(child);
        let ready = BufReader::new(stdout).lines().any(|line| line.unwrap() == "READY");
        assert!(ready, "the sender ended before it printed");
        sender
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The sender's own process.
#[test]
#[ignore = "run by the other tests, as a process to be killed"]
fn prints_until_stopped() {
    let folder = PathBuf::from(env::var_os("SENDER_FOLDER").unwrap());
    let uri: PrinterUri = env::var("SENDER_PRINTER").unwrap().parse().unwrap();
    let printer = Printer { bounds: bounds(), ..Printer::new(uri, "test") };
    let book = Book::open(&folder.join("book"));
    let mut count = 0;
    for entry in book.entries() {
        count += 1;
        match entry.state {
            // It has been asked for at length before.
            State::Unknown { .. } => assert_eq!(printer.find(entry.id), Ok(None)),
            _ => drop(book.settle(entry, &printer)),
        }
    }
    let mut out = std::io::stdout().lock();
    out.write_all(b"\nREADY\n").unwrap();
    out.flush().unwrap();
    let document = folder.join("document.pdf");
    for number in count.. {
        fs::write(&document, pdf(&format!("number {number}"))).unwrap();
        let entry = book.print(&printer, &document, &JobOptions::default());
        book.settle(entry, &printer);
    }
}

fn rounds(count: u32) {
    let device = VirtualPrinter::start();
    device.slow();
    let printer = device.printer();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for _ in 0..count {
        let sender = Sender::start(device.folder.path(), &printer);
        std::thread::sleep(Duration::from_micros(chance.below(400_000).into()));
        drop(sender);
    }
    let book = Book::open(&device.folder.path().join("book"));
    let open = book.entries();
    let left = open.iter().filter(|entry| !entry.state.settled()).count();
    for entry in open {
        book.settle(entry, &printer);
    }
    let entries = book.entries();
    let printed = device.printed();
    hold(&entries, &printed);
    let unknown = entries.iter().filter(|entry| !entry.state.settled()).count();
    assert!(printed.len() >= usize::try_from(count / 2).unwrap(), "too few prints to show anything");
    println!(
        "{count} kills of the sender, {} intents, {} on paper, none twice; {left} open after the last kill, {unknown} \
         unknown in the end",
        entries.len(),
        printed.len()
    );
}

#[test]
fn no_kill_of_the_sender_prints_twice_or_loses_a_job() {
    rounds(times("CAIXIANG_SENDER_KILLS", 12));
}
