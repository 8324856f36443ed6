//! The page's words, so that a test can say which of them it expects to read.

use std::sync::LazyLock;

use serde_json::Value;

static WORDS: LazyLock<[Value; 2]> = LazyLock::new(|| {
    let files =
        [include_str!("../../../ui/src/words/zh.json"), include_str!("../../../ui/src/words/en.json")];
    files.map(|file| serde_json::from_str(file).expect("a word file"))
});

/// Whether a text has the words of a place in the word files (`/roster/empty`), whatever their parameters are.
///
/// # Panics
/// Where there is no such place.
pub(crate) fn has(text: &str, language: &str, place: &str) -> bool {
    let words = WORDS[usize::from(language != "zh")].pointer(place).and_then(Value::as_str);
    let words = plain(words.unwrap_or_else(|| panic!("{language} has no words at {place}")));
    let text = plain(text);
    let mut rest = text.as_str();
    let mut pieces = words.split('{').enumerate().map(|(at, piece)| match piece.split_once('}') {
        Some((_, behind)) if at > 0 => behind,
        _ => piece,
    });
    pieces.all(|piece| {
        let found = rest.find(piece.trim());
        rest = found.map_or("", |at| &rest[at + piece.trim().len()..]);
        found.is_some()
    })
}

/// Without the breaks between lines, which are the screen's and not the sentence's.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_around_their_parameters() {
        assert!(has("那里：正在写：3 / 5000", "zh", "/handover/writing"));
        assert!(has("Writing: 3\n of 5000", "en", "/handover/writing"));
        assert!(!has("Writing: 3", "zh", "/handover/writing"));
    }
}
