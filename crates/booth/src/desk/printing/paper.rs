//! Printers and paper: the settings, and what they make of a sheet.

use caixiang_paper::{Arrangement, Caption, Marks, Paper, PaperError, PrintSize, Set};
use caixiang_spool::PrinterUri;
use caixiang_store::{Store, StoreError};

use super::super::Desk;
use super::super::talk::{Answer, ChosenPrinter, PaperForm, PaperSettings, SizeCount};
use crate::view::{Language, Notice, Role};

/// Where the settings are kept.
pub(in super::super) const KEY: &str = "printing";
/// The most copies of one order, and sheets of one day, that a manager may allow.
const MOST_COPIES: u32 = 99;
const MOST_A_DAY: u32 = 20_000;
const MAX_SENDER_CHARS: usize = 120;
const MAX_GAP_MM: f64 = 20.0;

const PAPERS: [(&str, Paper); 5] = [
    ("a4", Paper::A4),
    ("six_inch", Paper::SIX_INCH),
    ("five_inch", Paper::FIVE_INCH),
    ("roll_102", Paper::ROLL_102),
    ("roll_152", Paper::ROLL_152),
];
const SETS: [&str; 4] = ["five", "four_and_eight", "fill", "own"];
const LABEL_PAPERS: [(&str, Paper); 5] =
    [("label", Paper::LABEL), ("a5", Paper::A5), ("dl", Paper::DL), ("c5", Paper::C5), ("b6", Paper::B6)];

impl Default for PaperSettings {
    fn default() -> Self {
        Self {
            printer: None,
            office_printer: None,
            paper: "six_inch".to_owned(),
            set: "five".to_owned(),
            own: vec![SizeCount { width_mm: 33.0, height_mm: 48.0, count: 5 }],
            caption: "none".to_owned(),
            cut: true,
            several: false,
            gap_mm: 2.0,
            per_order_max: 5,
            per_day_max: 5000,
            label_paper: "label".to_owned(),
            sender: String::new(),
        }
    }
}

/// Codes of everything that can be chosen, for the words of the page.
pub fn paper_names() -> Vec<&'static str> {
    PAPERS.iter().chain(&LABEL_PAPERS).map(|(code, _)| *code).collect()
}

/// Codes of the sets of prints.
pub fn set_names() -> &'static [&'static str] {
    &SETS
}

/// What is kept, or how it begins.
pub(in super::super) fn kept(store: &Store) -> Result<PaperSettings, StoreError> {
    Ok(store.setting(KEY)?.unwrap_or_default())
}

pub(in super::super) fn settings(desk: &Desk) -> Result<PaperSettings, Notice> {
    desk.store(Role::Photographer, |store| kept(store))
}

pub(in super::super) fn form(desk: &Desk) -> Result<PaperForm, Notice> {
    Ok(PaperForm {
        settings: settings(desk)?,
        papers: PAPERS.iter().map(|(code, _)| (*code).to_owned()).collect(),
        label_papers: LABEL_PAPERS.iter().map(|(code, _)| (*code).to_owned()).collect(),
        sets: SETS.map(str::to_owned).to_vec(),
    })
}

pub(in super::super) fn save(desk: &Desk, settings: PaperSettings) -> Result<Answer, Notice> {
    let problems = problems(&settings);
    if !problems.is_empty() {
        return Ok(Answer::Problems { problems });
    }
    desk.store(Role::Manager, move |store| store.set_setting(KEY, &settings))?;
    desk.audit("settings.printing", "{}".to_owned());
    Ok(Answer::Done)
}

/// What cannot be, each with its field.
pub(in super::super) fn problems(settings: &PaperSettings) -> Vec<Notice> {
    let mut problems = Vec::new();
    let mut say = |field: &str, notice: Notice| problems.push(notice.with("field", field));
    for (field, chosen) in [("printer", &settings.printer), ("office_printer", &settings.office_printer)] {
        if let Some(ChosenPrinter { uri, .. }) = chosen
            && let Err(error) = uri.parse::<PrinterUri>()
        {
            say(field, Notice::new(error.code()));
        }
    }
    if label_paper(&settings.label_paper).is_err() {
        say("label_paper", Notice::new("paper.choice"));
    }
    if !(1..=MOST_COPIES).contains(&settings.per_order_max) {
        say("per_order_max", Notice::new("paper.quota").with("max", MOST_COPIES));
    }
    if !(1..=MOST_A_DAY).contains(&settings.per_day_max) {
        say("per_day_max", Notice::new("paper.quota").with("max", MOST_A_DAY));
    }
    if settings.sender.chars().count() > MAX_SENDER_CHARS {
        say("sender", Notice::new("paper.too_long").with("max", MAX_SENDER_CHARS));
    }
    if !(0.0..=MAX_GAP_MM).contains(&settings.gap_mm) {
        say("gap_mm", Notice::new("paper.gap").with("max", MAX_GAP_MM));
        return problems;
    }
    let laid_out = arrangement(settings).and_then(|all| all.layout().map_err(|error| told(&error)));
    if let Err(notice) = laid_out {
        let field = if notice.code == "paper.choice" { "paper" } else { "set" };
        problems.push(notice.with("field", field));
    }
    problems
}

