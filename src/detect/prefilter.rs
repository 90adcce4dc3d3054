//! One pass over the text that finds everything a detector may start from.
//!
//! Takes the normalised text; gives its digit runs, the known words in it with what they stand for, and the places of `@`, `://` and
//! initials. Detectors look at these places only, never at the whole text. Bytes are classed sixty-four at a time, and each word costs one hash;
//! it allocates only where it finds something.

use super::blocks::{self, Block, Reader};
use super::groups::Groups;
use super::keywords::{BEGINNING, Beginnings, Keywords, key};

/// A longest run of ASCII digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub start: usize,
    pub end: usize,
}

impl Run {
    pub fn len(self) -> usize {
        self.end - self.start
    }
}

/// A known word, and the groups (see [`super::groups`]) that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub start: usize,
    pub end: usize,
    pub groups: Groups,
}

/// What the pass found, each list in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub runs: Vec<Run>,
    pub hits: Vec<Hit>,
    /// Places of `@`.
    pub ats: Vec<usize>,
    /// Places of the colon in `://`.
    pub schemes: Vec<usize>,
    /// Places of a lone capital before a full stop.
    pub initials: Vec<usize>,
    /// Words of 2 to 63 bytes that begin with a capital of ASCII or with a letter outside it.
    pub capitals: Vec<Run>,
    /// What may be code: words of eight bytes or more that mix capitals, small letters or digits, of 14 in capitals, and of 24 of any kind.
    pub coded: Vec<Run>,
    /// Every group that has a hit.
    pub present: Groups,
    /// A word may begin one of the organisation's own.
    pub own: bool,
    /// For each group, the places of its hits in `hits`: those of group `n` are `by_group[ends[n - 1]..ends[n]]`.
    by_group: Vec<u32>,
    ends: Vec<u32>,
}

impl Trace {
    /// The hits of one group, as places in `hits`.
    pub fn of(&self, group: Groups) -> &[u32] {
        let number = group.trailing_zeros() as usize;
        let end = self.ends.get(number).map_or(0, |&end| end as usize);
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&end| end as usize);
        self.by_group.get(start..end).unwrap_or(&[])
    }

    /// Sorts the hits by their groups, so that a detector steps over its own only.
    fn sort(&mut self) {
        if self.hits.is_empty() {
            return;
        }
        let mut next = [0u32; Groups::BITS as usize];
        for hit in &self.hits {
            groups_of(hit).for_each(|group| next[group] += 1);
        }
        let mut total = 0;
        for count in &mut next {
            (*count, total) = (total, total + *count);
        }
        self.by_group = vec![0; total as usize];
        for (index, hit) in self.hits.iter().enumerate() {
            for group in groups_of(hit) {
                self.by_group[next[group] as usize] = index as u32;
                next[group] += 1;
            }
        }
        self.ends = next.to_vec();
    }
}

/// The numbers of a hit's groups.
fn groups_of(hit: &Hit) -> impl Iterator<Item = usize> {
    let mut left = hit.groups;
    std::iter::from_fn(move || {
        let number = (left != 0).then(|| left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(number)
    })
}

/// A letter, a digit, or part of a letter outside ASCII.
pub(crate) fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

static WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        // 0xc2, 0xe2 and 0xf0 begin the signs U+0080-00BF and U+2000-2FFF, and emoji.
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte >= 0x80 && byte != 0xc2 && byte != 0xe2 && byte != 0xf0;
        byte += 1;
    }
    table
};

/// Runs the pass; `own` are the beginnings of the organisation's own words, if it has any.
pub(crate) fn trace(text: &str, keywords: &Keywords, own: Option<&Beginnings>) -> Trace {
    let bytes = text.as_bytes();
    let mut trace = Trace { own: own.is_some_and(Beginnings::any), ..Trace::default() };
    let mut pass = Pass { text, keywords, own, reader: Reader::default() };
    let (mut before, mut block) = (Block::default(), pass.read(0));
    let mut base = 0;
    while base < bytes.len() {
        let after = pass.read(base + blocks::SIZE);
        pass.signs(base, &block, &mut trace);
        pass.digits(base, [&before, &block, &after], &mut trace);
        pass.words(base, [&before, &block, &after], &mut trace);
        (before, block) = (block, after);
        base += blocks::SIZE;
    }
    trace.sort();
    trace
}

struct Pass<'a> {
    text: &'a str,
    keywords: &'a Keywords,
    own: Option<&'a Beginnings>,
    reader: Reader,
}

/// The places of the bits that are set, lowest first.
#[inline]
fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (mask != 0).then(|| mask.trailing_zeros() as usize)?;
        mask &= mask - 1;
        Some(place)
    })
}

