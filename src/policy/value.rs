//! Values that people write: durations, sizes, numbers, dates, hours, days, comparisons.
//!
//! Takes the text of a scalar, gives a plain value or the sentence that says how it must be written. Must never guess.

use jiff::civil::Date;

/// `45s`, `30m`, `8h`, `365d`, `2w`, `2y` in seconds.
pub fn duration(text: &str) -> Result<u64, String> {
    let how = || format!("'{text}' is not a duration: write a number and s, m, h, d, w or y, such as 8h or 365d");
    let text_trimmed = text.trim();
    let digits = text_trimmed.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text_trimmed[digits.len()..].trim() {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        "y" => 365 * 86_400,
        _ => return Err(how()),
    };
    integer(digits).ok().and_then(|n| n.checked_mul(unit)).filter(|n| *n > 0).ok_or_else(how)
}

/// `48_000`, `500`.
pub fn integer(text: &str) -> Result<u64, String> {
    let clean = text.trim().replace('_', "");
    let digits = !clean.is_empty() && clean.bytes().all(|b| b.is_ascii_digit());
    digits
        .then(|| clean.parse().ok())
        .flatten()
        .ok_or_else(|| format!("'{text}' is not a whole number: write digits only, such as 500 or 48_000"))
}

/// `30%` or `30`, from 1 to 100.
pub fn percentage(text: &str) -> Result<u8, String> {
    let number = text.trim().strip_suffix('%').unwrap_or(text).trim();
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    digits
        .then(|| number.parse().ok())
        .flatten()
        .filter(|n| (1..=100).contains(n))
        .ok_or_else(|| format!("'{text}' is not a percentage: write a whole number from 1% to 100%, such as 30%"))
}

/// `500`, `10 kB`, `32 MiB`, `1 GB` in bytes.
pub fn size(text: &str) -> Result<u64, String> {
    let how = || format!("'{text}' is not a size: write a number and B, kB, KiB, MB, MiB, GB or GiB, such as 1 MiB");
    let trimmed = text.trim();
    let digits = trimmed.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = match trimmed[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "kib" => 1 << 10,
        "mb" => 1_000_000,
        "mib" => 1 << 20,
        "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        _ => return Err(how()),
    };
    integer(digits).ok().and_then(|n| n.checked_mul(unit)).ok_or_else(how)
}

/// `2026-12-31`; a day that does not exist is refused.
pub fn date(text: &str) -> Result<Date, String> {
    let how = || format!("'{text}' is not a date that exists: write year-month-day, such as 2026-12-31");
    let mut parts = text.trim().split('-');
    let (Some(y), Some(m), Some(d), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else { return Err(how()) };
    if (y.len(), m.len(), d.len()) != (4, 2, 2) {
        return Err(how());
    }
    let number = |s: &str| integer(s).map_err(|_| how());
    let (y, m, d) = (number(y)?, number(m)?, number(d)?);
    Date::new(y as i16, m as i8, d as i8).map_err(|_| how())
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Order {
    pub fn holds(self, left: u64, right: u64) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }
}

/// Splits `>= 10` into the comparison and the rest; `none` where no sign is written.
pub fn comparison(text: &str, none: Order) -> (Order, &str) {
    let text = text.trim();
    for (sign, order) in [(">=", Order::AtLeast), ("<=", Order::AtMost), (">", Order::More), ("<", Order::Less), ("=", Order::Equal)] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (order, rest.trim());
        }
    }
    (none, text)
}

/// `08:00-18:00` as minutes of the day; the end is not included, and may lie before the start (a night).
pub fn hours(text: &str) -> Result<(u16, u16), String> {
    let how = || format!("'{text}' is not a span of hours: write it as 08:00-18:00");
    let (from, to) = text.split_once('-').ok_or_else(how)?;
    let minute = |clock: &str| {
        let (h, m) = clock.trim().split_once(':')?;
        let (h, m) = (integer(h).ok()?, integer(m).ok()?);
        (h < 24 && m < 60 || (h, m) == (24, 0)).then_some((h * 60 + m) as u16)
    };
    match (minute(from), minute(to)) {
        (Some(from), Some(to)) if from != to => Ok((from, to)),
        _ => Err(how()),
    }
}

const DAYS: [[&str; 4]; 7] = [
    ["mon", "monday", "ma", "maandag"],
    ["tue", "tuesday", "di", "dinsdag"],
    ["wed", "wednesday", "wo", "woensdag"],
    ["thu", "thursday", "do", "donderdag"],
    ["fri", "friday", "vr", "vrijdag"],
    ["sat", "saturday", "za", "zaterdag"],
    ["sun", "sunday", "zo", "zondag"],
];

/// `mon`, `mon-fri`, `za` as a bit per day, Monday lowest.
pub fn days(text: &str) -> Result<u8, String> {
    let day = |name: &str| {
        let name = name.trim().to_lowercase();
        DAYS.iter()
            .position(|names| names.contains(&name.as_str()))
            .ok_or_else(|| format!("'{text}' is not a day of the week: write mon, tue, wed, thu, fri, sat, sun, or a span such as mon-fri"))
    };
    let (from, to) = match text.split_once('-') {
        Some((from, to)) => (day(from)?, day(to)?),
        None => (day(text)?, day(text)?),
    };
    let mut bits = 0;
    let mut at = from;
    loop {
        bits |= 1 << at;
        if at == to {
            return Ok(bits);
        }
        at = (at + 1) % 7;
    }
}

/// Whether `text` fits `pattern`, in which `*` stands for any run of characters. Both lower-case.
pub fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut last = None;
    for piece in pieces {
        if let Some(previous) = last.replace(piece) {
            match rest.find(previous) {
                Some(at) => rest = &rest[at + previous.len()..],
                None => return false,
            }
        }
    }
    last.map_or(rest.is_empty(), |tail| rest.ends_with(tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_sizes_and_numbers_read_as_people_write_them() {
        assert_eq!(duration("8h"), Ok(28_800));
        assert_eq!(duration("365d"), Ok(31_536_000));
        assert_eq!(integer("48_000"), Ok(48_000));
        assert_eq!(size("32 MiB"), Ok(33_554_432));
        assert_eq!(size("10kB"), Ok(10_000));
        for bad in ["", "8", "h", "8 parsecs", "-1h", "0d", "99999999999999999999y", "é"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert!(size("1 meter").is_err());
        assert!(integer("0x10").is_err());
    }

    #[test]
    fn a_day_that_does_not_exist_is_no_date() {
        assert!(date("2026-12-31").is_ok());
        for bad in ["2026-02-30", "31-12-2026", "2026-1-1", "2026-12-31-1", "morgen", ""] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn hours_and_days_may_wrap() {
        assert_eq!(hours("22:00-06:00"), Ok((1_320, 360)));
        assert!(hours("25:00-26:00").is_err());
        assert_eq!(days("mon-fri"), Ok(0b001_1111));
        assert_eq!(days("za-zo"), Ok(0b110_0000));
        assert_eq!(days("sun-mon"), Ok(0b100_0001));
        assert!(days("funday").is_err());
    }

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        assert!(fits("gpt-4*", "gpt-4o-mini"));
        assert!(fits("*mini*", "gpt-4o-mini"));
        assert!(fits("a*b*c", "a-b-b-c"));
        assert!(!fits("a*b", "a-b-c"));
        assert!(!fits("gpt", "gpt-4"));
        assert!(!fits("ab*ba", "aba"));
    }
}
