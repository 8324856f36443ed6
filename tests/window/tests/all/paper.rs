//! What staff do with approved photos: print them on a real IPP printer, pack the sheets by their codes, print the
//! parcel's label, send it.

use std::fs;
use std::process::Command;
use std::time::Duration;

use caixiang_virtual_printer::VirtualPrinter;
use caixiang_window_tests::Kiosk;
use serde_json::json;

use crate::desk::fill;

const SOON: Duration = Duration::from_secs(20);
/// A print, and the round of questions that hears of its end.
const PRINTED: Duration = Duration::from_secs(40);

/// Chooses the printer at an address that staff type.
pub(crate) async fn choose_printer(kiosk: &Kiosk, device: &VirtualPrinter) {
    let uri = device.printer().uri.to_string();
    kiosk.tap("tab-overview").await;
    fill(kiosk, "printer-address", &uri).await;
    kiosk.tap("printer-try").await;
    kiosk.tap(&format!("use-photos-{uri}")).await;
    fill(kiosk, "paper-paper", "a4").await;
    fill(kiosk, "paper-set", "four_and_eight").await;
    fill(kiosk, "paper-caption", "under").await;
    // This printer has office paper and two envelopes; what is no such size it is not sent.
    fill(kiosk, "paper-label", "dl").await;
    kiosk.tap("paper-save").await;
    kiosk.wait_for("paper-saved").await;
}

/// The states of the ledger's rows, newest first.
async fn ledger(kiosk: &Kiosk) -> Vec<String> {
    const STATES: &str = r#"
        return [...document.querySelectorAll('[data-testid="ledger"] [data-testid^="print-"][data-state]')]
            .map((row) => row.dataset.state);
    "#;
    let states = kiosk.ask(STATES, Vec::new()).await;
    states.as_array().into_iter().flatten().filter_map(|state| state.as_str().map(str::to_owned)).collect()
}

async fn until_ledger(kiosk: &Kiosk, expected: &[&str]) {
    let is_so = async |kiosk: &Kiosk| ledger(kiosk).await == expected;
    kiosk.until(&format!("the ledger says {expected:?}"), PRINTED, is_so).await;
}

/// A sheet that came out of the printer.
pub(crate) struct Sheet {
    /// What stands on it.
    pub(crate) text: String,
    /// What it is scanned by.
    pub(crate) code: String,
}

/// Prints everything that waits, one sheet for each of so many students, through a printer that has run out of paper;
/// meanwhile something can be looked at. The sheets that came out.
pub(crate) async fn print(
    kiosk: &Kiosk,
    device: &VirtualPrinter,
    count: usize,
    mut meanwhile: impl AsyncFnMut(&Kiosk),
) -> Vec<Sheet> {
    kiosk.tap("tab-printing").await;
    kiosk.wait_for("print-preview-0").await;
    assert_eq!(kiosk.data("print-orders", "count").await, count.to_string());
    assert_eq!(kiosk.data("print-prints_each", "count").await, "12");
    device.play(Some("media-empty-error"));
    let enabled = async |kiosk: &Kiosk| kiosk.is_enabled("print-start").await;
    kiosk.until("it can be printed", SOON, enabled).await;
    kiosk.tap("print-start").await;
    until_ledger(kiosk, &["submitted"]).await;
    // The desk says what is wrong with the printer, and the print goes on by itself when it is mended.
    let name = device.printer().status().expect("it answers").make_and_model;
    kiosk.wait_for(&format!("chosen-{name}-printer.media_empty")).await;
    meanwhile(kiosk).await;
    device.play(None);
    until_ledger(kiosk, &["done"]).await;
    let printed = device.printed();
    assert_eq!(printed.values().collect::<Vec<_>>(), [&1], "once");
    let (entry, _) = printed.first_key_value().expect("one print");
    let path = device.folder.path().join("sheets.pdf");
    fs::write(&path, device.sheet(*entry)).unwrap();
    let text = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output().unwrap();
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    let pages = text.split('\u{c}').filter(|page| !page.trim().is_empty());
    let sheets: Vec<Sheet> = pages
        .map(|page| {
            let code = page.split_whitespace().find(|word| word.ends_with(".1") && word.contains('-'));
            Sheet { text: page.to_owned(), code: code.expect("a sheet's code").to_owned() }
        })
        .collect();
    assert_eq!(sheets.len(), count, "a sheet for each student");
    sheets
}

pub(crate) async fn scan(kiosk: &Kiosk, code: &str) {
    kiosk.wait_for("scan").await;
    kiosk.keys(&format!("{code}\u{e007}")).await;
}

/// Scans the sheets into the parcel of their class, closes it, prints its label, and sends it.
pub(crate) async fn pack(kiosk: &Kiosk, device: &VirtualPrinter, sheets: &[Sheet]) {
    kiosk.tap("tab-packing").await;
    scan(kiosk, "no such sheet").await;
    kiosk.until_state_of("scan-outcome", "outcome", "no_such_sheet", SOON).await;
    for Sheet { code, .. } in sheets {
        scan(kiosk, code).await;
        kiosk.until_state_of("scan-outcome", "outcome", "put", SOON).await;
        // The next one is not taken for this one.
        scan(kiosk, code).await;
        kiosk.until_state_of("scan-outcome", "outcome", "already_in", SOON).await;
    }
    kiosk.until_state_of("parcel", "missing", "0", SOON).await;
    kiosk.tap("parcel-close").await;
    kiosk.until_state_of("parcel", "state", "closed", SOON).await;

    kiosk.tap("papers-labels").await;
    kiosk.wait_for("papers-pages-0").await;
    assert_eq!(kiosk.data("papers-total", "count").await, "1");
    kiosk.tap("papers-print").await;
    let labelled = async |_: &Kiosk| device.printed().len() == 2;
    kiosk.until("the label is printed", PRINTED, labelled).await;

    kiosk.tap("parcel-send").await;
    fill(kiosk, "carrier", "sf").await;
    kiosk.wait_for("tracking").await;
    kiosk.tap("tracking").await;
    kiosk.keys("SF1234567890\u{e007}").await;
    kiosk.tap("send-yes").await;
    kiosk.until_state_of("parcel", "state", "sent", SOON).await;
    let note = kiosk.text("parcel-sent").await;
    assert!(note.contains("SF1234567890"), "{note}");
    // Every sheet once, and one label.
    assert!(device.printed().values().all(|times| *times == 1));
    assert_eq!(ledger_after(kiosk).await, ["done", "done"]);
}

async fn ledger_after(kiosk: &Kiosk) -> Vec<String> {
    kiosk.tap("tab-printing").await;
    until_ledger(kiosk, &["done", "done"]).await;
    ledger(kiosk).await
}

/// Whatever can be wrong with the kiosk is said, and what was not set right is said first.
pub(crate) async fn health(kiosk: &Kiosk) {
    kiosk.tap("tab-health").await;
    kiosk.wait_for("health").await;
    let bad = async |kiosk: &Kiosk| {
        let count = kiosk.ask(COUNT_BAD, vec![json!("bad")]).await;
        count.as_u64() == Some(0)
    };
    kiosk.until("no part of the kiosk is bad", SOON, bad).await;
}

const COUNT_BAD: &str = r#"
    const rows = document.querySelectorAll('[data-testid="health"] [data-state]');
    return rows.length < 8 ? null : [...rows].filter((row) => row.dataset.state === arguments[0]).length;
"#;
