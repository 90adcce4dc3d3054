//! Embedded dictionaries: which words are given names, surnames, places, ordinary words, things and public offices.
//!
//! Takes one word; gives its [`Marks`], in either case and with or without accents (`Özturk` is `ozturk`). The lists are plain text in this
//! folder (README.md names their sources) and are read once, at first use, into a table of hashes. A look-up never allocates.

use std::sync::LazyLock;

/// What a word may be: bits of the constants below.
pub(crate) type Marks = u8;

pub(crate) const GIVEN: Marks = 1;
pub(crate) const SURNAME: Marks = 2;
pub(crate) const PLACE: Marks = 4;
/// Also, or only, a word of everyday language.
pub(crate) const ORDINARY: Marks = 8;
/// A name beside it is that of a street, building, firm, prize or law.
pub(crate) const THING: Marks = 16;
/// A name beside it is that of a person in public office.
pub(crate) const OFFICE: Marks = 32;

const LISTS: &[(Marks, &str)] = &[
    (GIVEN, include_str!("given.txt")),
    (SURNAME, include_str!("surname.txt")),
    (PLACE, include_str!("place.txt")),
    (ORDINARY, include_str!("ordinary.txt")),
    (THING, include_str!("written/thing.txt")),
    (OFFICE, include_str!("written/office.txt")),
];
const PUBLIC: &str = include_str!("written/public.txt");

/// What the word is known as; 0 for an unknown one.
#[inline]
pub(crate) fn look(word: &str) -> Marks {
    LEXICON.look(hash(word))
}

/// Reads the lists now, so that the first text does not wait for it.
pub(crate) fn prepare() {
    LazyLock::force(&LEXICON);
}

/// The words, with one space between them, are the name of a firm, a building or a person of history: never a finding.
pub(crate) fn is_public(name: &str) -> bool {
    LEXICON.public.binary_search(&hash(name)).is_ok()
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(LISTS, PUBLIC));

/// Hashes of the words in a table of open addresses. Two words share all 64 bits once in some 10^10 look-ups of unknown words.
struct Lexicon {
    /// One bit per word, by the lowest bits of its hash: most words of a text are not here, and need no look at the table.
    filter: Box<[u64]>,
    slots: Box<[(u32, Marks)]>,
    public: Vec<u64>,
}

const FILTER_BITS: u64 = 1 << 19;
const SLOTS: usize = 1 << 16;

impl Lexicon {
    fn new(lists: &[(Marks, &str)], public: &str) -> Self {
        let mut lexicon = Self {
            filter: vec![0; (FILTER_BITS / 64) as usize].into_boxed_slice(),
            slots: vec![(0, 0); SLOTS].into_boxed_slice(),
            public: lines(public).map(hash).collect(),
        };
        lexicon.public.sort_unstable();
        for &(mark, list) in lists {
            for word in lines(list).flat_map(str::split_whitespace) {
                lexicon.insert(hash(word), mark);
            }
        }
        lexicon
    }

    fn insert(&mut self, hash: u64, mark: Marks) {
        let bit = hash % FILTER_BITS;
        self.filter[(bit / 64) as usize] |= 1 << (bit % 64);
        let (mut at, print) = place(hash);
        // The lists fill two thirds of the table; were they to fill it, words that find no room would be unknown, and nothing worse.
        for _ in 0..SLOTS {
            let slot = &mut self.slots[at];
            if slot.1 == 0 || slot.0 == print {
                *slot = (print, slot.1 | mark);
                return;
            }
            at = (at + 1) % SLOTS;
        }
    }

    #[inline]
    fn look(&self, hash: u64) -> Marks {
        let bit = hash % FILTER_BITS;
        if self.filter[(bit / 64) as usize] >> (bit % 64) & 1 == 0 {
            return 0;
        }
        let (mut at, print) = place(hash);
        for _ in 0..SLOTS {
            let (found, marks) = self.slots[at];
            if marks == 0 || found == print {
                return marks;
            }
            at = (at + 1) % SLOTS;
        }
        0
    }
}

