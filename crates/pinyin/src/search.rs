//! Which entries the letters can become, and which are likeliest.

use crate::dictionary::{Dictionary, Entry, Text};
use crate::letters::{Fits, Letters, MAX_LETTERS, PART};
use crate::{Candidate, Place};

/// What a letter that is used up is worth, and what each unit of cost takes away; in natural logarithms of counts.
const LETTER: f32 = 3.0;
const COST: f32 = 0.7;
/// What each character of a word after the first is worth: who types two syllables seldom means one.
const TOGETHER: f32 = 3.0;
/// How much its weight in given names counts for a character of one.
const GIVEN: f32 = 0.8;
/// The most words of a syllable that a composed text is made of.
const MOST_COMPOSED: usize = 400;
/// The most characters of a given name.
const MOST_GIVEN: usize = 2;
/// Cost of each step away from a character's commonest reading, and of all such steps at most.
const OTHER_READING: u8 = 3;
const OTHER_READING_MOST: u8 = 9;
/// Natural logarithm of all counts together: what each word of a composed text pays.
const ALL: f32 = 18.0;

/// One look at some letters.
pub(crate) struct Search<'a> {
    pub(crate) dictionary: &'a Dictionary,
    pub(crate) letters: &'a Letters,
    pub(crate) fits: &'a Fits,
    pub(crate) place: Place,
}

/// An entry that fits.
struct Found {
    entry: Entry,
    score: f32,
    end: usize,
}

/// Where an entry's reading can end, each with the least cost.
struct Ends {
    live: u64,
    cost: [u8; MAX_LETTERS + 1],
}

impl Ends {
    fn at(start: usize) -> Self {
        Self { live: 1 << start, cost: [0; MAX_LETTERS + 1] }
    }

    fn add(&mut self, end: usize, cost: u8) {
        if self.live & (1 << end) == 0 || self.cost[end] > cost {
            self.cost[end] = cost;
        }
        self.live |= 1 << end;
    }

    fn each(&self) -> impl Iterator<Item = (usize, u8)> {
        let mut live = self.live;
        std::iter::from_fn(move || {
            (live != 0).then(|| {
                let end = live.trailing_zeros() as usize;
                live &= live - 1;
                (end, self.cost[end])
            })
        })
    }
}

