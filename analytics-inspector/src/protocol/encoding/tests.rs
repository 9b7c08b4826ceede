use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::*;
use crate::budget::Budget;
use crate::protocol::allowance::{Allowance, DecodeError};
use crate::protocol::refusal::Refusal;

const MIB: usize = 1024 * 1024;

fn allowance() -> Allowance {
    Allowance::new(Budget::new(usize::MAX).reserve())
}

fn decode(encoding: Encoding, wire: &[u8], limit: usize) -> Result<Bytes, DecodeError> {
    encoding.inflate(wire, limit, &mut allowance())
}

/// The same for what v0 takes.
fn gunzip(wire: &Bytes, is_labelled: bool, limit: usize) -> Result<Bytes, Refusal> {
    inflate(wire, is_labelled, limit, &mut allowance())
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn brotli(content: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut wire, 4_096, 1, 18);
    encoder.write_all(content).unwrap();
    drop(encoder);
    wire
}

fn zstd(content: &[u8]) -> Vec<u8> {
    compress_to_vec(content, CompressionLevel::Fastest)
}

/// Content in every encoding there is.
fn encoded(content: &[u8]) -> Vec<(Encoding, Vec<u8>)> {
    vec![
        (Encoding::Gzip, gzip(content)),
        (Encoding::Deflate, zlib(content)),
        (Encoding::Deflate, deflate(content)),
        (Encoding::Brotli, brotli(content)),
        (Encoding::Zstd, zstd(content)),
    ]
}

#[test]
fn every_encoding_gives_back_what_was_put_in() {
    let text = br#"{"batch":[]}"#.repeat(1_000);
    for content in [&b"{}"[..], &text] {
        for (encoding, wire) in encoded(content) {
            assert_eq!(decode(encoding, &wire, content.len()).unwrap(), content, "{encoding:?}");
        }
    }
}

#[test]
fn a_bomb_of_any_encoding_takes_little_more_memory_than_the_limit() {
    let limit = MIB / 4;
    let content = vec![0; 8 * MIB];
    for (encoding, bomb) in encoded(&content) {
        assert!(bomb.len() < MIB, "{encoding:?}: {}", bomb.len());
        let mut inflated = 0;
        let memory = allocation_counter::measure(|| inflated = decode(encoding, &bomb, limit).unwrap().len());
        assert_eq!(inflated, limit + 1, "{encoding:?}");
        // A vector that doubles, and the window of the format.
        let most = 3 * MIB as u64;
        assert!(memory.bytes_max < most, "{encoding:?}: {} bytes at the peak", memory.bytes_max);
    }
    let bomb = Bytes::from(gzip(&content));
    let mut refusal = None;
    let memory = allocation_counter::measure(|| refusal = gunzip(&bomb, false, limit).err());
    assert_eq!(refusal.unwrap().status, 413);
    assert!(memory.bytes_max < 3 * MIB as u64, "{} bytes at the peak", memory.bytes_max);
}

#[test]
fn a_zstd_frame_that_promises_a_huge_window_costs_nothing_like_it() {
    // Magic, no content size, a window of the given exponent, and one raw block of one byte.
    for exponent in 0..32u8 {
        let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, exponent << 3, 0x09, 0x00, 0x00, b'x'][..]].concat();
        let memory = allocation_counter::measure(|| drop(decode(Encoding::Zstd, &frame, MIB)));
        assert!(memory.bytes_max < MIB as u64, "2^{}: {} bytes", exponent + 10, memory.bytes_max);
    }
}

#[test]
fn the_limit_is_exact() {
    let content = vec![b'x'; 1_000_000];
    let wire = Bytes::from(gzip(&content));
    assert_eq!(gunzip(&wire, false, 1_000).unwrap_err().status, 413);
    assert_eq!(gunzip(&wire, false, 999_999).unwrap_err().status, 413);
    assert_eq!(gunzip(&wire, false, 1_000_000).unwrap().len(), 1_000_000);
}

#[test]
fn what_is_cut_short_is_refused() {
    let content: Vec<u8> = (0..10_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    for (encoding, wire) in encoded(&content) {
        let cut = &wire[..wire.len() / 2];
        assert!(decode(encoding, cut, MIB).is_err(), "{encoding:?}");
    }
}

#[test]
fn labels_are_known_in_any_case() {
    let labels = ["gzip", "GZIP", "deflate", "br", "zstd", "identity", "gzip, br", "lz4", ""];
    let known = labels.map(|label| Encoding::of_label(label).is_some());
    assert_eq!(known, [true, true, true, true, true, false, false, false, false]);
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic_or_pass_the_limit(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        limit in 0usize..2_000,
    ) {
        for encoding in [Encoding::Gzip, Encoding::Deflate, Encoding::Brotli, Encoding::Zstd] {
            if let Ok(content) = decode(encoding, &bytes, limit) {
                prop_assert!(content.len() <= limit + 1);
            }
        }
        if let Ok(content) = gunzip(&Bytes::from(bytes), true, limit) {
            prop_assert!(content.len() <= limit);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_damage_makes_a_decoder_panic_or_pass_the_limit(
        content in proptest::collection::vec(any::<u8>(), 0..2_000),
        at in any::<prop::sample::Index>(),
        bit in 0u8..8,
        limit in 0usize..2_000,
    ) {
        for (encoding, mut wire) in encoded(&content) {
            let at = at.index(wire.len());
            wire[at] ^= 1 << bit;
            if let Ok(content) = decode(encoding, &wire, limit) {
                prop_assert!(content.len() <= limit + 1);
            }
        }
    }
}
