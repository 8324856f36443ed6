//! Printers: found, chosen, and how they are.

use std::time::Duration;

use caixiang_paper::Paper;
use caixiang_spool::{
    Bounds, Found, Printer, PrinterError, PrinterState, PrinterStatus, Source, cups_printers,
    driverless_printers,
};

use super::super::Desk;
use super::super::talk::{Answer, MarkerView, PrinterView};
use super::paper;
use crate::view::{Notice, Role};

/// So long the network is listened to for printers.
const LISTEN: Duration = Duration::from_secs(4);
/// A printer on the page is waited for so long and no longer.
pub(in super::super) const SOON: Bounds =
    Bounds { connect: Duration::from_secs(3), ask: Duration::from_secs(5), print: Duration::from_secs(120) };
/// Printers that are asked side by side.
const AT_ONCE: usize = 16;
/// Where this computer's CUPS is (RFC 8011 and its default configuration).
const CUPS: (&str, u16) = ("localhost", 631);
/// Paper is the right one if it is smaller or larger by no more: 6寸 is sold as 102 × 152 mm and as 4 × 6 inches, and a
/// label of 100 × 150 mm loses nothing on it.
const SMALLER_MM: f64 = 1.5;
const LARGER_MM: f64 = 3.0;

/// How the chosen printers are, the one for photos first.
pub(in super::super) fn chosen(desk: &Desk) -> Result<Answer, Notice> {
    let settings = super::settings(desk)?;
    let paper = paper::arrangement(&settings).ok().map(|all| all.paper);
    let label = paper::label_paper(&settings.label_paper).ok();
    let mut printers = Vec::new();
    for (chosen, paper) in [(&settings.printer, paper), (&settings.office_printer, label)] {
        let Some(chosen) = chosen else { continue };
        let Ok(uri) = chosen.uri.parse() else { continue };
        let printer = Printer { bounds: SOON, ..Printer::new(uri, chosen.name.clone()) };
        printers.push(view(&printer, "typed", printer.status(), paper.as_ref()));
    }
    Ok(Answer::Printers { printers })
}

/// This computer's queues, and printers that announce themselves.
pub(in super::super) fn find(desk: &Desk) -> Result<Answer, Notice> {
    desk.ask(Role::Manager, |_| Ok(()))?;
    let queues = match cups_printers(CUPS.0, CUPS.1, SOON) {
        Ok(found) => found,
        // No CUPS runs here, as on Windows.
        Err(error) => {
            tracing::info!(code = error.code(), "no queues of CUPS");
            Vec::new()
        }
    };
    let announced = driverless_printers(LISTEN);
    let announced = match announced {
        Ok(found) => found,
        Err(error) if queues.is_empty() => return Err(Notice::new(error.code())),
        Err(_) => Vec::new(),
    };
    let found: Vec<Found> = queues.into_iter().chain(announced).collect();
    let mut printers = Vec::with_capacity(found.len());
    for some in found.chunks(AT_ONCE) {
        // Side by side: one that is off takes seconds not to answer.
        std::thread::scope(|scope| {
            let asked: Vec<_> = some.iter().map(|one| scope.spawn(|| found_view(one))).collect();
            printers.extend(asked.into_iter().filter_map(|one| one.join().ok()));
        });
    }
    Ok(Answer::Printers { printers })
}

fn found_view(found: &Found) -> PrinterView {
    let source = match found.source {
        Source::Cups => "cups",
        Source::Driverless => "driverless",
    };
    let printer = Printer { bounds: SOON, ..found.printer.clone() };
    let mut view = view(&printer, source, printer.status(), None);
    if view.model.is_empty() {
        view.model.clone_from(&found.make_and_model);
    }
    view
}

/// The printer at an address that staff typed.
pub(in super::super) fn try_one(desk: &Desk, address: &str) -> Result<Answer, Notice> {
    desk.ask(Role::Manager, |_| Ok(()))?;
    let told = |error: PrinterError| Notice::new(error.code());
    let printer = Printer { bounds: SOON, ..Printer::new(address.parse().map_err(told)?, "") };
    let status = printer.status().map_err(told)?;
    let mut view = view(&printer, "typed", Ok(status), None);
    view.name = if view.model.is_empty() { view.uri.clone() } else { view.model.clone() };
    Ok(Answer::Printers { printers: vec![view] })
}

