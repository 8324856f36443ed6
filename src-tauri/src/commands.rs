//! What the page can ask.

use caixiang_booth::Booth;
use caixiang_booth::action::Action;
use caixiang_booth::desk::{Answer, Request};
use caixiang_booth::view::{Notice, View};
use serde::Serialize;
use tauri::State;

/// What the pinyin keyboard shows.
#[derive(Debug, Serialize)]
pub(crate) struct Writing {
    syllables: Vec<String>,
    list: Vec<Word>,
}

/// One word that letters can become.
#[derive(Debug, Serialize)]
struct Word {
    text: String,
    letters: usize,
}

/// What the screen shows.
#[tauri::command]
pub(crate) fn view(booth: State<'_, Booth>) -> View {
    booth.view()
}

/// Somebody did something.
#[tauri::command]
pub(crate) fn act(booth: State<'_, Booth>, action: Action) {
    booth.act(action);
}

/// The staff's desk asks.
#[tauri::command(async)]
pub(crate) fn desk(booth: State<'_, Booth>, request: Request) -> Result<Answer, Notice> {
    booth.ask(request)
}

/// Chinese for typed letters.
#[tauri::command(async)]
pub(crate) fn pinyin(booth: State<'_, Booth>, letters: &str, in_name: Option<bool>) -> Writing {
    let found = booth.pinyin(letters, in_name.unwrap_or(false));
    let list = found.list.into_iter().map(|word| Word { text: word.text, letters: word.letters });
    Writing { syllables: found.syllables, list: list.collect() }
}
