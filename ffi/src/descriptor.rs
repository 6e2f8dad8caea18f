//! Open descriptors that belong to C.

use std::ffi::c_int;
use std::fs::File;
use std::io::{self, Read, Write};
use std::mem::ManuallyDrop;

use ouroborosdb::{Error, ErrorCode, Result};

/// A file that C closes.
pub(crate) struct Borrowed(ManuallyDrop<File>);

impl Borrowed {
    /// The file of this descriptor, the parameter `name`.
    #[cfg(unix)]
    pub(crate) fn of(number: c_int, name: &str) -> Result<Borrowed> {
        use std::os::fd::FromRawFd;

        if number < 0 {
            let message = format!("the parameter `{name}` is negative; pass an open one");
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        // SAFETY: not negative, and open for the length of the call by the header's rules; it is never closed here.
        Ok(Borrowed(ManuallyDrop::new(unsafe { File::from_raw_fd(number) })))
    }

    #[cfg(not(unix))]
    pub(crate) fn of(_number: c_int, name: &str) -> Result<Borrowed> {
        let message = format!(
            "the parameter `{name}` is a descriptor, which this system has not; pass a path or a callback"
        );
        Err(Error::new(ErrorCode::InvalidArgument, message))
    }
}

impl Read for Borrowed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
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
