//! Letters of other scripts that look like Latin ones: which words of a text are Latin words in disguise, and what they say.
//!
//! Takes the text as written; gives the words to be read as Latin. A word is one when it mixes scripts, or holds digits, or when it consists
//! of such letters only and stands among Latin ones. Real Russian, Greek or Armenian words have letters that look like no Latin one, and the
//! lines they stand in are left as they are. The letters are those of Unicode's confusables (UTS 39) that occur in such disguises.

use std::ops::Range;

/// A letter that looks like a Latin one exactly, or only by and large (`к`, `η`), which counts in a word of mixed scripts only.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Like {
    Same(char),
    Nearly(char),
}

const SAME: &[(&str, &str)] = &[
    ("АВЕЅІЇЈКМНОРСТУХҮԀԌԚԜӀЁ", "ABESIÏJKMHOPCTYXYDGQWIË"),
    ("аеѕіїјорсухүһԁԍԛԝӏѵё", "aesiïjopcyxyhdgqwlvë"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϜ", "ABEZHIKMNOPTYXCF"),
    ("ονϲϳρ", "ovcjp"),
    ("ՕՏՍօսհոցյ", "OSUouhngj"),
    ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡɩ", "abcdefghijklmnoprstuvwyzagi"),
    ("ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ", "ABCDEGHJKLMPRSTVWZ"),
    ("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "ABCDEFGHIJKLMNOPRSTUVWXYZ"),
];

const NEARLY: &[(&str, &str)] = &[("ктмнвгпиьғ", "ktmhbrnubf"), ("αικυχτεηγωβσ", "aikuxtenywbo"), ("άέίόύή", "aeiouh"), ("զլաք", "qlwp")];

/// In a word with digits these stand for digits.
const DIGITS: &[(&str, &str)] = &[("ЗзЧбƐ", "33463")];

/// A first, cheap look: letters of the scripts in the tables.
pub(super) fn may_be_like(c: char) -> bool {
    matches!(u32::from(c), 0x190 | 0x250..=0x2af | 0x370..=0x3ff | 0x400..=0x58f | 0x13a0..=0x13f4 | 0x1d00..=0x1d7f | 0xa4d0..=0xa4f7 | 0xa730 | 0xa731)
}

fn of(c: char) -> Option<Like> {
    let find = |table: &[(&str, &str)]| {
        table.iter().find_map(|(from, to)| from.chars().zip(to.chars()).find(|(from, _)| *from == c).map(|(_, to)| to))
    };
    find(SAME).map(Like::Same).or_else(|| find(NEARLY).map(Like::Nearly))
}

fn digit(c: char) -> Option<char> {
    DIGITS.iter().find_map(|(from, to)| from.chars().zip(to.chars()).find(|(from, _)| *from == c).map(|(_, to)| to))
}

/// What the letter is read as in a word that [`Disguised`] names.
pub(super) fn latin(c: char, with_digits: bool) -> Option<char> {
    if with_digits && let Some(digit) = digit(c) {
        return Some(digit);
    }
    of(c).map(|(Like::Same(letter) | Like::Nearly(letter))| letter)
}

/// A word to be read as Latin.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Disguised {
    pub word: Range<usize>,
    /// It holds digits and no Latin letter.
    pub with_digits: bool,
}

/// What one word is made of.
#[derive(Debug, Default, Clone, Copy)]
struct Word {
    start: usize,
    latin: usize,
    digits: usize,
    /// Letters that look like Latin ones.
    same: usize,
    nearly: usize,
    /// Letters of other scripts that do not.
    other: usize,
    /// Those of them that look like digits.
    digit_like: usize,
}

impl Word {
    fn foreign(&self) -> usize {
        self.same + self.nearly + self.other
    }
}

/// The words of the text to be read as Latin, in order.
pub(super) fn disguised(text: &str) -> Vec<Disguised> {
    let mut found = Vec::new();
    // Words of like letters only: they wait for the end of their line, and the text's whole for its scripts.
    let mut waiting: Vec<Disguised> = Vec::new();
    let mut pure = Vec::new();
    let (mut latin, mut foreign, mut real) = (0usize, 0usize, false);
    let mut word: Option<Word> = None;
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        if c.is_alphanumeric() {
            let word = word.get_or_insert(Word { start: at, ..Word::default() });
            if may_be_like(c) {
                match of(c) {
                    Some(Like::Same(_)) => word.same += 1,
                    Some(Like::Nearly(_)) => word.nearly += 1,
                    None => word.other += 1,
                }
                word.digit_like += usize::from(of(c).is_none() && digit(c).is_some());
            } else if c.is_numeric() {
                word.digits += 1;
            } else {
                word.latin += 1;
            }
            continue;
        }
        if unicode_normalization::char::canonical_combining_class(c) != 0 {
            continue;
        }
        if let Some(word) = word.take() {
            latin += word.latin;
            if word.latin == 0 && word.digits == 0 {
                foreign += word.foreign();
            }
            let disguise = Disguised { word: word.start..at, with_digits: word.latin == 0 && word.digits > 0 };
            if word.foreign() > 0 && (word.latin > 0 || word.digits > 0 && word.other == word.digit_like) {
                found.push(disguise);
            } else if word.same > 0 && word.nearly + word.other == 0 {
                waiting.push(disguise);
            } else if word.foreign() > 0 {
                real = true;
            }
        }
        if c == '\n' {
            if !real {
                pure.append(&mut waiting);
            }
            waiting.clear();
            real = false;
        }
    }
    if latin > 3 * foreign {
        found.append(&mut pure);
        found.sort_by_key(|disguise| disguise.word.start);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::detect::normalise::Normalised;
    use crate::detect::testing::finds;

    fn read(text: &str) -> String {
        Normalised::new(text).text.into_owned()
    }

    #[test]
    fn the_tables_pair_every_letter() {
        for (from, to) in super::SAME.iter().chain(super::NEARLY).chain(super::DIGITS) {
            assert_eq!(from.chars().count(), to.chars().count(), "{from}");
            assert!(from.chars().all(super::may_be_like), "{from}");
        }
    }

    #[test]
    fn words_of_mixed_scripts_are_read_as_latin() {
        assert_eq!(read("Мiсhеllе Vеrhоеvеn"), "Michelle Verhoeven");
        assert_eq!(read("ΝL48ВUΝQ0599479280"), "NL48BUNQ0599479280");
        assert_eq!(read("tel О6-12З45678"), "tel O6-12345678");
        assert_eq!(read("de heer Вос woont in Zeist"), "de heer Boc woont in Zeist");
        assert_eq!(read("ᴊᴀɴ uit Zeist en omstreken"), "jan uit Zeist en omstreken");
    }

    #[test]
    fn texts_of_other_scripts_stay_as_they_are() {
        for text in [
            "Уважаемая госпожа Иванова, просим вас прийти в среду. Она не одна, а с сестрой.",
            "Αγαπητέ κύριε Παπαδόπουλε, το έγγραφο είναι έτοιμο.",
            "Шановна пані, ваша заява прийнята 12.05.2024 о 10:30.",
            "Het Russische woord «она» betekent zij, en сестра betekent zus.",
            "Հարգելի պարոն, ձեր դիմումը ընդունված է։",
        ] {
            assert_eq!(read(text), text);
        }
    }

    #[test]
    fn values_in_like_letters_are_found_where_they_stand() {
        finds("iban", "maak over naar rekening ΝL91АВΝА0417164300 a.u.b.", "ΝL91АВΝА0417164300");
        finds("email", "stuur maar aan еrsiliо.vаnvliеt@hеtnеt.nl graag", "еrsiliо.vаnvliеt@hеtnеt.nl");
        finds("person-name", "Geachte heer Jаnsеn,", "Jаnsеn");
        finds("phone", "bel О6-12345678 nu", "О6-12345678");
    }
}
