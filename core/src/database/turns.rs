//! Turns for large files, where many files are stored at once.
//!
//! A large file is cut, hashed and compressed by several threads. Were as many of them stored at once as there are
//! processors, each would have its share of those threads and no more, their buffers would take the caches from each
//! other, and of two that are alike, such as a program and its debug build, both would compress what one of them could
//! find stored by the other.

use parking_lot::{Condvar, Mutex};

use crate::hands::threads;

/// So many processors are kept busy by one large file.
const PROCESSORS_OF_ONE: usize = 2;

#[derive(Debug)]
pub(super) struct Turns {
    free: Mutex<usize>,
    freed: Condvar,
}

/// The turn of one file, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Turn<'a>(&'a Turns);

impl Turns {
    pub(super) fn new() -> Turns {
        Turns { free: Mutex::new(threads().div_ceil(PROCESSORS_OF_ONE)), freed: Condvar::new() }
    }

    /// Waits until a file that is at work is done, if there are enough of them.
    pub(super) fn take(&self) -> Turn<'_> {
        let mut free = self.free.lock();
        while *free == 0 {
            self.freed.wait(&mut free);
        }
        *free -= 1;
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.free.lock() += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Turns;
    use crate::hands::threads;

    #[test]
    fn no_more_are_at_work_than_keep_all_processors_busy() {
        let (turns, now, most) = (Turns::new(), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..2 * threads() + 2 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let _turn = turns.take();
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        let most = most.into_inner();
        assert!((1..=threads().div_ceil(2)).contains(&most), "{most} at once");
    }
}
