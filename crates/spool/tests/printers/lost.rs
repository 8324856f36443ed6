//! Lost replies, cut requests, paper-outs and kills, one after the other, and the ledger held to the paper: nothing
//! printed twice by itself, no print that nobody knows of.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use caixiang_spool::*;

use crate::book::Book;
use crate::cutter::{Cut, Cutter};
use caixiang_virtual_printer::{VirtualPrinter, pdf, wait_until};

/// A fixed sequence of chances, so that a failure can be seen again.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 11) % u64::from(end)).unwrap()
    }
}

/// How often, from the environment.
pub(crate) fn times(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// Holds a ledger to what came out on paper.
pub(crate) fn hold(entries: &[Entry], printed: &BTreeMap<EntryId, u32>) {
    for (id, count) in printed {
        assert_eq!(*count, 1, "{id} was printed {count} times");
        assert!(entries.iter().any(|entry| entry.id == *id), "{id} was printed and is in no ledger");
    }
    for entry in entries {
        let on_paper = printed.contains_key(&entry.id);
        match &entry.state {
            State::Done => assert!(on_paper, "{entry:?} is not on paper"),
            State::Failed { reason: Failure::NotSent { .. } | Failure::Refused { .. } } => {
                assert!(!on_paper, "{entry:?} is on paper");
            }
            State::Failed { .. } | State::Unknown { .. } => {}
            State::Intended | State::Submitted { .. } => panic!("{entry:?} was left behind"),
        }
    }
}

fn rounds(count: u32) {
    let mut device = VirtualPrinter::start();
    let cutter = Cutter::before(device.port);
    let mut printer = device.printer_at(cutter.port);
    printer.bounds.print = Duration::from_millis(700);
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    let (mut lost, mut cleared, mut kills, mut paper_outs, mut short) = (0, 0, 0, 0, 0);
    for round in 0..count {
        let bytes = pdf(&format!("round {round}"));
        fs::write(&document, &bytes).unwrap();
        let cut = match round % 6 {
            0 | 1 => Cut::Reply(chance.below(600)),
            2 => Cut::Reply(0),
            3 => Cut::Request(chance.below(1000)),
            4 => Cut::Silence,
            _ => Cut::None,
        };
        let fault = match chance.below(3) {
            0 => "media-empty-error",
            1 => "media-jam-error",
            _ => "",
        };
        let kill = chance.below(4) == 0;
        if !fault.is_empty() {
            device.play(Some(fault));
            paper_outs += 1;
        }
        cutter.next(cut);
        let mut entry = book.print(&printer, &document, &JobOptions::default());
        assert!(cutter.made(), "{cut:?} was not made");
        assert_eq!(matches!(entry.state, State::Unknown { .. }), cut != Cut::None, "{cut:?} {entry:?}");
        lost += u32::from(cut != Cut::None);
        if kill {
            // Somewhere in the middle of the job, or before, or after.
            std::thread::sleep(Duration::from_millis(chance.below(40).into()));
            device.kill();
            kills += 1;
        }
        if !fault.is_empty() {
            std::thread::sleep(Duration::from_millis(chance.below(60).into()));
            device.play(None);
        }
        if kill {
            wait_until("the printer is back", || device.switch_on());
        }
        let was_unknown = matches!(entry.state, State::Unknown { .. });
        let knows = printer.find(entry.id).unwrap().is_some();
        entry = book.settle(entry, &printer);
        if was_unknown && entry.state.settled() {
            cleared += 1;
        }
        assert!(!knows || entry.state.settled(), "the printer knows it: {entry:?}");
        // All of it left the kiosk, not all of it arrived, and this printer printed what did: it cannot be told from
        // here. Whatever else is on paper is whole.
        if device.printed().contains_key(&entry.id) && device.sheet(entry.id) != bytes {
            assert!(matches!(cut, Cut::Request(_)), "{cut:?} {entry:?}");
            short += 1;
        }
        // A reprint that nobody asked for would show in the next rounds too.
        assert!(round % 20 != 0 || device.printed().values().all(|count| *count == 1));
    }
    let entries = book.entries();
    assert_eq!(entries.len(), usize::try_from(count).unwrap(), "a job is lost");
    hold(&entries, &device.printed());
    let mut states = BTreeMap::new();
    for entry in &entries {
        *states.entry(entry.state.code()).or_insert(0) += 1;
    }
    println!(
        "{count} prints, {lost} answers lost, {paper_outs} times no paper or a jam, {kills} kills: on paper {}, none \
         twice, {short} of them cut short by the cable; {cleared} cleared up by asking; in the end {states:?}",
        device.printed().len()
    );
}

#[test]
fn no_lost_answer_prints_twice_or_loses_a_job() {
    rounds(times("CAIXIANG_LOST_REPLIES", 12));
}

#[test]
fn what_was_cut_off_while_it_was_sent_is_not_called_done() {
    let device = VirtualPrinter::start();
    let cutter = Cutter::before(device.port);
    let printer = device.printer_at(cutter.port);
    let book = Book::open(&device.folder.path().join("book"));
    let document = device.folder.path().join("photo.pdf");
    let mut bytes = pdf("large");
    // More than the buffers of the network take.
    bytes.resize(32 << 20, b' ');
    fs::write(&document, &bytes).unwrap();
    cutter.next(Cut::Sending(1 << 20));
    let entry = book.print(&printer, &document, &JobOptions::default());
    assert_eq!(entry.state, State::Failed { reason: Failure::CutOff });
    assert!(entry.state.counts() && cutter.made());
    // This printer takes the beginning for the whole and prints it.
    wait_until("half a sheet", || device.printed().contains_key(&entry.id));
    assert!(device.sheet(entry.id).len() < 1 << 20);
}

#[test]
#[ignore = "takes minutes"]
fn no_lost_answer_prints_twice_or_loses_a_job_in_200() {
    rounds(200);
}
