//! What a printer says, and that what is printed is what was sent.

use std::fs;

use caixiang_spool::*;

use crate::book::Book;
use caixiang_virtual_printer::{VirtualPrinter, pdf};

#[test]
fn a_printer_says_what_it_can() {
    let device = VirtualPrinter::start();
    let status = device.printer().status().unwrap();
    assert_eq!(status.state, PrinterState::Idle);
    assert!(status.accepting && status.accepts_pdf, "{status:?}");
    assert_eq!(status.queued, 0);
    assert!(status.media_supported.iter().any(|media| media == "iso_a4_210x297mm"), "{status:?}");
    assert!(!status.media_ready.is_empty());
    assert_eq!(status.sides_supported, [Sides::One, Sides::LongEdge, Sides::ShortEdge]);
    assert!(!status.make_and_model.is_empty());
}

#[test]
fn what_is_printed_is_what_was_sent() {
    let device = VirtualPrinter::start();
    let printer = device.printer();
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    let bytes = pdf("one");
    fs::write(&document, &bytes).unwrap();
    let options = JobOptions {
        media: Some("iso_a4_210x297mm".into()),
        sides: Some(Sides::One),
        title: "照片 4".into(),
    };
    let entry = book.print(&printer, &document, &options);
    let State::Submitted { job } = entry.state else { panic!("{entry:?}") };
    let entry = book.settle(entry, &printer);
    assert_eq!(entry.state, State::Done);
    assert_eq!(device.sheet(entry.id), bytes);
    assert_eq!(device.printed(), [(entry.id, 1)].into());
    assert_eq!(book.entries(), std::slice::from_ref(&entry));
    let found = printer.find(entry.id).unwrap().unwrap();
    assert_eq!((found.job, found.state), (job, JobState::Completed));
    assert_eq!(printer.job(EntryId::new(), job), Err(PrinterError::NoSuchJob), "another entry's job");
    assert_eq!(printer.find(EntryId::new()), Ok(None));
    // Too late to take it back.
    assert_eq!(printer.cancel(entry.id, job), Ok(()));
    // Once more, by hand: the second copy.
    let again = Intent::reprint(&entry, printer.uri.clone(), 1).unwrap();
    let again = book.settle(book.send(again, &printer, &document, &options), &printer);
    assert_eq!((&again.state, again.copy_number, again.reprint_of), (&State::Done, 2, Some(entry.id)));
    assert_eq!(device.printed(), [(entry.id, 1), (again.id, 1)].into());
}

#[test]
fn what_the_printer_cannot_do_is_refused_before_anything_is_printed() {
    let device = VirtualPrinter::start();
    let printer = device.printer();
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    fs::write(&document, pdf("one")).unwrap();
    let options = JobOptions { media: Some("oe_photo-strip_2x6in".into()), ..JobOptions::default() };
    let entry = book.print(&printer, &document, &options);
    let reason = Failure::Refused { why: "printer.options_unsupported" };
    assert_eq!(entry.state, State::Failed { reason });
    assert_eq!(printer.find(entry.id), Ok(None));
    assert_eq!(device.printed(), [].into());
}

#[test]
fn a_job_can_be_taken_back() {
    let device = VirtualPrinter::start();
    let printer = device.printer();
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    fs::write(&document, pdf("one")).unwrap();
    device.play(Some("media-empty-error"));
    let entry = book.print(&printer, &document, &JobOptions::default());
    let State::Submitted { job } = entry.state else { panic!("{entry:?}") };
    assert_eq!(printer.cancel(EntryId::new(), job), Err(PrinterError::NoSuchJob), "another entry's job");
    printer.cancel(entry.id, job).unwrap();
    device.play(None);
    let entry = book.settle(entry, &printer);
    assert_eq!(entry.state, State::Failed { reason: Failure::Cancelled });
}

#[test]
fn a_driverless_printer_is_found_in_the_network() {
    let device = VirtualPrinter::announced();
    let found = driverless_printers(std::time::Duration::from_secs(4)).unwrap();
    let ours = found.iter().find(|it| it.printer.name == device.name);
    let ours = ours.unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(ours.source, Source::Driverless);
    assert!(ours.accepts_pdf, "{ours:?}");
    assert!(ours.printer.uri.to_string().ends_with(&format!(":{}/ipp/print", device.port)), "{ours:?}");
    assert_eq!(ours.printer.status().unwrap().make_and_model, ours.make_and_model);
}
