use super::*;
use crate::index::fold::Folded;
use proptest::prelude::*;
use std::fs;

const KEY: [u8; 32] = [7; 32];

/// A folder and an index in it.
fn dataset(rows: &[&[&str]]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sluisx");
    let mut builder = dataset::Builder::new(&KEY, rows.first().map_or(1, |row| row.len())).unwrap();
    rows.iter().for_each(|row| builder.row(row.iter().copied()).unwrap());
    builder.write(&path).unwrap();
    (folder, path)
}

fn holds(dataset: &Dataset, value: &str) -> bool {
    let mut folded = Folded::default();
    folded.value(value);
    !dataset.find(folded.bytes()).is_empty()
}

fn entries(dataset: &Dataset, value: &str) -> dataset::Entries {
    let mut folded = Folded::default();
    folded.value(value);
    dataset.find(folded.bytes())
}

#[test]
fn a_value_is_found_however_it_is_written_and_another_is_not() {
    let (_folder, path) = dataset(&[&["1234.56.782"], &["Café Noir"], &["Café  noir"]]);
    let open = Dataset::open(&path, &KEY).unwrap();
    assert!(holds(&open, "123456782") && holds(&open, "CAFE-NOIR"));
    assert!(!holds(&open, "123456783") && !holds(&open, "cafe") && !holds(&open, ""));
    assert_eq!((open.about().rows, open.about().entries, open.is_joined()), (3, 2, false));
    assert_eq!((open.digits(), open.lengths()), (1 << 9, 1 << 8));
}

#[test]
fn values_of_one_row_are_told_from_values_of_two() {
    let rows: &[&[&str]] =
        &[&["Jansen", "Jan", "123456782"], &["Bos", "Jan", "111222333"], &["Jansen", "Jansen", "x"], &["Piet", "Bos", "12"]];
    let (_folder, path) = dataset(rows);
    let open = Dataset::open(&path, &KEY).unwrap();
    let share = |one, other| open.share_a_row(&entries(&open, one), &entries(&open, other));
    assert!(share("Jansen", "123456782") && share("111222333", "jan") && share("Jan", "Bos") && share("bos", "piet"));
    assert!(!share("Bos", "123456782") && !share("Jansen", "Jansen") && !share("Jansen", "Bos") && !share("Jansen", "weg"));
}

#[test]
fn an_index_holds_nothing_of_its_input() {
    let values = ["123456782", "Waterlelie", "waterlelie", "Dorpsstraat"];
    let (_folder, path) = dataset(&[&values[..2], &values[2..]]);
    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("d.sluisx");
    let mut builder = documents::Builder::new(&KEY);
    builder.add(&"De waterlelie aan de Dorpsstraat 123456782 bloeit. ".repeat(9)).unwrap();
    builder.write(&documents).unwrap();
    for path in [path, documents] {
        let bytes = fs::read(path).unwrap();
        for value in values {
            assert_eq!(memchr::memmem::find(&bytes, value.as_bytes()), None);
            let number = value.parse::<u32>().unwrap_or(0);
            assert!(number == 0 || memchr::memmem::find(&bytes, &number.to_le_bytes()).is_none());
        }
        assert_eq!(memchr::memmem::find(&bytes, &KEY), None);
    }
}

#[test]
fn the_same_values_give_another_index_each_time() {
    let sum = |_| {
        let (_folder, path) = dataset(&[&["123456782"]]);
        let bytes = fs::read(path).unwrap();
        bytes[128..bytes.len() - 32].to_vec()
    };
    assert_ne!(sum(1), sum(2));
}

#[test]
fn what_is_wrong_with_an_index_is_said() {
    let (folder, path) = dataset(&[&["123456782"], &["111222333"]]);
    let good = fs::read(&path).unwrap();
    let told = |bytes: &[u8]| {
        let path = folder.path().join("b.sluisx");
        fs::write(&path, bytes).unwrap();
        Dataset::open(&path, &KEY).unwrap_err().to_string()
    };
    assert!(told(&good[..good.len() - 1]).starts_with("is cut short or grown: "));
    assert!(told(&good[..60]).starts_with("is cut short or grown: 60 bytes"));
    assert!(told(&[&good[..], b"x"].concat()).starts_with("is cut short or grown: "));
    assert!(told(b"").starts_with("is not an index") && told(b"naam;bsn\n").starts_with("is not an index"));
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    assert!(told(&with(8, 9)).starts_with("is an index of format 9, and this version of Sluis reads format 1"));
    assert_eq!(told(&with(10, 2)), "is an index of kind documents, not dataset");
    assert!(told(&with(140, good[140] ^ 1)).starts_with("is damaged"));
    assert!(told(&with(12, 200)).starts_with("is damaged") && told(&with(55, 255)).starts_with("is "));
    assert_eq!(Dataset::open(&path, &[8; 32]).unwrap_err().to_string(), "was made with another key");
    assert!(Documents::open(&path, &KEY).is_err_and(|error| matches!(error, Error::Kind { .. })));
    assert!(Dataset::open(folder.path(), &KEY).is_err_and(|error| matches!(error, Error::NotAnIndex)));
    assert!(Dataset::open(&folder.path().join("weg"), &KEY).is_err_and(|error| matches!(error, Error::Read(_))));
}

