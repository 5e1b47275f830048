//! Compressed text: the bodies of rows, and rows that wait.

use std::cell::RefCell;
use std::io::{self, Read};
use zstd::bulk::{Compressor, Decompressor};

/// Of zstd; higher ones cost more than the few per cent that they save.
const LEVEL: i32 = 1;

/// Texts up to this many bytes share what packs them.
const SHORT: usize = 16 << 10;

// Most rows are an edit or two: to make what packs and unpacks them takes longer than to do it.
thread_local! {
    /// For short ones alone, so that what a long one needs is not held on to.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses a text.
pub(super) fn pack(text: &[u8]) -> io::Result<Vec<u8>> {
    if text.len() > SHORT {
        return zstd::bulk::compress(text, LEVEL);
    }
    PACKER.with_borrow_mut(|packer| match packer {
        Some(packer) => packer.compress(text),
        none => none.insert(Compressor::new(LEVEL)?).compress(text),
    })
}

/// What was compressed, up to `most` bytes of it.
pub(super) fn unpack(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let length = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    let length = length.and_then(|length| usize::try_from(length).ok()).filter(|length| *length <= most);
    if let Some(length) = length {
        return UNPACKER.with_borrow_mut(|unpacker| match unpacker {
            Some(unpacker) => unpacker.decompress(packed, length),
            none => none.insert(Decompressor::new()?).decompress(packed, length),
        });
    }
    let mut text = Vec::new();
    zstd::stream::Decoder::new(packed)?.take(most as u64).read_to_end(&mut text)?;
    Ok(text)
}
