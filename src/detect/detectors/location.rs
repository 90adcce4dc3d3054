//! `gps`: a place on the map as latitude and longitude, in degrees, minutes and seconds, or in the Dutch grid (RD).
//!
//! Takes digit runs before a decimal point or a degree sign; a pair of at least four decimals counts. Inside the Netherlands the pair is
//! enough; elsewhere, and for the grid, a word must name it.

use super::{Candidate, Detector};
use crate::detect::groups::{GPS, OTHER_NUMBER};
use crate::detect::keywords::Words;
use crate::detect::numbers::is_amount;
use crate::detect::prefilter::is_word;
use crate::detect::score::{Score, context};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["gps"],
    words: &[Words(
        GPS,
        "gps, gps-locatie*, gps-coördina*, lat, lon, lng, long, latitude, longitude, latlng, latlon, breedtegraad*, lengtegraad*, coördina*, coordina*, coords, locatie, location, positie, position, geo, \
         wgs84, rd, rd-coördina*, rd-coordina*, rdx, rdy, rd_x, rd_y, rijksdriehoek*, x-coördina*, y-coördina*, x-coordina*, y-coordina*, xcoord, ycoord, point, plaatsbepaling*",
    )],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    let grid = sight.has(GPS) || sight.label & GPS != 0;
    for run in sight.runs() {
        if run.start < taken || run.len() > 6 {
            continue;
        }
        let found = match sight.byte(run.end) {
            b'.' | b',' if run.len() <= 3 && has_decimals(sight, run.end + 1) => decimal_pair(sight, run.start),
            0xc2 if run.len() <= 3 => degrees_pair(sight, run.start),
            _ => None,
        };
        let found = found.or_else(|| (grid && matches!(run.len(), 5 | 6)).then(|| grid_pair(sight, run.start))?);
        if let Some(candidate) = found {
            taken = candidate.end;
            out.push(candidate);
        }
    }
}

/// Four digits: a coordinate has at least as many decimals, and hardly any other number.
fn has_decimals(sight: &Sight<'_>, at: usize) -> bool {
    sight.bytes.get(at..at + 4).is_some_and(|decimals| decimals.iter().all(u8::is_ascii_digit))
}

/// A signed decimal: where it starts and ends, its value, and how many decimals it has.
struct Decimal {
    start: usize,
    end: usize,
    value: f64,
    decimals: usize,
}

fn decimal(sight: &Sight<'_>, at: usize) -> Option<Decimal> {
    let digits = |from: usize| sight.bytes[from.min(sight.bytes.len())..].iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(at);
    if whole == 0 || whole > 6 {
        return None;
    }
    let mut value: f64 = sight.text.get(at..at + whole)?.parse().ok()?;
    let mut end = at + whole;
    let mut decimals = 0;
    if matches!(sight.byte(end), b'.' | b',') {
        decimals = digits(end + 1);
        if decimals > 0 {
            let part: f64 = sight.text.get(end + 1..end + 1 + decimals)?.parse().ok()?;
            value += part / 10f64.powi(i32::try_from(decimals).ok()?);
            end += 1 + decimals;
        }
    }
    let negative = sight.before(at) == b'-';
    Some(Decimal { start: if negative { at - 1 } else { at }, end, value: if negative { -value } else { value }, decimals })
}

/// The next decimal after signs, spaces and a short key such as `"lng":` or `° N,`; a line end may stand between.
fn next_decimal(sight: &Sight<'_>, from: usize) -> Option<Decimal> {
    const BETWEEN: usize = 32;
    let gap = sight.bytes[from..].iter().take(BETWEEN).position(u8::is_ascii_digit)?;
    let between = sight.text.get(from..from + gap)?;
    let words = between.bytes().filter(u8::is_ascii_alphabetic).count();
    if gap == 0 || words > 16 || between.matches('\n').count() > 1 || between.contains(['€', '%', ')']) {
        return None;
    }
    decimal(sight, from + gap)
}

fn decimal_pair(sight: &Sight<'_>, at: usize) -> Option<Candidate> {
    let before = sight.before(at);
    // `!3d52.09!4d5.12` in an address of a map.
    let map = before == b'd' && at >= 3 && sight.bytes[at - 3] == b'!';
    if is_word(before) && !map || before == b'.' || is_amount(sight, at) {
        return None;
    }
    let first = decimal(sight, at)?;
    if first.decimals < 4
        || first.decimals > 16
        || is_word(sight.byte(first.end)) && !matches!(sight.byte(first.end), b'N' | b'S' | b'E' | b'O' | b'W' | 0xc2)
    {
        return None;
    }
    let second = if sight.bytes[first.end..].starts_with(b"!4d") { decimal(sight, first.end + 3) } else { next_decimal(sight, first.end) }?;
    if second.decimals < 4 || second.decimals > 16 || sight.byte(second.end) == b'.' && sight.byte(second.end + 1).is_ascii_digit() {
        return None;
    }
    if first.value.abs() == second.value.abs() {
        return None;
    }
    let dutch = |lat: f64, lon: f64| (50.7..=53.6).contains(&lat) && (3.3..=7.3).contains(&lon);
    let base = if dutch(first.value, second.value) || dutch(second.value, first.value) {
        if first.decimals > 4 || second.decimals > 4 { 0.75 } else { 0.6 }
    } else if first.value.abs() <= 90.0 && second.value.abs() <= 180.0 {
        0.3
    } else {
        return None;
    };
    let (start, mut end) = (first.start, second.end);
    for hemisphere in ["° N", "° E", "°N", "°E", "° O", "°O", " N", " E"] {
        if sight.bytes[end..].starts_with(hemisphere.as_bytes()) && !is_word(sight.byte(end + hemisphere.len())) {
            end += hemisphere.len();
            break;
        }
    }
    let score = Score::base(base, "a latitude and a longitude").with(context(sight, start, end, GPS, OTHER_NUMBER));
    Some(Candidate { id: "gps", start, end, score })
}

