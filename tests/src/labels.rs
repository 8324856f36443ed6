//! What a person saw on each test photo (`tests/labels.tsv`), and how that reads against a check.

use anyhow::{Context, Result, ensure};
use caixiang_domain::Check;

/// One photo's labels: column name and word.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// The photo's file name in the cache.
    pub file: String,
    columns: Vec<(String, String)>,
}

impl Labelled {
    /// The word in a column; `unsure` where the column is missing.
    pub fn word(&self, column: &str) -> &str {
        self.columns.iter().find(|(name, _)| name == column).map_or("unsure", |(_, word)| word)
    }
}

/// Whether a photo is as a check wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It should pass.
    Good,
    /// It should fail.
    Bad,
    /// Between, or a person could not tell: counts for nothing.
    Open,
}

/// How a column's words read against a check (or several that answer one question together).
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The checks; the worst outcome counts.
    pub checks: &'static [Check],
    /// The column of the labels.
    pub column: &'static str,
    good: &'static [&'static str],
    bad: &'static [&'static str],
}

impl Question {
    /// The truth for a photo.
    pub fn truth(&self, labelled: &Labelled) -> Truth {
        let word = labelled.word(self.column);
        if self.good.contains(&word) {
            Truth::Good
        } else if self.bad.contains(&word) {
            Truth::Bad
        } else {
            Truth::Open
        }
    }
}

const fn ask(
    checks: &'static [Check],
    column: &'static str,
    good: &'static [&'static str],
    bad: &'static [&'static str],
) -> Question {
    Question { checks, column, good, bad }
}

/// Every question that the labels answer.
pub const QUESTIONS: &[Question] = &[
    ask(&[Check::FaceCount], "faces", &["1"], &["0", "2", "3", "4", "5", "29"]),
    ask(&[Check::Yaw], "yaw", &["ok"], &["bad"]),
    ask(&[Check::Pitch], "pitch", &["ok"], &["bad"]),
    ask(&[Check::Roll], "roll", &["ok"], &["bad"]),
    ask(&[Check::EyeOpenRight, Check::EyeOpenLeft], "eyes_open", &["ok"], &["bad"]),
    ask(&[Check::Gaze], "gaze", &["ok"], &["bad"]),
    ask(&[Check::EyesCovered], "eyes_clear", &["ok"], &["covered"]),
    ask(&[Check::MouthClosed], "mouth_closed", &["ok"], &["bad"]),
    ask(&[Check::Teeth], "teeth", &["none"], &["visible"]),
    ask(&[Check::Expression], "expression", &["neutral"], &["smile"]),
    ask(&[Check::BrowsCovered], "brows", &["ok"], &["covered"]),
    ask(&[Check::EarsVisible], "ears", &["both"], &["none", "one"]),
    ask(&[Check::FaceCovered], "hand_on_face", &["no"], &["yes"]),
    ask(&[Check::Glasses], "glasses", &["none"], &["clear", "tinted"]),
    ask(&[Check::GlassesTinted], "glasses", &["none", "clear"], &["tinted"]),
    ask(&[Check::GlassesGlare], "glare", &["none"], &["yes"]),
    ask(&[Check::HeadCover], "head_cover", &["none"], &["hat"]),
    ask(&[Check::LightBalance], "light_balance", &["ok"], &["uneven"]),
    ask(&[Check::Underexposed], "exposure", &["ok"], &["under"]),
    ask(&[Check::Overexposed], "exposure", &["ok"], &["over"]),
    ask(&[Check::HotSpots], "hot_spots", &["none"], &["yes"]),
    ask(&[Check::ColourCast], "colour_cast", &["none"], &["tinted"]),
    ask(&[Check::ColourPresent], "colour_cast", &["none", "tinted"], &["bw"]),
    ask(&[Check::Sharpness], "sharp", &["ok"], &["soft", "blurred"]),
    ask(&[Check::SourceBackground], "background", &["plain"], &["busy"]),
    ask(&[Check::ShouldersInFrame], "shoulders", &["both"], &["cut"]),
    ask(&[Check::ClothesPattern], "clothes_pattern", &["plain"], &["busy"]),
];

/// Reads the labels.
///
/// # Errors
/// Where a line has another number of columns than the head.
pub fn read() -> Result<Vec<Labelled>> {
    let text = include_str!("../labels.tsv");
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().context("the labels are empty")?.split('\t').collect();
    lines
        .map(|line| {
            let words: Vec<&str> = line.split('\t').collect();
            ensure!(words.len() == head.len(), "a line of the labels has {} columns: {line}", words.len());
            let columns = head.iter().zip(&words).map(|(h, w)| ((*h).to_owned(), (*w).to_owned())).collect();
            Ok(Labelled { file: words[0].to_owned(), columns })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_a_known_word_and_every_photo_is_there() {
        let labels = read().unwrap();
        assert!(labels.len() >= 70);
        for labelled in &labels {
            assert!(crate::photo(&labelled.file).is_file(), "{} is not in the cache", labelled.file);
        }
        for question in QUESTIONS {
            let count = |truth| labels.iter().filter(|l| question.truth(l) == truth).count();
            assert!(count(Truth::Good) > 0, "{}: no good example", question.column);
        }
    }
}
