//! Names and paths as bytes: Unix has any, elsewhere they are text.

use std::ffi::{OsStr, OsString};

/// The bytes of a name; none where it is no text.
#[cfg(unix)]
pub(crate) fn bytes_of_text(text: &OsStr) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    Some(text.as_bytes().to_vec())
}

/// The name that has these bytes.
#[cfg(unix)]
pub(crate) fn text_of_bytes(bytes: &[u8]) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes.to_vec()))
}

/// The bytes of a name; none where it is no text.
#[cfg(not(unix))]
pub(crate) fn bytes_of_text(text: &OsStr) -> Option<Vec<u8>> {
    text.to_str().map(|text| text.as_bytes().to_vec())
}

/// The name that has these bytes; none where they are no text.
#[cfg(not(unix))]
pub(crate) fn text_of_bytes(bytes: &[u8]) -> Option<OsString> {
    std::str::from_utf8(bytes).ok().map(OsString::from)
}