/// `52°05'27.0"N 5°07'18.5"E`, also without seconds.
fn degrees_pair(sight: &Sight<'_>, at: usize) -> Option<Candidate> {
    if sight.ends_word(at) {
        return None;
    }
    let first = degrees(sight, at)?;
    let gap = sight.bytes[first..].iter().take(16).position(u8::is_ascii_digit)?;
    let between = sight.text.get(first..first + gap)?;
    if between.contains('\n') && between.matches('\n').count() > 1 {
        return None;
    }
    let end = degrees(sight, first + gap)?;
    Some(Candidate { id: "gps", start: at, end, score: Score::base(0.8, "degrees and minutes of latitude and longitude") })
}

/// Where degrees, minutes and perhaps seconds and a hemisphere end; minutes and a sign after them are needed.
fn degrees(sight: &Sight<'_>, at: usize) -> Option<usize> {
    let mut rest = sight.text.get(at..)?;
    let length = rest.len();
    rest = rest.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix('°')?;
    rest = number(rest.trim_start_matches(' '))?;
    rest = rest.strip_prefix(['\'', '’', '′', '´', '`'])?;
    if let Some(seconds) = number(rest.trim_start_matches(' ')) {
        let ended = seconds.strip_prefix(['"', '”', '″']).or_else(|| seconds.strip_prefix("''")).or_else(|| seconds.strip_prefix("′′"));
        rest = ended?;
    }
    let after = rest.trim_start_matches(' ');
    if after.starts_with(['N', 'S', 'E', 'W', 'O', 'Z']) && !after[1..].starts_with(|c: char| c.is_alphanumeric()) {
        rest = &after[1..];
    }
    Some(at + length - rest.len())
}

/// What follows a number with one or two digits and perhaps decimals.
fn number(text: &str) -> Option<&str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&digits) {
        return None;
    }
    let rest = &text[digits..];
    Some(match rest.strip_prefix(['.', ',']) {
        Some(decimals) => decimals.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    })
}

/// X and Y of the Dutch grid in metres, beside a word that names coordinates.
fn grid_pair(sight: &Sight<'_>, at: usize) -> Option<Candidate> {
    let before = sight.before(at);
    if is_word(before) || matches!(before, b'.' | b'-' | b'/') {
        return None;
    }
    let x = decimal(sight, at)?;
    let y = next_decimal(sight, x.end)?;
    if !(10_000.0..=280_000.0).contains(&x.value) || !(300_000.0..=625_000.0).contains(&y.value) || is_word(sight.byte(y.end)) {
        return None;
    }
    let said = context(sight, x.start, y.end, GPS, OTHER_NUMBER);
    (said.worth >= 0.2).then(|| Candidate {
        id: "gps",
        start: x.start,
        end: y.end,
        score: Score::base(0.31, "X and Y in the Dutch grid").with(said),
    })
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn pairs_of_coordinates_are_found_in_every_notation() {
        for (text, value) in [
            ("last_position=52.81703,6.27245 battery", "52.81703,6.27245"),
            ("locatie 52.0908, 5.1222.", "52.0908, 5.1222"),
            ("{\"lat\": 52.09083, \"lng\": 5.12222}", "52.09083, \"lng\": 5.12222"),
            ("https://www.google.com/maps/@52.0907374,5.1214201,17z", "52.0907374,5.1214201"),
            ("maps/place/x/data=!3d52.0907374!4d5.1214201", "52.0907374!4d5.1214201"),
            ("52,09083; 5,12222", "52,09083; 5,12222"),
            ("POINT(5.12222 52.09083)", "5.12222 52.09083"),
            ("52.09083° N, 5.12222° E", "52.09083° N, 5.12222° E"),
            ("52°05'27.0\"N 5°07'18.5\"E", "52°05'27.0\"N 5°07'18.5\"E"),
            ("52° 5,45' N, 5° 7,3' O", "52° 5,45' N, 5° 7,3' O"),
            ("RD-coördinaten: X 136012 Y 455650", "136012 Y 455650"),
            ("gps: 48.85837, 2.29448", "48.85837, 2.29448"),
        ] {
            finds("gps", text, value);
        }
    }

    #[test]
    fn prices_temperatures_versions_and_single_numbers_are_none() {
        for text in [
            "52.09, 5.12",
            "€ 52.0908, € 5.1222",
            "21°C en 22°C",
            "versie 52.0908.5",
            "48.85837, 2.29448",
            "136012 455650",
            "groei 1.2345, 2.3456",
            "200.1234, 5.1234",
            "budget 136.012 en 455.650",
        ] {
            misses("gps", text);
        }
    }
}
