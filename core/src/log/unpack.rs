//! Decompressing bodies of records.
//!
//! Each thread keeps one zstd context, which is dear to make and cheap to use again.

use std::cell::RefCell;

use zstd::bulk::Decompressor;

use super::record::Header;
use crate::codec::malformed;
use crate::error::Result;

thread_local! {
    static CONTEXT: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Puts the raw body of a zstd-compressed one into `out`, which has the length that the checked header says.
pub(crate) fn decompress_to(header: &Header, stored: &[u8], out: &mut [u8]) -> Result<()> {
    if out.len() != header.raw_bytes as usize {
        return Err(other_length());
    }
    // None where the thread is ending and has forgotten already.
    let kept = CONTEXT.try_with(|kept| kept.try_borrow_mut().ok().and_then(|mut kept| kept.take()));
    let made = || Decompressor::new().map_err(|_| malformed("there is no memory for decompressing"));
    let mut context = kept.ok().flatten().map_or_else(made, Ok)?;
    let written = context.decompress_to_buffer(stored, out);
    let _ = CONTEXT.try_with(|kept| kept.replace(Some(context)));
    match written {
        Ok(written) if written == header.raw_bytes as usize => Ok(()),
        Ok(_) => Err(other_length()),
        Err(_) => Err(malformed("a record's body does not decompress")),
    }
}

/// The raw body of a zstd-compressed one. Bounded by the length that the checked header says.
pub(crate) fn decompress(header: &Header, stored: &[u8]) -> Result<Vec<u8>> {
    let mut raw = vec![0; header.raw_bytes as usize];
    decompress_to(header, stored, &mut raw)?;
    Ok(raw)
}

fn other_length() -> crate::error::Error {
    malformed("a record's body has another length than its header says")
}
