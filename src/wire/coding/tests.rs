use super::*;
use flate2::Compression;
use proptest::prelude::*;

const CODINGS: [&str; 5] = ["gzip", "deflate", "raw", "br", "zstd"];
const LIMIT: usize = 1 << 20;

fn encode(coding: &str, bytes: &[u8]) -> Vec<u8> {
    match coding {
        "gzip" => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap()
        }
        "deflate" => {
            let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap()
        }
        "raw" => {
            let mut writer = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap()
        }
        "br" => {
            let mut out = Vec::new();
            brotli::BrotliCompress(&mut &bytes[..], &mut out, &Default::default()).unwrap();
            out
        }
        _ => zstd::encode_all(bytes, 3).unwrap(),
    }
}

fn header(coding: &str) -> Option<&str> {
    Some(if coding == "raw" { "deflate" } else { coding })
}

fn streamed(coding: Option<&str>, bytes: &[u8], step: usize) -> Result<Vec<u8>, Unreadable> {
    let mut decoder = StreamDecoder::new(coding).unwrap();
    let mut out = Vec::new();
    for piece in bytes.chunks(step) {
        decoder.push(piece, &mut out)?;
    }
    decoder.finish(&mut out)?;
    Ok(out)
}

#[test]
fn every_coding_is_undone_whole_and_byte_by_byte() {
    let words = "Een brief aan burger 111222333. ".repeat(3000);
    for coding in CODINGS {
        let packed = encode(coding, words.as_bytes());
        assert_eq!(decode(header(coding), &packed, LIMIT).unwrap(), words.as_bytes(), "{coding}");
        for step in [1, 7, 4096, LIMIT] {
            assert_eq!(streamed(header(coding), &packed, step).unwrap(), words.as_bytes(), "{coding} {step}");
        }
    }
    assert!(matches!(decode(None, words.as_bytes(), LIMIT), Ok(Cow::Borrowed(_))));
    assert!(matches!(decode(Some("identity"), words.as_bytes(), LIMIT), Ok(Cow::Borrowed(_))));
}

#[test]
fn chains_are_undone_from_the_last_to_the_first() {
    let packed = encode("br", &encode("gzip", b"hallo"));
    assert_eq!(decode(Some("gzip, br"), &packed, LIMIT).unwrap(), b"hallo".as_slice());
    assert_eq!(streamed(Some("GZIP ,br"), &packed, 1).unwrap(), b"hallo");
    assert_eq!(decode(Some("gzip,gzip,gzip,gzip"), &packed, LIMIT), Err(Unreadable::UnknownCoding));
}

#[test]
fn members_and_frames_one_after_another_are_all_read() {
    for coding in ["gzip", "zstd"] {
        let packed = [encode(coding, b"een "), encode(coding, b"twee")].concat();
        assert_eq!(decode(header(coding), &packed, LIMIT).unwrap(), b"een twee".as_slice(), "{coding}");
        assert_eq!(streamed(header(coding), &packed, 1).unwrap(), b"een twee");
    }
}

#[test]
fn a_body_that_ends_early_is_truncated_at_every_length() {
    for coding in CODINGS {
        let packed = encode(coding, "Een brief aan burger 111222333.".repeat(20).as_bytes());
        for length in 1..packed.len() {
            assert_eq!(decode(header(coding), &packed[..length], LIMIT), Err(Unreadable::Truncated), "{coding} {length}");
            assert_eq!(streamed(header(coding), &packed[..length], 5), Err(Unreadable::Truncated), "{coding} {length}");
        }
        assert_eq!(decode(header(coding), b"", LIMIT).unwrap(), b"".as_slice());
    }
}

#[test]
fn bytes_behind_the_end_are_an_error() {
    for coding in CODINGS {
        let packed = [encode(coding, b"hallo"), b"and more that nobody reads".to_vec()].concat();
        assert!(decode(header(coding), &packed, LIMIT).is_err(), "{coding}");
    }
}

#[test]
fn bombs_stop_at_the_limit() {
    let zeros = vec![0u8; 64 << 20];
    for coding in CODINGS {
        let bomb = encode(coding, &zeros);
        assert!(bomb.len() < LIMIT);
        assert_eq!(decode(header(coding), &bomb, LIMIT), Err(Unreadable::TooLarge), "{coding}");
        assert_eq!(streamed(header(coding), &bomb, LIMIT), Err(Unreadable::TooLarge), "{coding}");
    }
    assert_eq!(decode(None, b"12345", 4), Err(Unreadable::TooLarge));
}

#[test]
fn unknown_codings_and_broken_bytes_are_named() {
    assert_eq!(decode(Some("compress"), b"x", LIMIT), Err(Unreadable::UnknownCoding));
    assert!(StreamDecoder::new(Some("dcb")).is_none());
    for coding in ["gzip", "br", "zstd"] {
        assert_eq!(decode(Some(coding), &[0xff; 64], LIMIT), Err(Unreadable::UnknownCoding), "{coding}");
    }
}

#[test]
fn a_stream_gives_each_event_at_once() {
    for coding in ["gzip", "zstd"] {
        let mut decoder = StreamDecoder::new(Some(coding)).unwrap();
        let event = b"data: {\"delta\":\"hallo\"}\n\n";
        let packed = if coding == "gzip" {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
            writer.write_all(event).unwrap();
            writer.flush().unwrap();
            writer.get_ref().clone()
        } else {
            let mut writer = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
            writer.write_all(event).unwrap();
            writer.flush().unwrap();
            writer.get_ref().clone()
        };
        let mut out = Vec::new();
        decoder.push(&packed, &mut out).unwrap();
        assert_eq!(out, event, "{coding}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_undone_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), coding in 0..5usize) {
        let coding = header(CODINGS[coding]);
        let whole = decode(coding, &bytes, 4096);
        let pieces = streamed(coding, &bytes, 3);
        if let (Ok(whole), Ok(pieces)) = (whole, pieces) {
            prop_assert_eq!(whole.into_owned(), pieces);
        }
    }
}
