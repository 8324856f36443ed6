//! Every character and word, by the syllable each begins with.

use std::collections::{BTreeMap, HashMap};

use pinyin::ToPinyinMulti;

use crate::letters::{Fits, Letters};
use crate::search::Search;
use crate::surnames::{DOUBLE_SURNAMES, GIVEN, SURNAMES};
use crate::table::{STEPS, unpack};
use crate::{Candidates, Error, Place};

/// How much of a word's count each of its characters gets: most characters of names stand alone seldom.
const SHARE: f32 = 0.3;
/// How much likelier a character common in students' names is than old texts say.
const MORE_TODAY: f32 = 3.0;
/// A syllable whose commonest character weighs less than this is rare.
const RARE_WEIGHT: f32 = 4.5;
/// The most readings of a character that are kept; none has as many.
const MAX_READINGS: usize = 15;

/// A character's or word's place in the dictionary.
pub(crate) type Entry = u32;

/// Characters, words and their readings, in memory.
pub struct Dictionary {
    /// Each syllable once.
    pub(crate) syllables: Vec<&'static str>,
    /// Whether hardly any character has it.
    rare: Vec<bool>,
    /// Every character that has a reading, in code order; the first entries are these, one character each.
    pub(crate) chars: Vec<char>,
    /// Readings of all characters, commonest first, one after the other, and where each character's begin.
    readings: Vec<u16>,
    reading_at: Vec<u32>,
    /// Characters of all words, one after the other, and where each word's begin.
    words: Vec<u16>,
    word_at: Vec<u32>,
    /// Natural logarithm of how often each entry occurs.
    weights: Vec<f32>,
    /// Entries by the syllables they can begin with, heaviest first.
    pub(crate) chars_by: Vec<Vec<Entry>>,
    pub(crate) words_by: Vec<Vec<Entry>>,
    /// Natural logarithm of how often each character occurs in given names.
    given: Vec<f32>,
    /// Entries that are surnames: the syllables they have then, and how much likelier they are at a name's beginning.
    surnames: HashMap<Entry, (Vec<u16>, f32)>,
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (chars, words) = (self.chars.len(), self.words_len());
        f.debug_struct("Dictionary").field("chars", &chars).field("words", &words).finish_non_exhaustive()
    }
}

impl Dictionary {
    /// The dictionary that comes with the crate.
    ///
    /// # Errors
    /// Never, unless the program was built from a damaged table.
    pub fn built_in() -> Result<Self, Error> {
        Self::open(include_bytes!("../data/words.bin"))
    }

    /// A dictionary with these words, as [`crate::table::pack`] packs them.
    ///
    /// # Errors
    /// Where they are not packed words.
    pub fn open(packed: &[u8]) -> Result<Self, Error> {
        let mut new = Self::with_readings();
        let mut counts = vec![0_f32; new.chars.len()];
        let mut word_weights = Vec::new();
        let mut word = Vec::new();
        let each = |chars: &[char], weight| {
            word.clear();
            word.extend(chars.iter().filter_map(|&c| new.find(c)));
            let weight = f32::from(weight) / STEPS;
            match word.as_slice() {
                // A character without a reading cannot be typed.
                typable if typable.len() != chars.len() => {}
                [alone] => counts[usize::from(*alone)] += weight.exp(),
                several => {
                    several.iter().for_each(|&c| counts[usize::from(c)] += weight.exp() * SHARE);
                    new.words.extend_from_slice(several);
                    new.word_at.push(new.words.len() as u32);
                    word_weights.push(weight);
                }
            }
        };
        let mut given = Vec::new();
        unpack(packed, each, |c, weight| given.push((c, f32::from(weight) / STEPS)))?;
        new.given = vec![0.0; new.chars.len()];
        for (c, weight) in given {
            if let Some(at) = new.find(c) {
                new.given[usize::from(at)] = weight;
            }
        }
        for c in GIVEN.chars() {
            if let Some(at) = new.find(c) {
                new.given[usize::from(at)] += MORE_TODAY;
            }
        }
        new.weights = counts.into_iter().map(f32::ln_1p).chain(word_weights).collect();
        new.name();
        new.index();
        Ok(new)
    }

