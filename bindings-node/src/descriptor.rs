//! Open descriptors that belong to JavaScript.

use std::fs::File;
use std::io::{self, Write};
use std::mem::ManuallyDrop;

use ouroborosdb::{Error, ErrorCode, Result};

/// A file that JavaScript closes.
pub(crate) struct Borrowed(ManuallyDrop<File>);

impl Borrowed {
    /// The file of this descriptor, which JavaScript looked at: it is not negative.
    #[cfg(unix)]
    #[allow(unsafe_code, reason = "a number is all that JavaScript has for an open file")]
    pub(crate) fn of(number: i32) -> Result<Borrowed> {
        use std::os::fd::FromRawFd;

        if number < 0 {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "the descriptor is negative; pass an open one",
            ));
        }
        // SAFETY: not negative; it is never closed here. Where it is not open, each write fails.
        Ok(Borrowed(ManuallyDrop::new(unsafe { File::from_raw_fd(number) })))
    }

    #[cfg(not(unix))]
    pub(crate) fn of(_number: i32) -> Result<Borrowed> {
        let message = "this system has no descriptors that a library may write to; pass a path";
        Err(Error::new(ErrorCode::InvalidArgument, message))
    }
}

impl Write for Borrowed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
