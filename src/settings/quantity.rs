//! Sizes, durations and counts as people write them: `32 MiB`, `10s`, `50_000`.

use std::time::Duration;

/// Bytes: a number, alone or with B, KB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (powers of 1024).
pub(super) fn size(text: &str) -> Option<u64> {
    let (number, unit) = split(text)?;
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        "kib" | "k" => 1 << 10,
        "mib" | "m" => 1 << 20,
        "gib" | "g" => 1 << 30,
        "tib" | "t" => 1 << 40,
        _ => return None,
    };
    number.checked_mul(factor)
}

/// A time span: a number with ms, s, m, h, d, w or y (365 days).
pub(super) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    let seconds: u64 = match unit {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        "y" => 31_536_000,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

/// A whole number; `_` may part thousands.
pub(super) fn count(text: &str) -> Option<u64> {
    split(text).and_then(|(number, unit)| unit.is_empty().then_some(number))
}

fn split(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len());
    let digits: String = text[..end].chars().filter(|c| *c != '_').collect();
    Some((digits.parse().ok()?, text[end..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_spans_and_counts_are_read_as_people_write_them() {
        assert_eq!(
            [size("32 MiB"), size("1GiB"), size("50_000"), size("2 kb"), size("0")],
            [Some(33_554_432), Some(1_073_741_824), Some(50_000), Some(2_000), Some(0)]
        );
        assert_eq!([size(""), size("MiB"), size("1 XB"), size("-1"), size("1.5 GiB"), size("99999999999 TiB")], [None; 6]);
        assert_eq!(
            [duration("10s"), duration("5 m"), duration("400d"), duration("250ms")],
            [10_000, 300_000, 34_560_000_000, 250].map(|ms| Some(Duration::from_millis(ms)))
        );
        assert_eq!([duration("10"), duration("s"), duration("1 fortnight"), duration("99999999999999y")], [None; 4]);
        assert_eq!([count("50_000"), count("1e3"), count("é")], [Some(50_000), None, None]);
    }
}
