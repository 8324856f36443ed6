//! A real CUPS with a queue for the printer.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use caixiang_spool::*;
use tempfile::TempDir;

use crate::book::Book;
use crate::cutter::{Cut, Cutter};
use caixiang_virtual_printer::{Running, VirtualPrinter, bounds, free_port, pdf, wait_until};

struct Cups {
    running: Running,
    folder: TempDir,
    port: u16,
}

impl Cups {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // What prints runs as another user.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        for name in ["root", "state", "cache", "spool", "tmp"] {
            fs::create_dir(at(name)).unwrap();
        }
        let port = free_port();
        let rules = "Order allow,deny\nAllow localhost\n";
        let server = format!(
            "Listen 127.0.0.1:{port}\nListen {}\nBrowsing Off\nPreserveJobHistory Yes\nLogLevel warn\n\
             <Location />\n{rules}</Location>\n<Location /admin>\n{rules}</Location>\n\
             <Policy default>\n<Limit All>\n{rules}</Limit>\n</Policy>\n",
            at("state/cups.sock")
        );
        fs::write(at("root/cupsd.conf"), server).unwrap();
        let files = format!(
            "SystemGroup root\nServerRoot {}\nStateDir {}\nCacheDir {}\nRequestRoot {}\nTempDir {}\n\
             ErrorLog {}\nAccessLog {}\nPageLog {}\n",
            at("root"),
            at("state"),
            at("cache"),
            at("spool"),
            at("tmp"),
            at("error.log"),
            at("access.log"),
            at("page.log")
        );
        fs::write(at("root/cups-files.conf"), files).unwrap();
        let running = Self::run(&folder, port);
        Self { running, folder, port }
    }

    fn run(folder: &TempDir, port: u16) -> Running {
        let at = |name: &str| folder.path().join(name).display().to_string();
        let (conf, files) = (at("root/cupsd.conf"), at("root/cups-files.conf"));
        let log = folder.path().join("out.log");
        let mut running = Running::start("cupsd", &["-f", "-c", &conf, "-s", &files], &log, &[]);
        wait_until("CUPS", || {
            assert!(!running.ended(), "cupsd: {}", fs::read_to_string(&log).unwrap());
            cups_printers("127.0.0.1", port, bounds()).is_ok()
        });
        running
    }

    fn restart(&mut self) {
        self.running.end();
        self.running = Self::run(&self.folder, self.port);
    }

    /// A queue that passes documents on as they are.
    fn queue(&self, name: &str, info: &str, device_port: u16) {
        let server = format!("127.0.0.1:{}", self.port);
        let device = format!("ipp://127.0.0.1:{device_port}/ipp/print");
        let added = Command::new("lpadmin")
            .args([
                "-h",
                &server,
                "-p",
                name,
                "-E",
                "-v",
                &device,
                "-D",
                info,
                "-o",
                "printer-error-policy=abort-job",
            ])
            .output()
            .expect("lpadmin starts");
        assert!(added.status.success(), "lpadmin: {}", String::from_utf8_lossy(&added.stderr));
    }

    fn found(&self) -> Vec<Found> {
        cups_printers("127.0.0.1", self.port, bounds()).unwrap()
    }
}

#[test]
fn queues_are_listed_and_print() {
    let device = VirtualPrinter::start();
    let cups = Cups::start();
    assert_eq!(cups.found(), [], "a CUPS without queues");
    cups.queue("Photo", "照片打印机", device.port);
    let [found] = &cups.found()[..] else { panic!("{:?}", cups.found()) };
    assert_eq!((found.printer.name.as_str(), found.source), ("照片打印机", Source::Cups));
    assert!(found.accepts_pdf);
    let printer = &found.printer;
    let status = printer.status().unwrap();
    assert_eq!((status.state, status.troubles()), (PrinterState::Idle, Vec::new()));
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    let bytes = pdf("through CUPS");
    fs::write(&document, &bytes).unwrap();
    let options = JobOptions { title: "照片".into(), ..JobOptions::default() };
    let entry = book.settle(book.print(printer, &document, &options), printer);
    assert_eq!(entry.state, State::Done);
    assert_eq!(device.sheet(entry.id), bytes);
    assert_eq!(device.printed(), [(entry.id, 1)].into());
    let found = printer.find(entry.id).unwrap().expect("CUPS knows it");
    assert_eq!(found.state, JobState::Completed);
}