/// How a sheet is laid out by these settings.
pub(super) fn arrangement(settings: &PaperSettings) -> Result<Arrangement, Notice> {
    let paper = PAPERS.iter().find(|(code, _)| *code == settings.paper);
    let (_, paper) = paper.ok_or_else(|| Notice::new("paper.choice"))?;
    let caption = match settings.caption.as_str() {
        "none" => Caption::None,
        "under" => Caption::Under,
        "back" => Caption::Back,
        _ => return Err(Notice::new("paper.choice")),
    };
    Ok(Arrangement {
        paper: *paper,
        set: set(settings)?,
        gap_mm: settings.gap_mm,
        marks: Marks { cut: settings.cut, caption },
        several: settings.several,
    })
}

fn set(settings: &PaperSettings) -> Result<Set, Notice> {
    Ok(match settings.set.as_str() {
        "five" => Set::five(),
        "four_and_eight" => Set::four_and_eight(),
        "fill" => Set::Fill(PrintSize::DIPLOMA),
        "own" => {
            let sizes = settings.own.iter().take(caixiang_paper::paper::MAX_SIZES + 1).map(|one| {
                let size = PrintSize::new(one.width_mm, one.height_mm).map_err(|error| told(&error))?;
                Ok((size, u16::try_from(one.count).unwrap_or(u16::MAX)))
            });
            Set::Counted(sizes.collect::<Result<_, Notice>>()?)
        }
        _ => return Err(Notice::new("paper.choice")),
    })
}

pub(super) fn label_paper(code: &str) -> Result<Paper, Notice> {
    let paper = LABEL_PAPERS.iter().find(|(one, _)| *one == code);
    paper.map(|(_, paper)| *paper).ok_or_else(|| Notice::new("paper.choice"))
}

pub(super) fn language(language: Language) -> caixiang_paper::Language {
    match language {
        Language::Zh => caixiang_paper::Language::Zh,
        Language::En => caixiang_paper::Language::En,
    }
}

pub(super) fn told(error: &PaperError) -> Notice {
    let notice = Notice::new(error.code());
    match error {
        PaperError::Size { width_mm, height_mm } => notice.with("width", width_mm).with("height", height_mm),
        PaperError::SetTooLarge { max_sizes, max_prints } => {
            notice.with("sizes", max_sizes).with("prints", max_prints)
        }
        PaperError::SetDoesNotFit { wanted, fits } => notice.with("wanted", wanted).with("fits", fits),
        PaperError::Photo { sheet_code } => notice.with("code", sheet_code),
        PaperError::TooLong { max, .. } | PaperError::Code { max } | PaperError::TooMany { max } => {
            notice.with("max", max)
        }
        PaperError::Source(source) => {
            tracing::error!(%error, %source, "a page could not be made");
            notice
        }
        _ => notice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut PaperSettings), expected: &[(&str, &str)]) {
        let mut settings = PaperSettings::default();
        change(&mut settings);
        let told: Vec<_> =
            problems(&settings).iter().map(|one| (one.params["field"].clone(), one.code.clone())).collect();
        let expected: Vec<_> =
            expected.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect();
        assert_eq!(told, expected, "{settings:?}");
    }

    #[test]
    fn what_cannot_be_printed_is_not_kept() {
        check(|_| {}, &[]);
        check(|it| it.paper = "roll_152".into(), &[]);
        check(|it| it.paper = "papyrus".into(), &[("paper", "paper.choice")]);
        check(|it| it.set = "fill".into(), &[]);
        check(
            |it| {
                (it.set, it.own) =
                    ("own".into(), vec![SizeCount { width_mm: 90.0, height_mm: 120.0, count: 9 }])
            },
            &[("set", "paper.set_does_not_fit")],
        );
        check(|it| (it.set, it.own) = ("own".into(), Vec::new()), &[("set", "paper.set_empty")]);
        check(|it| it.gap_mm = f64::NAN, &[("gap_mm", "paper.gap")]);
        check(|it| it.per_order_max = 0, &[("per_order_max", "paper.quota")]);
        check(
            |it| it.printer = Some(ChosenPrinter { uri: "ftp://x".into(), name: "x".into() }),
            &[("printer", "printer.bad_address")],
        );
        check(
            |it| (it.paper, it.caption) = ("roll_102".into(), "back".into()),
            &[("set", "paper.back_on_roll")],
        );
    }
}
