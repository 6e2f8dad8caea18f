//! What folders are on this operating system: names, modes, times, links.
//!
//! Unix has all of it. Elsewhere names are text, and modes and the times of symbolic links are left alone.

#[cfg(unix)]
pub(super) use self::unix::*;

#[cfg(not(unix))]
pub(super) use self::other::*;

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::fs::{File, Metadata, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    use nix::fcntl::AT_FDCWD;
    use nix::libc;
    use nix::sys::stat::{UtimensatFlags, futimens, utimensat};
    use nix::sys::time::TimeSpec;

    use super::super::time::{NANOSECONDS, Time};

    /// Only the owner may enter a folder, or read a file, whose own mode is not set yet.
    const FOLDER_MODE: u32 = 0o700;
    const FILE_MODE: u32 = 0o600;

    pub(in super::super) fn mode_of(metadata: &Metadata) -> Option<u32> {
        Some(metadata.mode() & 0o7777)
    }

    pub(in super::super) fn mtime_of(metadata: &Metadata) -> Option<Time> {
        let nanoseconds = u32::try_from(metadata.mtime_nsec()).ok().filter(|part| *part < NANOSECONDS)?;
        Some(Time { seconds: metadata.mtime(), nanoseconds })
    }

    /// What tells a folder from all others, whatever path leads to it.
    pub(in super::super) fn identity_of(metadata: &Metadata) -> Option<(u64, u64)> {
        Some((metadata.dev(), metadata.ino()))
    }

    /// Opens a file for reading. Never follows a link, and never waits for the other end of a pipe.
    pub(in super::super) fn open_to_read(path: &Path) -> io::Result<File> {
        let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC;
        OpenOptions::new().read(true).custom_flags(flags).open(path)
    }

    /// Makes a file; fails where there is something, a symbolic link included.
    pub(in super::super) fn create_file(path: &Path) -> io::Result<File> {
        let flags = libc::O_NOFOLLOW | libc::O_CLOEXEC;
        OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).custom_flags(flags).open(path)
    }

    /// Makes a folder; fails where there is something.
    pub(in super::super) fn create_folder(path: &Path) -> io::Result<()> {
        std::fs::DirBuilder::new().mode(FOLDER_MODE).create(path)
    }

    /// Makes a symbolic link; fails where there is something.
    pub(in super::super) fn create_symlink(target: &[u8], path: &Path) -> io::Result<()> {
        std::os::unix::fs::symlink(OsStr::from_bytes(target), path)
    }

    /// Has the system begin to write what a file has to the disk, and waits for nothing, so that the disk is not idle until
    /// somebody syncs. Linux does that where it is told that the file's pages will not be wanted; those that are not on
    /// the disk yet it keeps.
    pub(in super::super) fn begin_writing_out(file: &File) {
        #[cfg(target_os = "linux")]
        {
            use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
            // A hint: where it is not taken, the disk begins later.
            let _ = posix_fadvise(file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = file;
    }

    pub(in super::super) fn finish_file(
        file: &File,
        mode: Option<u32>,
        mtime: Option<Time>,
    ) -> io::Result<()> {
        if let Some(time) = mtime {
            futimens(file, &TimeSpec::UTIME_OMIT, &timespec(time))?;
        }
        mode.map_or(Ok(()), |mode| file.set_permissions(Permissions::from_mode(mode)))
    }

    pub(in super::super) fn finish_folder(
        path: &Path,
        mode: Option<u32>,
        mtime: Option<Time>,
    ) -> io::Result<()> {
        set_time(path, mtime)?;
        mode.map_or(Ok(()), |mode| std::fs::set_permissions(path, Permissions::from_mode(mode)))
    }

    pub(in super::super) fn finish_symlink(path: &Path, mtime: Option<Time>) -> io::Result<()> {
        set_time(path, mtime)
    }

    fn set_time(path: &Path, mtime: Option<Time>) -> io::Result<()> {
        let Some(time) = mtime else { return Ok(()) };
        let flag = UtimensatFlags::NoFollowSymlink;
        utimensat(AT_FDCWD, path, &TimeSpec::UTIME_OMIT, &timespec(time), flag)?;
        Ok(())
    }

    fn timespec(time: Time) -> TimeSpec {
        TimeSpec::new(time.seconds, i64::from(time.nanoseconds))
    }
}

#[cfg(not(unix))]
mod other {
    use std::fs::{File, FileTimes, Metadata, OpenOptions};
    use std::io;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use super::super::time::Time;

    pub(in super::super) fn mode_of(_metadata: &Metadata) -> Option<u32> {
        None
    }

    pub(in super::super) fn mtime_of(metadata: &Metadata) -> Option<Time> {
        let since = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let seconds = i64::try_from(since.as_secs()).ok()?;
        Some(Time { seconds, nanoseconds: since.subsec_nanos() })
    }

    pub(in super::super) fn identity_of(_metadata: &Metadata) -> Option<(u64, u64)> {
        None
    }

    pub(in super::super) fn open_to_read(path: &Path) -> io::Result<File> {
        File::open(path)
    }

    pub(in super::super) fn create_file(path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(path)
    }

    pub(in super::super) fn begin_writing_out(_file: &File) {}

    pub(in super::super) fn create_folder(path: &Path) -> io::Result<()> {
        std::fs::create_dir(path)
    }

    pub(in super::super) fn create_symlink(_target: &[u8], _path: &Path) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "symbolic links are exported on Unix only"))
    }

    pub(in super::super) fn finish_file(
        file: &File,
        _mode: Option<u32>,
        mtime: Option<Time>,
    ) -> io::Result<()> {
        let time = mtime.and_then(|time| {
            let since = Duration::new(u64::try_from(time.seconds).ok()?, time.nanoseconds);
            SystemTime::UNIX_EPOCH.checked_add(since)
        });
        time.map_or(Ok(()), |time| file.set_times(FileTimes::new().set_modified(time)))
    }

    pub(in super::super) fn finish_folder(
        _path: &Path,
        _mode: Option<u32>,
        _mtime: Option<Time>,
    ) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn finish_symlink(_path: &Path, _mtime: Option<Time>) -> io::Result<()> {
        Ok(())
    }
}
