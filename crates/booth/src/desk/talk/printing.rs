//! Photo sheets, printers, and the ledger of what was printed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::{Language, Notice};

/// Whose sheets are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SheetsWanted {
    /// A class, with its college; none for all.
    pub class: Option<ClassKey>,
    /// Those too that were printed before: the next copy of each.
    pub again: bool,
    /// Only these orders; all where empty.
    pub orders: Vec<String>,
    /// The language of the words on the back.
    pub language: Language,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClassKey {
    /// Its college; empty where the roster has none.
    pub college: String,
    /// Its name; empty where the roster has none.
    pub class_name: String,
}

/// What would be printed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SheetsView {
    /// Orders.
    pub orders: u32,
    /// Of these, such as were printed before: each gets its next copy.
    pub reprints: u32,
    /// Pieces of paper.
    pub sheets: u32,
    /// Prints for each student.
    pub prints_each: u32,
    /// What waits to be printed, class by class, in the order of printing.
    pub waiting: Vec<ClassCount>,
    /// Orders that were printed before, in all.
    pub printed: u32,
    /// Every order of the session that may be printed.
    pub approved: u32,
    /// Front and back of the first sheet, as SVG; pictures are named as in the lists.
    pub pages: Vec<String>,
    /// Dots an inch of the coarsest print of the first sheet.
    pub lowest_dpi: u32,
    /// Names on the first sheet with characters that the font lacks.
    pub lacking: Vec<String>,
    /// Why nothing can be laid out.
    pub problem: Option<Notice>,
    /// The printer; none where none was chosen.
    pub printer: Option<ChosenPrinter>,
}

/// A class and how many of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClassCount {
    /// Its college.
    pub college: String,
    /// Its name.
    pub class_name: String,
    /// How many.
    pub count: u32,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PrintRow {
    /// Its id.
    pub id: String,
    /// What it is.
    pub title: String,
    /// The printer's name; empty for a file.
    pub printer: String,
    /// Pages.
    pub pages: u32,
    /// 1, and one more for each reprint.
    pub copy: u32,
    /// It was reprinted: the row that did has the next copy.
    pub reprinted: bool,
    /// `intended`, `submitted`, `done`, `failed` or `unknown`.
    pub state: String,
    /// Why it failed: a code of `print_failure`, and behind it the printer's trouble where there is one.
    pub failure: Option<PrintFailure>,
    /// Photo sheets on it; none for labels and lists.
    pub sheets: u32,
    /// When it was asked for, local time.
    pub made: String,
    /// When its state last changed, local time.
    pub changed: String,
}

/// Why a print failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PrintFailure {
    /// `not_sent`, `refused`, `cut_off`, `cancelled`, `aborted` or `said_not_printed`.
    pub code: String,
    /// The printer's trouble; empty where there is none.
    pub trouble: String,
}

/// Part of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PrintsPage {
    /// The rows, newest first.
    pub rows: Vec<PrintRow>,
    /// Where they begin.
    pub offset: u32,
    /// How many there are.
    pub total: u32,
    /// How many of all need somebody to look at them.
    pub unknown: u32,
}

/// A printer that was found or chosen, and how it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PrinterView {
    /// Its address.
    pub uri: String,
    /// Its name.
    pub name: String,
    /// Maker and model, where it says them.
    pub model: String,
    /// `cups`, `driverless` or `typed`.
    pub source: String,
    /// `idle`, `printing`, `stopped` or `unreachable`.
    pub state: String,
    /// What is wrong, the worst first: codes.
    pub troubles: Vec<String>,
    /// Jobs that wait there.
    pub queued: u32,
    /// It takes PDF.
    pub accepts_pdf: bool,
    /// It says that it has the chosen paper; none where it does not say.
    pub has_paper: Option<bool>,
    /// Ink, toner, ribbon.
    pub markers: Vec<MarkerView>,
}

/// Ink, toner or a ribbon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MarkerView {
    /// Its name.
    pub name: String,
    /// What is left, percent; none where the printer cannot tell.
    pub percent: Option<u32>,
}

/// A printer that was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChosenPrinter {
    /// Its address.
    pub uri: String,
    /// Its name.
    pub name: String,
}

/// Printers and paper of this kiosk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PaperSettings {
    /// For photo sheets.
    pub printer: Option<ChosenPrinter>,
    /// For labels, envelopes and lists; none for the same one.
    pub office_printer: Option<ChosenPrinter>,
    /// Code of the paper: `a4`, `six_inch`, `five_inch`, `roll_102`, `roll_152`.
    pub paper: String,
    /// Code of the set: `five`, `four_and_eight`, `fill` or `own`.
    pub set: String,
    /// The set `own`: at most three sizes.
    pub own: Vec<SizeCount>,
    /// `none`, `under` or `back`.
    pub caption: String,
    /// Cut marks.
    pub cut: bool,
    /// Several students on one sheet.
    pub several: bool,
    /// White between two prints, millimetres.
    pub gap_mm: f64,
    /// Copies of one order's sheet, at most.
    pub per_order_max: u32,
    /// Sheets a day, at most.
    pub per_day_max: u32,
    /// Code of the paper of parcels' labels and of envelopes: `label`, `a5`, `dl`, `c5`, `b6`.
    pub label_paper: String,
    /// Who sends parcels, as it stands on them.
    pub sender: String,
}

/// Prints of one size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SizeCount {
    /// Millimetres.
    pub width_mm: f64,
    /// Millimetres.
    pub height_mm: f64,
    /// How many.
    pub count: u32,
}

/// Printers and paper, and what can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaperForm {
    /// As they are.
    pub settings: PaperSettings,
    /// Codes of papers.
    pub papers: Vec<String>,
    /// Codes of papers for labels and envelopes.
    pub label_papers: Vec<String>,
    /// Codes of sets.
    pub sets: Vec<String>,
}