#[test]
fn no_change_of_a_byte_goes_unseen_or_panics() {
    let (folder, path) = dataset(&[&["123456782", "Bos"], &["111222333", "Jansen"]]);
    let good = fs::read(path).unwrap();
    let path = folder.path().join("b.sluisx");
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&path, bytes).unwrap();
        assert!(Dataset::open(&path, &KEY).is_err(), "byte {at}");
        let _ = about(&path);
    }
}

#[test]
fn an_index_that_is_replaced_stays_readable_for_who_has_it_open() {
    let (_folder, path) = dataset(&[&["123456782"]]);
    let old = Dataset::open(&path, &KEY).unwrap();
    let mut builder = dataset::Builder::new(&KEY, 1).unwrap();
    builder.row(["111222333"].into_iter()).unwrap();
    builder.write(&path).unwrap();
    let new = Dataset::open(&path, &KEY).unwrap();
    assert!(holds(&old, "123456782") && !holds(&old, "111222333"));
    assert!(holds(&new, "111222333") && !holds(&new, "123456782"));
    assert_ne!(old.sum(), new.sum());
}

#[test]
fn what_is_too_short_to_mean_anything_is_left_out_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = dataset::Builder::new(&KEY, 1).unwrap();
    let long = "x".repeat(128);
    for value in ["12", "1234", "12345", "ab", "Bos", "", " - ", &long, "12345678", "123456789", "123456782"] {
        builder.row([value].into_iter()).unwrap();
    }
    let built = builder.write(&folder.path().join("a.sluisx")).unwrap();
    assert_eq!((built.short, built.long, built.about.entries, built.about.rows, built.lost_zeros), (3, 1, 5, 11, 1));
    assert!(dataset::Builder::new(&KEY, 17).is_err());
}

#[test]
fn an_index_of_nothing_finds_nothing() {
    let (_folder, path) = dataset(&[&[""]]);
    assert!(!holds(&Dataset::open(&path, &KEY).unwrap(), "123456782"));
}

/// Numbers of nine digits, no two the same.
fn number(n: u64) -> String {
    format!("{:09}", n * 7_919 % 1_000_000_000)
}

#[test]
fn a_million_numbers_are_all_found_and_half_a_million_others_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sluisx");
    let mut builder = dataset::Builder::new(&KEY, 1).unwrap();
    (0..1_000_000).for_each(|n| builder.row([number(n).as_str()].into_iter()).unwrap());
    let built = builder.write(&path).unwrap();
    assert!(built.size < 5_000_000, "{}", built.size);
    let open = Dataset::open(&path, &KEY).unwrap();
    assert!((0..1_000_000).step_by(7).all(|n| holds(&open, &number(n))));
    // The stated rate is under 1 in 270 million, so one hit here has a chance of 1 in 500.
    assert!(open.about().false_positive_rate() < 1.0 / 268_435_456.0 + 1e-12);
    assert!((1_000_000..1_500_000).all(|n| !holds(&open, &number(n))));
}

#[test]
fn remainders_are_as_rare_as_is_stated() {
    // The same table with hashes of 16 bits shows its rate at once: remainders that fit by chance are counted.
    let keyed = keyed::Keyed::new(&KEY, &[1; 16], Kind::Dataset);
    let hash = |n: u64| keyed.value(&n.to_le_bytes()) & 0xffff_0000_0000_0000;
    let mut hashes: Vec<u64> = (0..4096).map(hash).collect();
    hashes.sort_unstable();
    let bits = table::bits(hashes.len());
    assert_eq!(bits, 9);
    let directory: Vec<u8> = table::directory(hashes.iter().copied(), bits).iter().flat_map(|n| n.to_le_bytes()).collect();
    let remainders: Vec<u8> = hashes.iter().flat_map(|&hash| table::remainder(hash, bits).to_le_bytes()).collect();
    let table = table::Table { bits, directory: &directory, remainders: &remainders };
    assert!(hashes.iter().all(|&hash| !table.find(hash).is_empty()));
    // 9 bits for the bucket and 7 of the remainder: 8 in a bucket of 128 possible remainders, 1 in 16, less what falls together.
    let hits = (10_000..60_000).filter(|&n| !table.find(hash(n)).is_empty()).count();
    assert!((2_800..3_200).contains(&hits), "{hits}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_value_that_goes_in_is_found_again(values in proptest::collection::vec("[a-zé]{3,12}( [A-Z0-9]{1,5})?", 1..40), other in "[a-z]{13,20}") {
        let rows: Vec<[&str; 1]> = values.iter().map(|value| [value.as_str()]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(|row| row.as_slice()).collect();
        let (_folder, path) = dataset(&rows);
        let open = Dataset::open(&path, &KEY).unwrap();
        for value in &values {
            prop_assert!(holds(&open, value) && holds(&open, &value.to_uppercase()));
        }
        prop_assert!(!holds(&open, &other));
    }

    #[test]
    fn of_runs_in_a_row_one_is_kept_in_both_texts(hashes in proptest::collection::vec(any::<u64>(), 0..60)) {
        let mut kept = Vec::new();
        documents::winnow(&hashes, |at| kept.push(at));
        prop_assert!(kept.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= documents::WINDOW));
        prop_assert_eq!(kept.is_empty(), hashes.is_empty());
    }
}