    /// Every character with its readings and no words.
    fn with_readings() -> Self {
        let mut ids: BTreeMap<&'static str, u16> = BTreeMap::new();
        let (mut chars, mut readings, mut reading_at) = (Vec::new(), Vec::new(), vec![0]);
        for c in ['\u{3007}']
            .into_iter()
            .chain('\u{3400}'..='\u{9fff}')
            .chain('\u{f900}'..='\u{faff}')
            .chain('\u{20000}'..='\u{3ffff}')
        {
            let Some(several) = c.to_pinyin_multi() else { continue };
            let begin = readings.len();
            for spelling in several.into_iter().flat_map(|reading| spellings(reading.plain())) {
                let next = ids.len() as u16;
                let id = *ids.entry(spelling).or_insert(next);
                if !readings[begin..].contains(&id) && readings.len() - begin < MAX_READINGS {
                    readings.push(id);
                }
            }
            chars.push(c);
            reading_at.push(readings.len() as u32);
        }
        let mut syllables = vec![""; ids.len()];
        ids.iter().for_each(|(syllable, id)| syllables[usize::from(*id)] = syllable);
        Self {
            rare: vec![true; syllables.len()],
            chars_by: vec![Vec::new(); syllables.len()],
            words_by: vec![Vec::new(); syllables.len()],
            syllables,
            chars,
            readings,
            reading_at,
            words: Vec::new(),
            word_at: vec![0],
            weights: Vec::new(),
            given: Vec::new(),
            surnames: HashMap::new(),
        }
    }

    /// Knows surnames, and adds those of two characters that are no words yet.
    fn name(&mut self) {
        let single = SURNAMES.iter().map(|(surname, syllable)| (vec![*surname], vec![*syllable]));
        let double = DOUBLE_SURNAMES.iter().map(|(surname, pair)| (surname.chars().collect(), pair.to_vec()));
        for (rank, (surname, syllables)) in single.chain(double).enumerate() {
            let chars: Option<Vec<u16>> = surname.iter().map(|&c| self.find(c)).collect();
            let find = |syllable: &&str| self.syllables.iter().position(|one| one == syllable);
            let syllables: Option<Vec<u16>> =
                syllables.iter().map(|s| find(s).and_then(|at| at.try_into().ok())).collect();
            let (Some(chars), Some(syllables)) = (chars, syllables) else { continue };
            let entry = match chars.as_slice() {
                [alone] => Entry::from(*alone),
                pair => self.word(pair),
            };
            self.surnames.insert(entry, (syllables, 4.0 - 2.0 * rank as f32 / SURNAMES.len() as f32));
        }
    }

    /// The entry of this word, new if need be.
    fn word(&mut self, chars: &[u16]) -> Entry {
        let first = self.chars.len() as Entry;
        let known = (first..self.entries() as Entry)
            .find(|entry| matches!(self.text(*entry), Text::Word(word) if word == chars));
        known.unwrap_or_else(|| {
            self.words.extend_from_slice(chars);
            self.word_at.push(self.words.len() as u32);
            self.weights.push(RARE_WEIGHT);
            self.entries() as Entry - 1
        })
    }

    fn index(&mut self) {
        for entry in 0..(self.chars.len() + self.words_len()) as Entry {
            let single = (entry as usize) < self.chars.len();
            for (rank, syllable) in self.readings(self.text(entry).first()).to_vec().into_iter().enumerate() {
                let s = usize::from(syllable);
                if single {
                    self.chars_by[s].push(entry);
                    let usual = rank == 0 || OTHER_SPELLINGS.contains(&self.syllables[s]);
                    self.rare[s] &= !usual || self.weight(entry) < RARE_WEIGHT;
                } else {
                    self.words_by[s].push(entry);
                }
            }
        }
        for entries in self.chars_by.iter_mut().chain(&mut self.words_by) {
            entries
                .sort_by(|one, other| self.weights[*other as usize].total_cmp(&self.weights[*one as usize]));
            entries.shrink_to_fit();
        }
    }