/// The slot of a hash, from its middle bits, and the print that tells it from others, its highest bits.
fn place(hash: u64) -> (usize, u32) {
    ((hash >> 15) as usize % SLOTS, (hash >> 32) as u32)
}

/// The lines that hold a word: without a byte order mark, comments, and the spaces and carriage returns at their ends.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A hash of the word in small letters without accents and apostrophes.
#[inline]
fn hash(word: &str) -> u64 {
    hash_plain(word.as_bytes()).unwrap_or_else(|| hash_folded(word))
}

/// The bit that tells a small letter from a capital, in each of eight bytes. Signs and digits that words are made of have it.
const SMALL: u64 = 0x2020_2020_2020_2020;

/// The hash of a word in ASCII without apostrophes, eight bytes at a time: nearly every word.
#[inline]
fn hash_plain(word: &[u8]) -> Option<u64> {
    let (mut hash, mut signs) = (SEED, 0);
    let (chunks, rest) = word.as_chunks::<8>();
    for chunk in chunks {
        let bytes = u64::from_le_bytes(*chunk);
        signs |= bytes | apostrophes(bytes);
        hash = mix(hash, bytes | SMALL);
    }
    if !rest.is_empty() {
        let bytes = match (word.last_chunk::<8>(), rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
            (Some(last), _, _) => u64::from_le_bytes(*last) >> (64 - 8 * rest.len()),
            (_, Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (rest.len() - 4))
            }
            _ => rest.iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte)),
        };
        signs |= bytes | apostrophes(bytes);
        hash = mix(hash, bytes | SMALL >> (64 - 8 * rest.len()));
    }
    (signs & 0x8080_8080_8080_8080 == 0).then(|| spread(hash))
}

/// The highest bit of each byte that is an apostrophe, and at times of one after it.
#[inline]
fn apostrophes(bytes: u64) -> u64 {
    let others = bytes ^ 0x2727_2727_2727_2727;
    others.wrapping_sub(0x0101_0101_0101_0101) & !others
}