#[test]
fn without_cups_there_is_none() {
    let none = cups_printers("127.0.0.1", free_port(), bounds());
    assert_eq!(none, Err(PrinterError::Unreachable));
}

#[test]
fn a_job_of_cups_is_found_long_after_it_ended() {
    let device = VirtualPrinter::start();
    let mut cups = Cups::start();
    cups.queue("Photo", "Photo", device.port);
    let printer = cups.found().remove(0).printer;
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    fs::write(&document, pdf("of yesterday")).unwrap();
    let entry = book.print(&printer, &document, &JobOptions::default());
    wait_until("the sheet", || device.printed().contains_key(&entry.id));
    // A moment after a job has ended, if nobody asks for it, CUPS forgets all but its file.
    std::thread::sleep(Duration::from_secs(4));
    let known = |status: JobStatus| (status.job.number(), status.state);
    assert_eq!(printer.find(entry.id).unwrap().map(known), Some((1, JobState::Completed)));
    // And when CUPS was started anew.
    cups.restart();
    let found = printer.find(entry.id).unwrap().expect("CUPS knows it");
    assert_eq!(printer.job(entry.id, found.job).map(known), Ok((1, JobState::Completed)));
}

#[test]
fn an_answer_lost_between_cups_and_the_printer_is_no_second_sheet() {
    let device = VirtualPrinter::start();
    let cutter = Cutter::before(device.port);
    let cups = Cups::start();
    cups.queue("Photo", "Photo", cutter.port);
    let printer = cups.found().remove(0).printer;
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    fs::write(&document, pdf("behind CUPS")).unwrap();
    cutter.next(Cut::Reply(0));
    let entry = book.settle(book.print(&printer, &document, &JobOptions::default()), &printer);
    assert!(cutter.made());
    assert_eq!(device.printed(), [(entry.id, 1)].into());
    assert_eq!(entry.state, State::Done);
}

#[test]
fn a_printer_that_is_off_is_named_behind_cups() {
    let mut device = VirtualPrinter::start();
    let cups = Cups::start();
    cups.queue("Photo", "Photo", device.port);
    let printer = cups.found().remove(0).printer;
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    fs::write(&document, pdf("later")).unwrap();
    device.kill();
    let entry = book.print(&printer, &document, &JobOptions::default());
    assert_eq!(entry.state.code(), "submitted", "CUPS has it");
    wait_until("offline", || printer.status().unwrap().troubles() == ["printer.offline"]);
    let State::Submitted { job } = entry.state else { panic!("{entry:?}") };
    printer.cancel(entry.id, job).unwrap();
    let entry = book.settle(entry, &printer);
    assert_eq!(entry.state, State::Failed { reason: Failure::Cancelled });
    assert!(device.switch_on());
    assert_eq!(device.printed(), [].into());
}

#[test]
fn out_of_paper_is_named_behind_cups() {
    let device = VirtualPrinter::start();
    let cups = Cups::start();
    cups.queue("Photo", "Photo", device.port);
    let printer = cups.found().remove(0).printer;
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    fs::write(&document, pdf("paper")).unwrap();
    device.play(Some("media-empty-error"));
    let entry = book.print(&printer, &document, &JobOptions::default());
    wait_until("no paper", || printer.status().unwrap().troubles().contains(&"printer.media_empty"));
    device.play(None);
    let entry = book.settle(entry, &printer);
    assert_eq!(entry.state, State::Done);
    assert_eq!(device.printed(), [(entry.id, 1)].into());
}
