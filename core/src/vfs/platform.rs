//! What each operating system does its own way.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

#[cfg(unix)]
pub(super) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(unix)]
pub(super) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
pub(super) fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, buffer, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer = buffer.get_mut(read..).unwrap_or_default();
        offset += read as u64;
    }
    Ok(())
}

#[cfg(windows)]
pub(super) fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = bytes.get(written..).unwrap_or_default();
        offset += written as u64;
    }
    Ok(())
}

/// Whether the file is on another machine, or on what a process of this one makes up: where that is gone, a mapped page
/// cannot be read, and whoever touches it is killed.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn is_remote(file: &File) -> io::Result<bool> {
    use nix::sys::statfs::{FUSE_SUPER_MAGIC, FsType, NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, fstatfs};

    /// From `linux/magic.h`: cifs, smb2, 9p, Ceph, AFS.
    const OTHERS: [u32; 5] = [0xff53_4d42, 0xfe53_4d42, 0x0102_1997, 0x00c3_6400, 0x5346_414f];
    let kind = fstatfs(file)?.filesystem_type();
    let others = OTHERS.map(|magic| FsType(nix::libc::__fsword_t::from(magic)));
    Ok([NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, FUSE_SUPER_MAGIC].contains(&kind) || others.contains(&kind))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn is_remote(_file: &File) -> io::Result<bool> {
    Ok(false)
}

/// On Linux by `copy_file_range`, which shares blocks where the file system can.
pub(super) fn clone_file(
    from: &Path,
    to: &Path,
    bytes: u64,
    go_on: &mut dyn FnMut() -> bool,
) -> io::Result<()> {
    let source = File::open(from)?;
    let made = File::options().write(true).create_new(true).open(to)?;
    let cloned = clone_bytes(&source, &made, bytes, go_on);
    if cloned.is_err() {
        let _ = std::fs::remove_file(to);
    }
    cloned
}

fn clone_bytes(
    source: &File,
    mut made: &File,
    bytes: u64,
    go_on: &mut dyn FnMut() -> bool,
) -> io::Result<()> {
    /// Whole blocks of every file system, so that they can be shared.
    const STEP_BYTES: u64 = 16 * 1024 * 1024;
    let mut at = 0;
    while at < bytes {
        if !go_on() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let step = STEP_BYTES.min(bytes - at);
        if io::copy(&mut source.take(step), &mut made)? < step {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        at += step;
    }
    Ok(())
}

/// A folder is a file too: syncing it makes the names in it durable.
#[cfg(unix)]
pub(super) fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// NTFS journals names by itself, and a folder cannot be opened for syncing.
#[cfg(not(unix))]
pub(super) fn sync_dir(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
pub(super) fn free_bytes(path: &Path) -> io::Result<u64> {
    let room = nix::sys::statvfs::statvfs(path)?;
    Ok((room.blocks_available() as u64).saturating_mul(room.fragment_size() as u64))
}

/// Not asked: a full disk fails the write instead of being refused before it.
#[cfg(not(unix))]
pub(super) fn free_bytes(_path: &Path) -> io::Result<u64> {
    Ok(u64::MAX)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn reserve(file: &File, from: u64, end: u64) -> io::Result<()> {
    use nix::errno::Errno;
    use nix::fcntl::{FallocateFlags, fallocate};

    let place = |value| nix::libc::off_t::try_from(value).map_err(|_| io::ErrorKind::InvalidInput);
    if end <= from {
        return Ok(());
    }
    match fallocate(file, FallocateFlags::empty(), place(from)?, place(end - from)?) {
        Ok(()) => Ok(()),
        Err(Errno::EOPNOTSUPP | Errno::ENOSYS) => Err(io::ErrorKind::Unsupported.into()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn reserve(_file: &File, _from: u64, _end: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Open-file-description locks: they exclude each other within one process too, they are not lost when
/// another descriptor of the file is closed, and they end with the process.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn try_lock(file: &File, offset: u64, length: u64) -> io::Result<bool> {
    use nix::errno::Errno;
    match set_lock(file, nix::libc::F_WRLCK, offset, length) {
        Ok(()) => Ok(true),
        Err(Errno::EAGAIN | Errno::EACCES) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn unlock(file: &File, offset: u64, length: u64) -> io::Result<()> {
    Ok(set_lock(file, nix::libc::F_UNLCK, offset, length)?)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn set_lock(file: &File, kind: nix::libc::c_int, offset: u64, length: u64) -> nix::Result<()> {
    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc;

    let place = |value| libc::off_t::try_from(value).map_err(|_| nix::errno::Errno::EINVAL);
    let lock = libc::flock {
        l_type: kind as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: place(offset)?,
        l_len: place(length)?,
        l_pid: 0,
    };
    fcntl(file, FcntlArg::F_OFD_SETLK(&lock)).map(|_| ())
}

/// The whole file is locked where there are no open-file-description locks on ranges.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn try_lock(file: &File, _offset: u64, _length: u64) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(std::fs::TryLockError::WouldBlock) => Ok(false),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn unlock(file: &File, _offset: u64, _length: u64) -> io::Result<()> {
    file.unlock()
}
