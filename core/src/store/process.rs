//! Which process a store belongs to. A child that was forked has copies of its parent's handles, and may not use them.
//!
//! Every call asks, so it must cost next to nothing: asking the kernel for the process id costs more than finding an
//! event. A handler that runs in each forked child counts instead. What forks by a bare system call runs no handlers;
//! whatever writes asks for the process id as well.

use crate::error::{Error, ErrorCode, Result};

/// The process that opened a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Process {
    id: u32,
    forks: u32,
}

impl Process {
    /// The process that runs; `io` where the system refuses the handler.
    pub(super) fn current() -> Result<Process> {
        forks::watch()?;
        Ok(Process { id: std::process::id(), forks: forks::count() })
    }

    /// `closed` in a child that was forked since.
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

#[cfg(unix)]
mod forks {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use crate::error::{Error, ErrorCode, Result};

    /// How many forks lie between this process and the first one that watched.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    /// What the system answered when it was asked to call the handler.
    static WATCHED: OnceLock<i32> = OnceLock::new();

    /// Runs in a forked child before anything else does, and may do no more than this.
    extern "C" fn count_one() {
        COUNT.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count() -> u32 {
        COUNT.load(Ordering::Relaxed)
    }

    pub(super) fn watch() -> Result<()> {
        // SAFETY: the handler is a function without captures that lives as long as the code of this library, touches
        // one atomic, and so is safe in a child of a process with other threads.
        #[allow(unsafe_code, reason = "the standard library has no way to learn of a fork")]
        let register = || unsafe { nix::libc::pthread_atfork(None, None, Some(count_one)) };
        match *WATCHED.get_or_init(register) {
            0 => Ok(()),
            refused => {
                let reason = std::io::Error::from_raw_os_error(refused);
                Err(Error::new(ErrorCode::Io, format!("the system cannot watch for forks: {reason}")))
            }
        }
    }
}

/// Nothing forks here.
#[cfg(not(unix))]
mod forks {
    pub(super) fn count() -> u32 {
        0
    }

    pub(super) fn watch() -> crate::error::Result<()> {
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Process, forks};

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