fn view(
    printer: &Printer,
    source: &str,
    status: Result<PrinterStatus, PrinterError>,
    paper: Option<&Paper>,
) -> PrinterView {
    let mut view = PrinterView {
        uri: printer.uri.to_string(),
        name: printer.name.clone(),
        model: String::new(),
        source: source.to_owned(),
        state: "unreachable".to_owned(),
        troubles: Vec::new(),
        queued: 0,
        accepts_pdf: false,
        has_paper: None,
        markers: Vec::new(),
    };
    match status {
        Ok(status) => {
            view.state = match status.state {
                PrinterState::Idle => "idle",
                PrinterState::Processing => "printing",
                PrinterState::Stopped => "stopped",
            }
            .to_owned();
            view.troubles = status.troubles().into_iter().map(str::to_owned).collect();
            view.has_paper = paper.filter(|paper| !paper.is_roll()).and_then(|paper| has(&status, paper));
            view.markers = status
                .markers
                .iter()
                .map(|one| MarkerView { name: one.name.clone(), percent: one.level_percent.map(u32::from) })
                .collect();
            (view.queued, view.accepts_pdf) = (status.queued, status.accepts_pdf);
            view.model = status.make_and_model;
        }
        Err(error) => view.troubles = vec![error.code().to_owned()],
    }
    view
}

/// Whether the paper is in the printer, where it says what is.
fn has(status: &PrinterStatus, paper: &Paper) -> Option<bool> {
    (!status.media_ready.is_empty()).then(|| named(&status.media_ready, paper).is_some())
}

/// The printer's name for a paper (PWG 5101.1: the name ends in its size); of those that are ready first.
pub(super) fn media(status: &PrinterStatus, paper: &Paper) -> Option<String> {
    if paper.is_roll() {
        return None;
    }
    named(&status.media_ready, paper).or_else(|| named(&status.media_supported, paper)).map(str::to_owned)
}

fn named<'a>(names: &'a [String], paper: &Paper) -> Option<&'a str> {
    let close = |has: f64, wanted: f64| (-SMALLER_MM..=LARGER_MM).contains(&(has - wanted));
    let same = |name: &&String| {
        let Some((width, height)) = size_of(name) else { return false };
        (close(width, paper.width_mm()) && close(height, paper.height_mm()))
            || (close(height, paper.width_mm()) && close(width, paper.height_mm()))
    };
    names.iter().find(same).map(String::as_str)
}

/// The size in a self-describing name, `iso_a4_210x297mm`, millimetres.
fn size_of(name: &str) -> Option<(f64, f64)> {
    let (_, size) = name.rsplit_once('_')?;
    let (size, unit) = match size.strip_suffix("mm") {
        Some(size) => (size, 1.0),
        None => (size.strip_suffix("in")?, 25.4),
    };
    let (width, height) = size.split_once('x')?;
    let side = |text: &str| text.parse::<f64>().ok().filter(|side| side.is_finite() && *side > 0.0);
    Some((side(width)? * unit, side(height)? * unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_known_by_their_size() {
        let names =
            ["iso_a4_210x297mm", "na_index-4x6_4x6in", "oe_photo-l_3.5x5in", "odd", "x_0x0mm", "y_axbmm"];
        let names = names.map(str::to_owned);
        for (paper, expected) in [
            (Paper::A4, Some("iso_a4_210x297mm")),
            (Paper::SIX_INCH, Some("na_index-4x6_4x6in")),
            (Paper::FIVE_INCH, Some("oe_photo-l_3.5x5in")),
            (Paper::LABEL, Some("na_index-4x6_4x6in")),
            (Paper::C5, None),
        ] {
            assert_eq!(named(&names, &paper), expected);
        }
        let status = PrinterStatus { media_supported: names.to_vec(), ..PrinterStatus::default() };
        assert_eq!(media(&status, &Paper::SIX_INCH).as_deref(), Some("na_index-4x6_4x6in"));
        assert_eq!(media(&status, &Paper::ROLL_102), None);
        assert_eq!(has(&status, &Paper::A4), None, "it does not say what is in it");
    }
}