/// Sixty-four bits from `place` of the first block on, across into the second.
#[inline]
fn from(place: usize, first: u64, second: u64) -> u64 {
    first >> place | second.unbounded_shl(64 - place as u32)
}

impl Pass<'_> {
    fn read(&mut self, base: usize) -> Block {
        let Some(rest) = self.text.as_bytes().get(base..) else { return Block::default() };
        match rest.first_chunk::<{ blocks::SIZE }>() {
            Some(chunk) => self.reader.read(chunk),
            None => {
                let mut last = [0; blocks::SIZE];
                last[..rest.len()].copy_from_slice(rest);
                self.reader.read(&last)
            }
        }
    }

    #[inline]
    fn signs(&self, base: usize, block: &Block, trace: &mut Trace) {
        for place in bits(block.marks) {
            let at = base + place;
            match self.text.as_bytes()[at] {
                b'@' => trace.ats.push(at),
                _ if self.text.as_bytes()[at + 1..].starts_with(b"//") => trace.schemes.push(at),
                _ => {}
            }
        }
    }

    #[inline]
    fn digits(&self, base: usize, [before, block, after]: [&Block; 3], trace: &mut Trace) {
        for place in bits(block.digit & !(block.digit << 1 | before.digit >> 63)) {
            let length = (!from(place, block.digit, after.digit)).trailing_zeros() as usize;
            let start = base + place;
            trace.runs.push(Run { start, end: self.reach(start, length, |byte| byte.is_ascii_digit()) });
        }
    }

    /// Where a run of `length` bytes that began at `start` ends; one of 64 is read on.
    #[inline]
    fn reach(&self, start: usize, length: usize, belongs: impl Fn(u8) -> bool) -> usize {
        let end = start + length;
        if length < 64 { end } else { end + self.text.as_bytes()[end..].iter().take_while(|&&byte| belongs(byte)).count() }
    }

    /// The words that begin in the block. Those that may be known are noted first and looked up after: nearly all are not, and a step that
    /// does not depend on the answer is not held up by it.
    #[inline]
    fn words(&self, base: usize, [before, block, after]: [&Block; 3], trace: &mut Trace) {
        let bytes = self.text.as_bytes();
        let starts = block.word & !(block.word << 1 | before.word >> 63);
        let mut ends = !block.word & (block.word << 1 | before.word >> 63);
        if before.word >> 63 == 1 {
            // The first end is that of the word begun in the block before.
            ends &= ends.wrapping_sub(1);
        }
        // Capitals and digits beside other letters, in words that begin here: each word is then looked at for its pieces, and for code.
        let joints = joints(before, block) != 0 || block.word >> 63 == 1 && joints(block, after) != 0;
        // Capitals behind the first letter of a word: code in capitals alone is shorter than any word may be.
        let long = if block.upper & block.word << 1 != 0 { LONG_CAPITALS } else { LONG };
        let mut last = [0; blocks::SIZE + BEGINNING];
        let window = match bytes.get(base..).and_then(|rest| rest.first_chunk()) {
            Some(window) => window,
            None => {
                let rest = &bytes[base..];
                last[..rest.len()].copy_from_slice(rest);
                &last
            }
        };
        let (mut known, mut count) = ([(0, 0); blocks::SIZE / 2], 0);
        for place in bits(starts) {
            // A word of 64 bytes or more is known by its beginning only.
            let end = if ends != 0 { ends.trailing_zeros() } else { 64 + (!after.word).trailing_zeros() } as usize;
            ends &= ends.wrapping_sub(1);
            known[count % (blocks::SIZE / 2)] = (place as u8, end as u8);
            let beginning = window[place..place + BEGINNING].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
            count += usize::from(joints | (end - place >= long) | self.keywords.may_hold(beginning, end - place));
        }
        if let Some(own) = self.own
            && !trace.own
        {
            trace.own = bits(starts).any(|place| {
                own.hold(key(bytes, base + place, base + place + (!from(place, block.word, after.word)).trailing_zeros() as usize))
            });
        }
        for &(place, end) in known.iter().take(count) {
            let (start, end) = (base + usize::from(place), base + usize::from(end));
            self.keywords.look(self.text, start, end, trace);
            if joints && end - start > 3 {
                pieces(self.text, start, end, self.keywords, trace);
            }
            if end - start >= LONG || end - start >= CODED && (joints || long < LONG) && is_mixed(&bytes[start..end]) {
                let rest = if end - start < 64 { 0 } else { bytes[end..].iter().take_while(|&&byte| is_word(byte)).count() };
                trace.coded.push(Run { start, end: end + rest });
            }
        }
        // A word of ASCII that is in neither small letters nor digits, or one that may begin with a capital that has an accent.
        for place in bits(starts & !(block.lower | block.digit)) {
            let length = (!from(place, block.word, after.word)).trailing_zeros() as usize;
            if matches!(length, 2..=63) {
                trace.capitals.push(Run { start: base + place, end: base + place + length });
            }
        }
        let alone = starts & block.upper & !(block.word >> 1 | after.word << 63);
        for place in bits(alone) {
            if bytes.get(base + place + 1) == Some(&b'.') {
                trace.initials.push(base + place);
            }
        }
    }
}