impl Search<'_> {
    /// The likeliest candidates, each text once.
    pub(crate) fn best(&self, limit: usize) -> Vec<Candidate> {
        if self.letters.len() == 0 || limit == 0 {
            return Vec::new();
        }
        let mut found = self.entries();
        let order =
            |one: &Found, other: &Found| other.score.total_cmp(&one.score).then(one.entry.cmp(&other.entry));
        if found.len() > limit {
            found.select_nth_unstable_by(limit, order);
            found.truncate(limit);
        }
        found.sort_unstable_by(order);
        let mut list = Vec::with_capacity(found.len() + 1);
        let whole = found.first().is_some_and(|first| {
            first.end == self.letters.len() && matches!(self.dictionary.text(first.entry), Text::Word(_))
        });
        list.extend(self.named());
        if !whole {
            list.extend(self.composed().filter(|composed| !list.contains(composed)));
        }
        let composed: Vec<String> = list.iter().map(|one: &Candidate| one.text.clone()).collect();
        for one in &found {
            let text = self.written(&[one.entry]);
            if !composed.contains(&text) {
                list.push(Candidate { text, letters: self.letters.typed(one.end) });
            }
        }
        list.truncate(limit);
        list
    }

    fn written(&self, entries: &[Entry]) -> String {
        let chars = &self.dictionary.chars;
        let mut text = String::new();
        for &entry in entries {
            match self.dictionary.text(entry) {
                Text::Char(c) => text.push(chars[usize::from(c)]),
                Text::Word(word) => text.extend(word.iter().map(|&c| chars[usize::from(c)])),
            }
        }
        text
    }

    /// Every entry that the letters can begin with.
    fn entries(&self) -> Vec<Found> {
        let mut seen = vec![0_u64; self.dictionary.entries().div_ceil(64)];
        let mut found = Vec::new();
        for syllable in self.fits.at(0, true) {
            let s = usize::from(syllable);
            for &entry in self.dictionary.chars_by[s].iter().chain(&self.dictionary.words_by[s]) {
                let (at, bit) = (entry as usize / 64, 1 << (entry % 64));
                if seen[at] & bit == 0 {
                    seen[at] |= bit;
                    found.extend(self.fitted(entry));
                }
            }
        }
        found
    }

    /// The best way an entry fits, if any.
    fn fitted(&self, entry: Entry) -> Option<Found> {
        let bonus = self.surname(entry);
        let more = self.dictionary.text(entry).len() - 1;
        let weight = self.likely(entry) + TOGETHER * more as f32;
        let ends = self.ends(entry, 0, true)?;
        let scored = ends.each().map(|(end, cost)| {
            let (cost, bonus) = match bonus {
                Some((surname_end, bonus)) if surname_end == end => (0, bonus),
                _ => (cost, 0.0),
            };
            let lost = f32::from(cost.saturating_add(self.fits.rest(end)));
            Found { entry, score: weight + bonus + LETTER * end as f32 - COST * lost, end }
        });
        scored.max_by(|one, other| one.score.total_cmp(&other.score))
    }

    /// Where the letters of a surname end, and its bonus, where the entry is one and this is a beginning.
    fn surname(&self, entry: Entry) -> Option<(usize, f32)> {
        let (syllables, bonus) = self.dictionary.surname(entry).filter(|_| self.place == Place::Name)?;
        let end = syllables.iter().try_fold(0, |from, syllable| {
            let length = if from < self.letters.len() { self.fits.whole(from, *syllable) } else { 0 };
            (length > 0).then_some(from + length)
        })?;
        Some((end, bonus))
    }

    /// How likely an entry is where this is written.
    fn likely(&self, entry: Entry) -> f32 {
        match (self.place, self.dictionary.text(entry)) {
            (Place::GivenName, Text::Char(_)) => self.likely_given(entry),
            _ => self.dictionary.weight(entry),
        }
    }

    fn likely_given(&self, entry: Entry) -> f32 {
        GIVEN * self.dictionary.given(entry) + (1.0 - GIVEN) * self.dictionary.weight(entry)
    }

    /// A name of the likeliest characters, one for each syllable, where the letters are whole syllables enough.
    fn named(&self) -> Option<Candidate> {
        let surnames = match self.place {
            Place::Name => 1,
            Place::GivenName => 0,
            Place::Text => return None,
        };
        let lengths = self.fits.lengths(self.letters);
        if !(surnames + 1..=surnames + MOST_GIVEN).contains(&lengths.len()) || lengths.len() < 2 {
            return None;
        }
        let mut entries = Vec::new();
        let mut from = 0;
        for length in lengths {
            let likely = |entry: Entry, rank_cost: u8| {
                if entries.len() < surnames {
                    let (_, bonus) = self.surname(entry).filter(|(end, _)| *end == length)?;
                    Some((entry, bonus))
                } else {
                    Some((entry, self.likely_given(entry) - COST * f32::from(rank_cost)))
                }
            };
            let syllables = self.fits.at(from, false).filter(|s| self.fits.whole(from, *s) == length);
            let chars =
                syllables.flat_map(|s| self.dictionary.chars_by[usize::from(s)].iter().map(move |c| (*c, s)));
            let scored = chars.filter_map(|(entry, s)| likely(entry, self.other_reading(entry, s)));
            let (entry, _) = scored.max_by(|one, other| one.1.total_cmp(&other.1))?;
            entries.push(entry);
            from += length;
        }
        Some(Candidate { text: self.written(&entries), letters: self.letters.typed(from) })
    }

    /// What it costs that a character is read like this.
    fn other_reading(&self, entry: Entry, syllable: u16) -> u8 {
        let Text::Char(c) = self.dictionary.text(entry) else { return 0 };
        let rank = self.dictionary.readings(c).iter().position(|reading| *reading == syllable).unwrap_or(0);
        reading_cost(rank)
    }

    fn ends(&self, entry: Entry, start: usize, parts: bool) -> Option<Ends> {
        let mut ends = Ends::at(start);
        let alone;
        let text = match self.dictionary.text(entry) {
            Text::Char(c) => {
                alone = [c];
                &alone[..]
            }
            Text::Word(word) => word,
        };
        for &c in text {
            let mut next = Ends { live: 0, cost: ends.cost };
            for (from, cost) in ends.each().filter(|(from, _)| *from < self.letters.len()) {
                for (rank, &reading) in self.dictionary.readings(c).iter().enumerate() {
                    let other = reading_cost(rank);
                    let whole = self.fits.whole(from, reading);
                    if whole > 0 {
                        next.add(from + whole, cost.saturating_add(other));
                    }
                    let mut part = if parts { self.fits.part(from, reading) } else { 0 };
                    while part != 0 {
                        let length = part.trailing_zeros() as usize;
                        part &= part - 1;
                        next.add(from + length, cost.saturating_add(other + PART));
                    }
                }
            }
            if next.live == 0 {
                return None;
            }
            ends = next;
        }
        Some(ends)
    }

    /// The likeliest text of several entries that uses up all letters, each syllable whole.
    fn composed(&self) -> Option<Candidate> {
        let count = self.letters.len();
        let mut best: Vec<Option<(f32, usize, Entry)>> = vec![None; count + 1];
        for start in 0..count {
            let before = match best[start] {
                Some((score, ..)) => score,
                None if start == 0 => 0.0,
                None => continue,
            };
            for syllable in self.fits.at(start, false) {
                let s = usize::from(syllable);
                // Only the commonest character: which other one is meant, the list after this text offers. At the
                // beginning a surname may be likelier.
                let chars = if start == 0 {
                    &self.dictionary.chars_by[s][..]
                } else {
                    &self.dictionary.chars_by[s][..1]
                };
                for &entry in chars.iter().chain(self.dictionary.words_by[s].iter().take(MOST_COMPOSED)) {
                    let surname = self.surname(entry).filter(|_| start == 0);
                    for (end, cost) in self.ends(entry, start, false).iter().flat_map(Ends::each) {
                        let (cost, bonus) = match surname {
                            Some((surname_end, bonus)) if surname_end == end => (0, bonus),
                            _ => (cost, 0.0),
                        };
                        let score =
                            before + self.dictionary.weight(entry) + bonus - ALL - COST * f32::from(cost);
                        if best[end].is_none_or(|(best, ..)| score > best) {
                            best[end] = Some((score, start, entry));
                        }
                    }
                }
            }
        }
        let mut entries = Vec::new();
        let mut end = count;
        while end > 0 {
            let (_, start, entry) = best[end]?;
            entries.push(entry);
            end = start;
        }
        entries.reverse();
        (entries.len() > 1)
            .then(|| Candidate { text: self.written(&entries), letters: self.letters.typed(count) })
    }
}

fn reading_cost(rank: usize) -> u8 {
    (OTHER_READING * rank.min(9) as u8).min(OTHER_READING_MOST)
}
