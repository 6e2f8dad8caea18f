//! One process writes: not a forked child with its parent's handle, and not a second writer for want of a lock file.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use nix::libc;
use ouroborosdb::{Database, ErrorCode, NewEvent, Options};

/// Someone removed the file `lock`, a second writer made and locked a new one, and both wrote over each other.
#[test]
fn removing_the_lock_file_lets_no_second_writer_in() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s");
    let db = Database::open(&store, Options::new()).unwrap();
    db.create_root("r").unwrap();
    std::fs::remove_file(store.join("lock")).unwrap();
    let error = Database::open(&store, Options::new()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Locked);
    db.close().unwrap();
    Database::open(&store, Options::new()).unwrap().close().unwrap();
}

/// A pipe to wait on, with nothing that a forked child could find locked.
struct Pipe([libc::c_int; 2]);

impl Pipe {
    fn new() -> Pipe {
        let mut ends = [0; 2];
        // SAFETY: `pipe` writes two descriptors into an array of two.
        assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
        Pipe(ends)
    }

    fn wait(&self) {
        let mut byte = 0u8;
        // SAFETY: one byte is read into a variable of one byte.
        unsafe { libc::read(self.0[0], (&raw mut byte).cast(), 1) };
    }

    fn tell(&self) {
        // SAFETY: one byte is written from a constant of one byte.
        unsafe { libc::write(self.0[1], c"x".as_ptr().cast(), 1) };
    }
}

/// A forked child wrote at the place where it thought that the log ended, over what its parent had acknowledged
/// meanwhile, and gave the parent's lock back when it ended.
#[test]
fn a_forked_child_neither_writes_nor_unlocks() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s");
    let db = Database::open(&store, Options::new()).unwrap();
    let root = db.create_root("r").unwrap();
    let pipe = Pipe::new();
    // SAFETY: the child uses nothing that another thread could hold at this moment but the allocator, which the
    // system keeps usable, and ends without running what its parent has to run.
    let child = unsafe { libc::fork() };
    if child == 0 {
        pipe.wait();
        let written = db.append(root, NewEvent::new().metadata("from the child"));
        let refused = written.is_err_and(|error| error.code() == ErrorCode::Closed);
        // What an interpreter does with its objects when it ends.
        drop(db);
        // SAFETY: it ends the child at once.
        unsafe { libc::_exit(if refused { 0 } else { 1 }) }
    }
    let acknowledged = db.append(root, NewEvent::new().metadata("acknowledged")).unwrap();
    pipe.tell();
    let mut status = 0;
    // SAFETY: it waits for a child of this process and writes one number.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert!(libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0, "the child's write: status {status}");
    db.event(acknowledged).unwrap();
    let second = Database::open(&store, Options::new()).unwrap_err();
    assert_eq!(second.code(), ErrorCode::Locked, "the child gave the lock back");
    db.close().unwrap();
    Database::open(&store, Options::new()).unwrap().event(acknowledged).unwrap();
}
