//! Which process a store belongs to. A child that was forked has copies of its parent's handles, and may not use them.
//!
//! Every call asks, so it must cost next to nothing: asking the kernel for the process id costs more than finding an
//! event. A handler that runs in each forked child counts instead. A child of a bare system call runs no handlers, so
//! whatever writes asks for the process id as well.

use crate::error::{Error, ErrorCode, Result};
use crate::vfs::forks;

/// The process that opened a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Process {
    id: u32,
    forks: u32,
}

impl Process {
    /// The process that runs; `io` where the system refuses the handler.
    pub(super) fn current() -> Result<Process> {
        forks::watch().map_err(|reason| {
            Error::new(ErrorCode::Io, format!("the system cannot watch for forks: {reason}"))
        })?;
        Ok(Process { id: std::process::id(), forks: forks::count() })
    }

    /// `closed` in a child that was forked since.
    #[inline]
    pub(super) fn check(&self) -> Result<()> {
        if self.forks == forks::count() { Ok(()) } else { Err(forked()) }
    }

    /// The same, whatever way the child was made.
    pub(super) fn check_thoroughly(&self) -> Result<()> {
        if self.id == std::process::id() { self.check() } else { Err(forked()) }
    }
}

fn forked() -> Error {
    let message = "this process was forked from the one that opened the database; open it again here";
    Error::new(ErrorCode::Closed, message)
}

#[cfg(all(test, unix))]
mod tests {
    use super::Process;
    use crate::vfs::forks;

    /// What happens in a child is seen by the tests of Python, where forking is safe; here, what the handler changes.
    #[test]
    fn a_process_is_another_after_a_fork() {
        let before = Process::current().unwrap();
        before.check().unwrap();
        before.check_thoroughly().unwrap();
        let in_child = Process { forks: forks::count() + 1, ..before };
        assert!(in_child.check().is_err());
        assert!(Process { id: before.id + 1, ..before }.check_thoroughly().is_err());
    }
}
