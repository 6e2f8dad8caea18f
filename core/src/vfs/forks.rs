//! What becomes of a child that this process forks: it is counted, and it lets go of the locks of its parent.
//!
//! A child has copies of its parent's descriptors, and a lock of the kernel lives as long as any of them: were the
//! parent killed, a worker that it had forked would keep the store locked in the name of a dead process. A handler
//! that runs in each child, before anything else does, puts `/dev/null` in the place of those descriptors: their
//! numbers stay taken, so that whoever closes them there closes nothing else.
//!
//! What forks by a bare system call runs no handlers.

use std::io;

#[cfg(unix)]
pub(crate) use unix::{HeldLock, count, watch};

/// Nothing forks here.
#[cfg(not(unix))]
mod elsewhere {
    #[derive(Debug)]
    pub(crate) struct HeldLock;

    impl HeldLock {
        pub(crate) fn new<T>(_file: &T) -> HeldLock {
            HeldLock
        }
    }
}
#[cfg(not(unix))]
pub(crate) use elsewhere::HeldLock;

/// How many forks lie between this process and the first one that watched.
#[cfg(not(unix))]
pub(crate) fn count() -> u32 {
    0
}

/// Has forks counted from now on.
#[cfg(not(unix))]
pub(crate) fn watch() -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
mod unix {
    use std::os::fd::{AsRawFd, RawFd};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};

    use nix::libc;

    use super::io;

    /// How many locks a process can hold that its children let go of: two for each store that is open for writing.
    const LOCKS_MAX: usize = 512;
    /// Stands where there is no descriptor.
    const NONE: RawFd = -1;

    static FORKS: AtomicU32 = AtomicU32::new(0);
    /// What the system answered when it was asked to call the handler.
    static WATCHED: OnceLock<i32> = OnceLock::new();
    static LOCKS: [AtomicI32; LOCKS_MAX] = [const { AtomicI32::new(NONE) }; LOCKS_MAX];

    /// How many forks lie between this process and the first one that watched.
    pub(crate) fn count() -> u32 {
        FORKS.load(Ordering::Relaxed)
    }

    /// Has forks counted from now on.
    pub(crate) fn watch() -> io::Result<()> {
        // SAFETY: the handler captures nothing and lives as long as the code of this library; the system forgets it
        // when the library is unloaded.
        #[allow(unsafe_code, reason = "the standard library has no way to learn of a fork")]
        let register = || unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
        match *WATCHED.get_or_init(register) {
            0 => Ok(()),
            refused => Err(io::Error::from_raw_os_error(refused)),
        }
    }

    /// Runs in a child whose other threads are gone, perhaps in the middle of an allocation: it may touch atomics and
    /// make system calls, and no more.
    extern "C" fn in_child() {
        FORKS.fetch_add(1, Ordering::Relaxed);
        if LOCKS.iter().all(|slot| slot.load(Ordering::Acquire) == NONE) {
            return;
        }
        // SAFETY: these calls take numbers and a text that ends in zero, and are among those that a forked child may
        // make. The descriptors are those of open files: whoever closes one takes it off the list first.
        #[allow(unsafe_code, reason = "there are no safe calls that allocate nothing")]
        unsafe {
            let nothing = libc::open(c"/dev/null".as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC);
            if nothing == NONE {
                return;
            }
            for slot in &LOCKS {
                let held = slot.load(Ordering::Acquire);
                if held != NONE && libc::dup2(nothing, held) == held {
                    libc::fcntl(held, libc::F_SETFD, libc::FD_CLOEXEC);
                    // The child may close it and get the number for something else, and fork in turn.
                    slot.store(NONE, Ordering::Release);
                }
            }
            libc::close(nothing);
        }
    }

    /// A lock that children let go of, as long as this is kept. Drop it before its file is closed.
    #[derive(Debug)]
    pub(crate) struct HeldLock {
        slot: Option<&'static AtomicI32>,
        held: RawFd,
    }

    impl HeldLock {
        pub(crate) fn new(file: &impl AsRawFd) -> HeldLock {
            let held = file.as_raw_fd();
            let take = |slot: &&AtomicI32| {
                slot.compare_exchange(NONE, held, Ordering::AcqRel, Ordering::Relaxed).is_ok()
            };
            HeldLock { slot: LOCKS.iter().find(take), held }
        }
    }

    impl Drop for HeldLock {
        fn drop(&mut self) {
            if let Some(slot) = self.slot {
                let _ = slot.compare_exchange(self.held, NONE, Ordering::AcqRel, Ordering::Relaxed);
            }
        }
    }
}
