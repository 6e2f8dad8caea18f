//! Where the bytes of a file come from.

use std::ffi::{c_char, c_int, c_void};
use std::fs::File;
use std::io::{self, Read};

use ouroborosdb::{Error, ErrorCode, NewFile, Result};

use crate::boundary::Caller;
use crate::descriptor::Borrowed;

/// Writes the next bytes of a file to `buffer`, at most `capacity`, and returns how many; 0 at the end of the
/// file, a negative number where it cannot go on: the call then answers `OURO_ERROR_SOURCE_FAILED`. It runs on
/// the calling thread, only during the call, under no lock. It may call the library; it must not throw.
pub type ouro_read_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, buffer: *mut c_void, capacity: usize) -> isize>;

/// Bytes in memory.
const KIND_BYTES: i32 = 1;
/// A file at a path.
const KIND_PATH: i32 = 2;
/// An open descriptor.
const KIND_DESCRIPTOR: i32 = 3;
/// A function.
const KIND_CALLBACK: i32 = 4;

/// Where the bytes of a file come from. Made by `ouro_source_bytes`, `ouro_source_path`,
/// `ouro_source_descriptor` or `ouro_source_callback`; its fields are the library's own. It owns nothing: what it
/// was made of must last until the call that takes it returns.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_source {
    /// Which of the four it is.
    pub kind: i32,
    /// The descriptor.
    pub descriptor: c_int,
    /// The bytes or the path.
    pub data: *const c_void,
    /// How many bytes.
    pub data_len: usize,
    /// The function.
    pub read: ouro_read_fn,
    /// What the function is given.
    pub userdata: *mut c_void,
}

const NOTHING: ouro_source = ouro_source {
    kind: 0,
    descriptor: -1,
    data: std::ptr::null(),
    data_len: 0,
    read: None,
    userdata: std::ptr::null_mut(),
};

/// No source.
pub(crate) fn no_bytes() -> ouro_source {
    NOTHING
}

/// The file is these bytes. They may be NULL where there are none.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_source_bytes(bytes: *const c_void, bytes_len: usize) -> ouro_source {
    ouro_source { kind: KIND_BYTES, data: bytes, data_len: bytes_len, ..NOTHING }
}

/// The file is the one at this path.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_source_path(path: *const c_char) -> ouro_source {
    ouro_source { kind: KIND_PATH, data: path.cast(), ..NOTHING }
}

/// The file is what an open descriptor gives from its position to its end. The descriptor stays open.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_source_descriptor(descriptor: c_int) -> ouro_source {
    ouro_source { kind: KIND_DESCRIPTOR, descriptor, ..NOTHING }
}

/// The file is what this function gives.
#[unsafe(no_mangle)]
pub extern "C" fn ouro_source_callback(read: ouro_read_fn, userdata: *mut c_void) -> ouro_source {
    ouro_source { kind: KIND_CALLBACK, read, userdata, ..NOTHING }
}

impl Caller {
    /// The engine's reader of this source.
    pub(crate) fn source(&self, source: &ouro_source) -> Result<Box<dyn Read + '_>> {
        match source.kind {
            KIND_BYTES => Ok(Box::new(self.bytes(source.data, source.data_len, "source.bytes")?)),
            KIND_PATH => Ok(Box::new(self.open(source.data.cast())?)),
            KIND_DESCRIPTOR => Ok(Box::new(Borrowed::of(source.descriptor, "source.descriptor")?)),
            KIND_CALLBACK => Ok(Box::new(callback(source)?)),
            _ => Err(no_source()),
        }
    }

    /// The same as one of many files.
    pub(crate) fn new_file(&self, source: &ouro_source) -> Result<NewFile<'_>> {
        match source.kind {
            KIND_BYTES => {
                Ok(NewFile::from_bytes(self.bytes(source.data, source.data_len, "source.bytes")?))
            }
            KIND_PATH => Ok(NewFile::from_path(self.path(source.data.cast(), "source.path")?)),
            KIND_DESCRIPTOR => {
                Ok(NewFile::from_reader(Borrowed::of(source.descriptor, "source.descriptor")?))
            }
            KIND_CALLBACK => Ok(NewFile::from_reader_here(Here(callback(source)?))),
            _ => Err(no_source()),
        }
    }

    fn open(&self, path: *const c_char) -> Result<File> {
        let path = self.path(path, "source.path")?;
        File::open(path).map_err(|error| Error::io("opening", path, error))
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::InvalidArgument, message)
}

fn no_source() -> Error {
    invalid("the parameter `source` is none; make it with a function `ouro_source_...`")
}

fn callback(source: &ouro_source) -> Result<Callback> {
    let read = source.read.ok_or_else(|| invalid("the parameter `source.read` is NULL; pass a function"))?;
    Ok(Callback { read, userdata: source.userdata })
}

/// A function of C's as a reader.
struct Callback {
    read: unsafe extern "C" fn(*mut c_void, *mut c_void, usize) -> isize,
    userdata: *mut c_void,
}

impl Read for Callback {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let capacity = buffer.len().min(isize::MAX.unsigned_abs());
        // SAFETY: the caller's function and pointer, and a buffer with room for as much as is said.
        let given = unsafe { (self.read)(self.userdata, buffer.as_mut_ptr().cast(), capacity) };
        match usize::try_from(given) {
            Ok(length) if length <= capacity => Ok(length),
            Ok(length) => Err(io::Error::other(format!(
                "the read callback says that it gave {length} bytes where there was room for {capacity}"
            ))),
            Err(_) => Err(io::Error::other(format!("the read callback returned {given}"))),
        }
    }
}

/// A function of C's among many files. The engine reads it where the call was made, and nowhere else.
struct Here(Callback);

// SAFETY: handed to `NewFile::from_reader_here` alone, which reads on the thread that makes the call: it goes to no other.
unsafe impl Send for Here {}

impl Read for Here {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}