/// Bytes from which a word that mixes its characters may be code, and from which any word may.
const CODED: usize = 8;
const LONG: usize = 24;
/// Bytes from which a word in capitals may be code.
const LONG_CAPITALS: usize = 14;

/// Where a capital follows on a small letter, a small letter on a capital that is not its word's first, or letters and digits meet.
fn joints(before: &Block, block: &Block) -> u64 {
    let after = |mask: u64, earlier: u64| mask << 1 | earlier >> 63;
    let (upper, lower, digit) = (after(block.upper, before.upper), after(block.lower, before.lower), after(block.digit, before.digit));
    let inside = block.word << 2 | before.word >> 62;
    block.upper & lower | block.lower & upper & inside | (block.upper | block.lower) & digit | block.digit & (upper | lower)
}

/// Small letters with capitals behind the first, letters with digits, or many capitals.
fn is_mixed(word: &[u8]) -> bool {
    let (mut upper, mut lower, mut digit) = (false, false, false);
    let mixed = word.iter().enumerate().any(|(index, byte)| {
        upper |= byte.is_ascii_uppercase() && index > 0;
        lower |= byte.is_ascii_lowercase();
        digit |= byte.is_ascii_digit();
        upper && lower || digit && (upper || lower)
    });
    mixed || word.len() >= LONG_CAPITALS && upper
}

/// The pieces of a `camelCase` word: `dbPassword` holds `password`, `bsnNummer` holds `bsn`.
fn pieces(text: &str, start: usize, end: usize, keywords: &Keywords, trace: &mut Trace) {
    let bytes = text.as_bytes();
    let mut first = start;
    for at in start + 1..=end {
        if at == end || bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase() {
            if first > start {
                keywords.look(text, first, end, trace);
            }
            if at < end {
                keywords.look(text, first, at, trace);
            }
            first = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::keywords::Words;

    const A: Groups = 1;
    const B: Groups = 2;

    fn run(text: &str) -> Trace {
        trace(text, &Keywords::new([Words(A, "bsn, burgerservice*, citizen service number"), Words(B, "wachtwoord*, bsn")]), None)
    }

    #[test]
    fn one_pass_finds_runs_words_and_signs() {
        let trace = run("A. Bos, BSN 123456782, a@b https://x");
        assert_eq!(trace.runs, [Run { start: 12, end: 21 }]);
        assert_eq!(trace.hits, [Hit { start: 8, end: 11, groups: A | B }]);
        assert_eq!((trace.ats.len(), trace.schemes.len(), trace.initials), (1, 1, vec![0]));
    }

    #[test]
    fn a_word_is_found_at_its_own_borders_only() {
        assert!(run("absn bsnx").hits.is_empty());
        for text in ["(bsn)", "“bsn”", "mijn_bsn", "bsnNummer", "clientBsn", "BSN", "burgerservicenummers", "Citizen Service Number."] {
            assert_eq!(run(text).hits.len(), 1, "{text}");
        }
    }

    #[test]
    fn words_that_may_be_code_are_noted() {
        let coded = |text: &str| run(text).coded.iter().map(|word| text[word.start..word.end].to_owned()).collect::<Vec<_>>();
        assert_eq!(coded("een QUJDREVGRw en 3859a2c7f0 en Amsterdam, MTExMjIyMzMz"), ["QUJDREVGRw", "3859a2c7f0", "MTExMjIyMzMz"]);
        let long = format!("x {} y", "aB3d".repeat(40));
        assert_eq!(coded(&long), ["aB3d".repeat(40)]);
        assert_eq!(coded("bsn GEYTCMRSGIZTGMY= dus"), ["GEYTCMRSGIZTGMY"]);
        assert!(coded("VERTROUWELIJK Gemeenteraad 123456789 A4").is_empty());
    }

    #[test]
    fn a_prefix_hit_reaches_to_the_end_of_its_word() {
        assert_eq!(run("het Wachtwoordbeleid.").hits[0].end, 20);
    }
}
