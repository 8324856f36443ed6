//! The typed letters, and where in them a syllable can stand.

/// The most letters looked at; what is typed beyond waits until these are used up.
pub const MAX_LETTERS: usize = 40;

/// What it costs to take a letter that begins no syllable.
const UNKNOWN: u8 = 12;
/// What it costs to take only a syllable's first letters.
pub(crate) const PART: u8 = 4;
/// What it costs to take a syllable that hardly any character has.
const RARE: u8 = 3;
/// What it costs that a syllable begins with a vowel though nothing divides it from the one before.
const RUN_ON: u8 = 2;

/// Letters brought to `a`–`z`, with `v` for `ü`; anything else divides syllables.
pub(crate) struct Letters {
    letters: Vec<u8>,
    /// Whether a separator stands before this letter.
    divided: Vec<bool>,
    /// Place of each letter in the input, in characters; one more for the end.
    places: Vec<usize>,
}

impl Letters {
    pub(crate) fn new(text: &str) -> Self {
        let mut new = Self { letters: Vec::new(), divided: Vec::new(), places: Vec::new() };
        let mut divided = false;
        let mut end = 0;
        for (place, typed) in text.chars().enumerate().take(4 * MAX_LETTERS) {
            let letter = match typed {
                'ü' | 'Ü' => b'v',
                _ if typed.is_ascii_alphabetic() => typed.to_ascii_lowercase() as u8,
                _ => {
                    divided = true;
                    end = place + 1;
                    continue;
                }
            };
            if new.letters.len() == MAX_LETTERS {
                break;
            }
            // After these, ü is written u.
            let softened =
                letter == b'v' && !divided && matches!(new.letters.last(), Some(b'j' | b'q' | b'x' | b'y'));
            new.letters.push(if softened { b'u' } else { letter });
            new.divided.push(std::mem::take(&mut divided));
            new.places.push(place);
            end = place + 1;
        }
        new.places.push(end);
        new
    }

    pub(crate) fn len(&self) -> usize {
        self.letters.len()
    }

    /// How many characters of the input the first `count` letters and the separators after them take.
    pub(crate) fn typed(&self, count: usize) -> usize {
        self.places.get(count).copied().unwrap_or(0)
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.letters[from..to].iter().map(|&letter| char::from(letter)).collect()
    }

    /// How many letters of this syllable stand at `from`, in one piece.
    fn shared(&self, from: usize, syllable: &str) -> usize {
        let typed = self.letters[from..].iter().zip(&self.divided[from..]).enumerate();
        typed
            .zip(syllable.bytes())
            .take_while(|((at, (letter, divided)), wanted)| *letter == wanted && (*at == 0 || !**divided))
            .count()
    }

    /// Where a syllable that begins with a vowel stands after another one undivided, which spelling rules forbid.
    fn runs_on(&self, at: usize) -> bool {
        at > 0 && !self.divided[at] && matches!(self.letters[at], b'a' | b'e' | b'o')
    }
}

/// Where each syllable fits.
pub(crate) struct Fits {
    syllables: usize,
    /// Letters of the whole syllable at this place; 0 where it does not stand there.
    whole: Vec<u8>,
    /// Lengths, as bits, by which the beginning of the syllable stands there.
    part: Vec<u8>,
    /// What the letters from here to the end cost, and how many syllables they are.
    rest: Vec<(u8, u8)>,
    /// How many letters the best division takes from here.
    step: Vec<usize>,
}

impl Fits {
    /// `rare[s]` says that hardly any character has syllable `s`.
    pub(crate) fn new(letters: &Letters, syllables: &[&str], rare: &[bool]) -> Self {
        let count = letters.len();
        let mut whole = vec![0; count * syllables.len()];
        let mut part = vec![0; count * syllables.len()];
        let mut rest = vec![(0_u8, 0_u8); count + 1];
        let mut step = vec![1; count];
        for from in (0..count).rev() {
            let mut best = (rest[from + 1].0.saturating_add(UNKNOWN), rest[from + 1].1.saturating_add(1));
            let run_on = if letters.runs_on(from) { RUN_ON } else { 0 };
            // Few syllables are likelier than many. Later ones win a tie only by being longer.
            let mut consider = |cost: u8, length: usize| {
                let next = rest[from + length];
                let total = (next.0.saturating_add(cost + run_on), next.1.saturating_add(1));
                if total < best || (total == best && length > step[from]) {
                    best = total;
                    step[from] = length;
                }
            };
            for (s, syllable) in syllables.iter().enumerate() {
                let shared = letters.shared(from, syllable);
                if shared == 0 {
                    continue;
                }
                let at = from * syllables.len() + s;
                // A syllable without a vowel (嗯, 呣) would be whole in every abbreviation.
                let voiced = syllable.bytes().any(|letter| b"aeiouv".contains(&letter));
                if shared == syllable.len() && voiced {
                    whole[at] = shared as u8;
                    consider(if rare[s] { RARE } else { 0 }, shared);
                    continue;
                }
                part[at] |= 1 << 1;
                consider(PART, 1);
                if shared >= 2 && syllable.as_bytes()[1] == b'h' {
                    part[at] |= 1 << 2;
                    consider(PART, 2);
                }
                if from + shared == count && shared < 8 {
                    part[at] |= 1 << shared;
                    consider(PART, shared);
                }
            }
            rest[from] = best;
        }
        Self { syllables: syllables.len(), whole, part, rest, step }
    }

    pub(crate) fn whole(&self, at: usize, syllable: u16) -> usize {
        usize::from(self.whole[at * self.syllables + usize::from(syllable)])
    }

    pub(crate) fn part(&self, at: usize, syllable: u16) -> u8 {
        self.part[at * self.syllables + usize::from(syllable)]
    }

    /// What the letters from here to the end cost.
    pub(crate) fn rest(&self, at: usize) -> u8 {
        self.rest[at].0
    }

    /// Syllables that can stand at this place, wholly or in part.
    pub(crate) fn at(&self, at: usize, parts: bool) -> impl Iterator<Item = u16> {
        let row = at * self.syllables..(at + 1) * self.syllables;
        let fits = self.whole[row.clone()].iter().zip(&self.part[row]).zip(0_u16..);
        fits.filter_map(move |((&whole, &part), s)| (whole > 0 || (parts && part > 0)).then_some(s))
    }

    /// How many letters each syllable of the best division has.
    pub(crate) fn lengths(&self, letters: &Letters) -> Vec<usize> {
        self.divided(letters).iter().map(String::len).collect()
    }

    /// The letters divided in the best way.
    pub(crate) fn divided(&self, letters: &Letters) -> Vec<String> {
        let mut from = 0;
        let mut divided = Vec::new();
        while from < letters.len() {
            let to = from + self.step[from];
            divided.push(letters.text(from, to));
            from = to;
        }
        divided
    }
}