    fn find(&self, c: char) -> Option<u16> {
        self.chars.binary_search(&c).ok().and_then(|at| u16::try_from(at).ok())
    }

    fn words_len(&self) -> usize {
        self.word_at.len() - 1
    }

    /// Readings of a character, commonest first.
    pub(crate) fn readings(&self, c: u16) -> &[u16] {
        let at = usize::from(c);
        &self.readings[self.reading_at[at] as usize..self.reading_at[at + 1] as usize]
    }

    /// The characters of an entry.
    pub(crate) fn text(&self, entry: Entry) -> Text<'_> {
        match (entry as usize).checked_sub(self.chars.len()) {
            None => Text::Char(entry as u16),
            Some(word) => {
                Text::Word(&self.words[self.word_at[word] as usize..self.word_at[word + 1] as usize])
            }
        }
    }

    /// Natural logarithm of how often an entry occurs.
    pub(crate) fn weight(&self, entry: Entry) -> f32 {
        self.weights[entry as usize]
    }

    /// The syllables and the bonus of an entry that is a surname.
    pub(crate) fn surname(&self, entry: Entry) -> Option<(&[u16], f32)> {
        self.surnames.get(&entry).map(|(syllables, bonus)| (syllables.as_slice(), *bonus))
    }

    /// How many entries there are.
    pub(crate) fn entries(&self) -> usize {
        self.weights.len()
    }

    /// Natural logarithm of how often a character occurs in given names; nothing for a word.
    pub(crate) fn given(&self, entry: Entry) -> f32 {
        self.given.get(entry as usize).copied().unwrap_or(0.0)
    }

    /// What these letters can become at the beginning of a name. `ü` may be typed as `v`, and an apostrophe
    /// divides syllables (`xi'an`), as does anything else that is no letter; what divides is used up with the letters.
    pub fn candidates(&self, letters: &str, limit: usize) -> Candidates {
        self.candidates_for(Place::Name, letters, limit)
    }

    /// What these letters can become where this is being written.
    pub fn candidates_for(&self, place: Place, letters: &str, limit: usize) -> Candidates {
        let letters = Letters::new(letters);
        let fits = Fits::new(&letters, &self.syllables, &self.rare);
        let syllables = fits.divided(&letters);
        let search = Search { dictionary: self, letters: &letters, fits: &fits, place };
        Candidates { syllables, list: search.best(limit) }
    }
}

/// An entry's characters.
#[derive(Clone, Copy)]
pub(crate) enum Text<'a> {
    Char(u16),
    Word(&'a [u16]),
}

impl Text<'_> {
    /// How many characters it has.
    pub(crate) fn len(self) -> usize {
        match self {
            Text::Char(_) => 1,
            Text::Word(word) => word.len(),
        }
    }

    fn first(self) -> u16 {
        match self {
            Text::Char(c) => c,
            Text::Word(word) => word[0],
        }
    }
}

/// Ways to type a syllable that stand beside its own, so that no character has them first.
const OTHER_SPELLINGS: [&str; 4] = ["lyu", "nyu", "lue", "nue"];

/// How a syllable is typed: `v` for `ü`; also the way passports and hurried people do.
fn spellings(plain: &'static str) -> impl Iterator<Item = &'static str> {
    let typed: &[&'static str] = match plain {
        "lü" => &["lv", "lyu"],
        "nü" => &["nv", "nyu"],
        "lüe" => &["lve", "lue"],
        "nüe" => &["nve", "nue"],
        "lüan" => &["lvan", "luan"],
        "lün" => &["lvn", "lun"],
        "ê" => &["ei"],
        _ => &[],
    };
    let own = typed.is_empty().then_some(plain);
    typed.iter().copied().chain(own)
}
