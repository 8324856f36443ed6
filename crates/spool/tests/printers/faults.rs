//! Out of paper, jammed, switched off, killed while it prints.

use std::fs;

use caixiang_spool::*;

use crate::book::Book;
use caixiang_virtual_printer::{VirtualPrinter, pdf, wait_until};

/// Prints while a fault is there, sees it named, mends it, and sees the sheet come out.
fn check(fault: &str, code: &str) {
    let device = VirtualPrinter::start();
    let printer = device.printer();
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    fs::write(&document, pdf(fault)).unwrap();
    device.play(Some(fault));
    let entry = book.print(&printer, &document, &JobOptions::default());
    assert_eq!(entry.state.code(), "submitted");
    wait_until(code, || printer.status().unwrap().troubles().first() == Some(&code));
    let State::Submitted { job } = entry.state else { panic!("{entry:?}") };
    assert!(!printer.job(entry.id, job).unwrap().state.ended());
    assert_eq!(device.printed(), [].into());
    device.play(None);
    let entry = book.settle(entry, &printer);
    assert_eq!(entry.state, State::Done);
    assert_eq!(device.printed(), [(entry.id, 1)].into());
    wait_until("all is well again", || !printer.status().unwrap().troubles().contains(&code));
}

#[test]
fn out_of_paper() {
    check("media-empty-error", "printer.media_empty");
}

#[test]
fn jammed() {
    check("media-jam-error", "printer.media_jam");
}

#[test]
fn out_of_ink() {
    check("marker-supply-empty-error", "printer.marker_supply_empty");
}

#[test]
fn a_cover_is_open() {
    check("cover-open-error", "printer.cover_open");
}

#[test]
fn switched_off() {
    let mut device = VirtualPrinter::start();
    let printer = device.printer();
    device.kill();
    assert_eq!(printer.status().map_err(|error| error.code()), Err("printer.unreachable"));
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    fs::write(&document, pdf("off")).unwrap();
    let entry = book.print(&printer, &document, &JobOptions::default());
    let reason = Failure::NotSent { why: "printer.unreachable" };
    assert_eq!(entry.state, State::Failed { reason });
    assert!(!entry.state.counts());
    assert!(device.switch_on());
    assert_eq!(printer.find(entry.id), Ok(None), "nothing was sent");
}

#[test]
fn a_printer_killed_in_the_middle_of_a_job_has_forgotten_it_and_nothing_is_reprinted() {
    let mut device = VirtualPrinter::start();
    let printer = device.printer();
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    fs::write(&document, pdf("killed")).unwrap();
    device.play(Some("media-empty-error"));
    let entry = book.print(&printer, &document, &JobOptions::default());
    let State::Submitted { job } = entry.state else { panic!("{entry:?}") };
    // In the middle, not before: what has not begun when its printer dies never learns that it died.
    wait_until("the sheet's begin", || printer.status().unwrap().troubles().contains(&"printer.media_empty"));
    device.kill();
    assert_eq!(printer.job(entry.id, job), Err(PrinterError::Unreachable), "nothing is concluded from that");
    device.play(None);
    assert!(device.switch_on());
    // Its numbers begin again: another job has this one now.
    let other = book.print(&printer, &document, &JobOptions::default());
    assert_eq!(other.state, State::Submitted { job });
    let other = book.settle(other, &printer);
    let entry = book.settle(entry, &printer);
    assert_eq!(entry.state.code(), "unknown");
    assert_eq!(device.printed(), [(other.id, 1)].into());
    // Staff look into the tray, and ask for another one.
    let entry = book.step(&entry, &Event::SaidNotPrinted);
    let again = Intent::reprint(&entry, printer.uri.clone(), 1).unwrap();
    let again = book.settle(book.send(again, &printer, &document, &JobOptions::default()), &printer);
    assert_eq!((again.state, again.copy_number), (State::Done, 2));
    assert_eq!(device.printed(), [(other.id, 1), (again.id, 1)].into());
}
