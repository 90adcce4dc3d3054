//! Which bytes are letters, digits and signs, sixty-four at a time.
//!
//! Takes blocks of 64 bytes in the order of the text; gives one bit per byte for each class, so that the prefilter steps from word to word
//! instead of from byte to byte. It must be told of every block, for a sign of three bytes may reach into the next.

use wide::u8x16;

/// One bit per byte of a block, the lowest for the first byte.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Block {
    /// Letters, digits, and the bytes of letters outside ASCII.
    pub word: u64,
    pub digit: u64,
    pub upper: u64,
    pub lower: u64,
    /// `@` and `:`.
    pub marks: u64,
}

pub(crate) const SIZE: usize = 64;

/// Reads blocks; remembers the sign that the last one ended in.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// Bytes at the beginning of the next block that belong to a sign begun in this one.
    carried: u64,
}

/// All bits of a byte where `lo <= byte <= lo + span`.
#[inline]
fn within(bytes: u8x16, lo: u8, span: u8) -> u8x16 {
    let offset = bytes - u8x16::splat(lo);
    offset.min(u8x16::splat(span)).simd_eq(offset)
}

#[inline]
fn equal(bytes: u8x16, byte: u8) -> u8x16 {
    bytes.simd_eq(u8x16::splat(byte))
}

impl Reader {
    #[inline]
    pub fn read(&mut self, bytes: &[u8; SIZE]) -> Block {
        let chunks = bytes.as_chunks::<16>().0;
        let mask = |class: &dyn Fn(u8x16) -> u8x16| {
            chunks.iter().rev().fold(0u64, |mask, chunk| mask << 16 | u64::from(class(u8x16::new(*chunk)).to_bitmask()))
        };
        let digit = mask(&|bytes| within(bytes, b'0', 9));
        let upper = mask(&|bytes| within(bytes, b'A', 25));
        let lower = mask(&|bytes| within(bytes, b'a', 25));
        let marks = mask(&|bytes| equal(bytes, b'@') | equal(bytes, b':'));
        let mut word = digit | upper | lower;
        let high = mask(&|bytes| bytes);
        if high | self.carried != 0 {
            // U+0080-00BF, U+2000-2FFF and emoji are signs: their two to four bytes are no letters.
            let [two, three, four] = [0xc2, 0xe2, 0xf0].map(|first| mask(&|bytes| equal(bytes, first)));
            let any = two | three | four;
            word |= high & !(any | (any << 1) | ((three | four) << 2) | (four << 3) | self.carried);
            // Bits that were shifted out: one per byte that reaches into the next block.
            self.carried = (any >> 63) | (((three | four) >> 62) & 3) | ((four >> 61) & 7);
        }
        Block { word, digit, upper, lower, marks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_byte_has_the_class_it_has_alone(text in "[ -~]{0,40}[é“…ï\u{a0}€Ж@:😊]{0,40}[ -~“]{0,60}[“é😊]{0,40}") {
            let mut reader = Reader::default();
            for (index, chunk) in text.as_bytes().chunks(SIZE).enumerate() {
                let mut padded = [0; SIZE];
                padded[..chunk.len()].copy_from_slice(chunk);
                let block = reader.read(&padded);
                for (place, &byte) in chunk.iter().enumerate() {
                    let bit = |mask: u64| mask >> place & 1 == 1;
                    prop_assert_eq!(bit(block.digit), byte.is_ascii_digit());
                    prop_assert_eq!(bit(block.upper), byte.is_ascii_uppercase());
                    prop_assert_eq!(bit(block.lower), byte.is_ascii_lowercase());
                    prop_assert_eq!(bit(block.marks), matches!(byte, b'@' | b':'));
                    let at = index * SIZE + place;
                    let letter = text.char_indices().rfind(|&(start, _)| start <= at).is_some_and(|(start, c)| {
                        let first = text.as_bytes()[start];
                        if c.is_ascii() { byte.is_ascii_alphanumeric() } else { !matches!(first, 0xc2 | 0xe2 | 0xf0) }
                    });
                    prop_assert_eq!(bit(block.word), letter, "{:?} at {}", text, at);
                }
            }
        }
    }
}