/// The same hash for any word, letter by letter.
#[cold]
fn hash_folded(word: &str) -> u64 {
    let (mut hash, mut bytes, mut count) = (SEED, 0, 0);
    let mut add = |byte: u8| {
        bytes |= u64::from(byte | 0x20) << (8 * count);
        count += 1;
        if count == 8 {
            hash = mix(hash, bytes);
            (bytes, count) = (0, 0);
        }
    };
    for c in word.chars() {
        match c {
            '\'' | '\u{2019}' => {}
            '\0'..='\x7f' => add(c as u8),
            _ => folded(c).bytes().for_each(&mut add),
        }
    }
    spread(if count > 0 { mix(hash, bytes) } else { hash })
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

#[inline]
fn mix(hash: u64, bytes: u64) -> u64 {
    let product = (hash ^ bytes).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ product >> 32
}

/// The first letters reach every bit, the last ones the highest only: spread them.
#[inline]
fn spread(hash: u64) -> u64 {
    let hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^ hash >> 32
}

/// The letter without its accent; letters of other scripts all fold to one.
fn folded(c: char) -> &'static str {
    match c {
        'à'..='å' | 'À'..='Å' | 'Ā'..='ą' | 'ǎ' | 'ạ'..='ặ' => "a",
        'æ' | 'Æ' => "ae",
        'ç' | 'Ç' | 'Ć'..='č' => "c",
        'ð' | 'Ð' | 'Ď'..='đ' => "d",
        'è'..='ë' | 'È'..='Ë' | 'Ē'..='ě' | 'ẹ'..='ệ' => "e",
        'Ĝ'..='ģ' | 'ǧ' => "g",
        'Ĥ'..='ħ' | 'ḥ' => "h",
        'ì'..='ï' | 'Ì'..='Ï' | 'Ĩ'..='ı' | 'ỉ'..='ị' => "i",
        'Ĵ' | 'ĵ' => "j",
        'Ķ'..='ĸ' => "k",
        'Ĺ'..='ł' => "l",
        'ñ' | 'Ñ' | 'Ń'..='ŋ' => "n",
        'ò'..='ö' | 'ø' | 'Ò'..='Ö' | 'Ø' | 'Ō'..='ő' | 'ơ' | 'Ơ' | 'ọ'..='ợ' => "o",
        'Œ' | 'œ' => "oe",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' | 'ṣ' => "s",
        'ß' => "ss",
        'Ţ'..='ŧ' | 'Ț' | 'ț' | 'ṭ' => "t",
        'ù'..='ü' | 'Ù'..='Ü' | 'Ũ'..='ų' | 'ư' | 'Ư' | 'ụ'..='ự' => "u",
        'Ŵ' | 'ŵ' => "w",
        'ý' | 'ÿ' | 'Ý' | 'Ŷ'..='Ÿ' | 'ỳ'..='ỹ' => "y",
        'Ź'..='ž' | 'ẓ' => "z",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_in_any_case_and_without_its_accents() {
        for word in ["Fatima", "FATIMA", "fatima", "Ayşe", "Ayse", "Łukasz", "Lukasz", "Zoë", "Sjoerd", "Rinske", "Tesfay", "Oleksandr"]
        {
            assert!(look(word) & GIVEN != 0, "{word}");
        }
        for word in ["Öztürk", "Ozturk", "ÇELIK", "Çelik", "Hendriks", "Kowalczyk", "Idrissi", "O'Connor", "O\u{2019}Connor", "Nguyễn"]
        {
            assert!(look(word) & SURNAME != 0, "{word}");
        }
        assert!(look("Zeist") & PLACE != 0 && look("Mei") & ORDINARY != 0);
        assert!(look("kazerne") & THING != 0 && look("Burgemeester") & OFFICE != 0);
    }

    #[test]
    fn a_word_has_one_hash_however_it_is_written() {
        for length in 1..40 {
            let small: String = "abcdefghijklmnopqrstuvwxyz-0123456789 . ".chars().take(length).collect();
            let signs = small.chars().map(|c| if c == 'b' { "\u{2019}b'".into() } else { c.to_string() }).collect::<String>();
            let accents = small.replace('a', "Á");
            for other in [small.to_uppercase(), signs, accents] {
                assert_eq!(hash(&other), hash(&small), "{other}");
            }
            assert_eq!(hash_plain(small.as_bytes()), Some(hash_folded(&small)));
        }
        assert!(hash_plain("d'arcy".as_bytes()).is_none() && hash_plain("zoë".as_bytes()).is_none());
    }

    #[test]
    fn ordinary_words_and_nonsense_are_no_names() {
        for word in ["vergadering", "het", "gemeente", "xqzt", "", "123", "日本", "'"] {
            assert_eq!(look(word) & (GIVEN | SURNAME), 0, "{word}");
        }
        assert!(look("Bakker") & ORDINARY != 0 && look("Roos") & ORDINARY != 0 && look("Kowalczyk") & ORDINARY == 0);
    }

    #[test]
    fn a_list_with_a_byte_order_mark_carriage_returns_and_comments_is_read() {
        let lexicon = Lexicon::new(&[(GIVEN, "\u{feff}# names\r\nJan\r\n\r\n  Piet \r\n")], "\u{feff}Van Gogh\r\n");
        for (word, known) in [("jan", true), ("piet", true), ("names", false), ("", false), ("\r", false)] {
            assert_eq!(lexicon.look(hash(word)) == GIVEN, known, "{word:?}");
        }
        assert_eq!(lexicon.public, [hash("van gogh")]);
    }

    #[test]
    fn names_of_history_and_firms_are_public() {
        assert!(is_public("Albert Heijn") && is_public("VINCENT VAN GOGH") && !is_public("Jan de Vries"));
    }

    #[test]
    fn the_lists_are_sorted_and_leave_a_quarter_of_the_table_free() {
        for (_, list) in &LISTS[..4] {
            let words: Vec<&str> = lines(list).collect();
            assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(words.iter().all(|word| !word.contains(char::is_whitespace)));
        }
        assert!(LEXICON.slots.iter().filter(|slot| slot.1 != 0).count() < SLOTS * 3 / 4);
    }
}
