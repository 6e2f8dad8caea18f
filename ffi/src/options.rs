//! How a database is opened.

use std::ffi::c_char;
use std::path::Path;

use ouroborosdb::limits::PATHS_MAX;
use ouroborosdb::{Compression, Durability, Error, ErrorCode, Options, Result};

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};
use crate::sized::{SizedStruct, flag};

/// A commit survives power loss when its call returns.
pub const OURO_DURABILITY_DURABLE: i32 = 0;
/// A commit survives a crash of the process; `ouro_database_sync` makes it durable.
pub const OURO_DURABILITY_BUFFERED: i32 = 1;

/// New chunks are not compressed.
pub const OURO_COMPRESSION_NONE: i32 = 0;
/// New chunks are compressed with zstd level 1.
pub const OURO_COMPRESSION_FAST: i32 = 1;
/// New chunks are compressed with zstd level 3.
pub const OURO_COMPRESSION_DEFAULT: i32 = 2;

/// How a database is opened. Begin with `OURO_OPTIONS_INIT` or `ouro_options_init`, which set the defaults.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_options {
    /// The size of this struct.
    pub struct_size: usize,
    /// `OURO_DURABILITY_...`; default durable.
    pub durability: i32,
    /// `OURO_COMPRESSION_...`; default zstd level 3.
    pub compression: i32,
    /// Writes that would leave less than this many bytes free on the disk are refused with
    /// `OURO_ERROR_DISK_FULL`; default 0.
    pub minimum_free_bytes: u64,
    /// About how large a segment file grows before the next is begun, 64 KiB to 4 GiB; default 256 MiB.
    pub segment_bytes: u64,
    /// How many bytes a database in memory may take; default `UINT64_MAX`, without limit.
    pub memory_capacity_bytes: u64,
    /// Whether opening makes the store where there is none, 1 or 0; default 1.
    pub create: u8,
    /// Whether the latencies of `ouro_database_latency` are measured, 1 or 0; default 1.
    pub latencies: u8,
    /// Zero.
    pub reserved: [u8; 6],
    /// Further folders for the store's segments, on other disks. Each is empty, or does not exist yet in a folder
    /// that does, or is the store's already, wherever it was moved since. The store remembers them: later they need
    /// only be given where they have moved. Segments go to the store's own folder as long as there is room for a
    /// whole one, then to these in their order. Where one is not there, the store opens without it, and
    /// `missing_paths` of `ouro_stats` counts it. NULL where there are none. A database in memory takes no notice of
    /// them.
    pub paths: *const *const c_char,
    /// How many folders, 64 at most.
    pub paths_len: usize,
    /// About how much memory of its own the database keeps, in bytes, however much is stored, 4 MiB or more: three
    /// quarters for events and pieces of files that were read lately, the rest for what is not in the index on the disk
    /// yet; default 64 MiB. Files on their way in or out take some MiB more for each processor.
    pub memory_limit: u64,
}

// SAFETY: `repr(C)`, a `usize` first, integers and pointers behind it, no padding.
unsafe impl SizedStruct for ouro_options {
    const SIZE_FIRST: usize = 48;

    fn defaults() -> ouro_options {
        ouro_options {
            struct_size: size_of::<ouro_options>(),
            durability: OURO_DURABILITY_DURABLE,
            compression: OURO_COMPRESSION_DEFAULT,
            minimum_free_bytes: 0,
            segment_bytes: 256 * 1024 * 1024,
            memory_capacity_bytes: u64::MAX,
            create: 1,
            latencies: 1,
            reserved: [0; 6],
            paths: std::ptr::null(),
            paths_len: 0,
            memory_limit: 64 * 1024 * 1024,
        }
    }
}

const _: () = assert!(size_of::<ouro_options>() == 72);

/// Sets the defaults. `struct_size` is `sizeof(ouro_options)`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_options_init(
    options: *mut ouro_options,
    struct_size: usize,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.output(options.cast::<usize>(), struct_size, "options")?;
        caller.set_sized(options, &ouro_options::defaults(), "options")
    })
}

impl Caller {
    /// The engine's options of these; NULL has the defaults.
    pub(crate) fn options(&self, options: *const ouro_options) -> Result<Options> {
        let given = self.sized(options, "options")?;
        Ok(to_core(&given)?.paths(self.paths(&given)?))
    }

    fn paths(&self, options: &ouro_options) -> Result<Vec<&Path>> {
        // Before any of them is looked at: a length that was never set is no reason to read on.
        if options.paths_len > PATHS_MAX {
            let message = format!("`options->paths` has {} folders; {PATHS_MAX} at most", options.paths_len);
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        let paths = self.array(options.paths, options.paths_len, "options->paths")?;
        paths.iter().map(|path| self.path(*path, "options->paths[]")).collect()
    }
}

fn to_core(options: &ouro_options) -> Result<Options> {
    let durability = match options.durability {
        OURO_DURABILITY_DURABLE => Durability::Durable,
        OURO_DURABILITY_BUFFERED => Durability::Buffered,
        other => return Err(unknown("durability", "OURO_DURABILITY_...", other)),
    };
    let compression = match options.compression {
        OURO_COMPRESSION_NONE => Compression::None,
        OURO_COMPRESSION_FAST => Compression::Fast,
        OURO_COMPRESSION_DEFAULT => Compression::Default,
        other => return Err(unknown("compression", "OURO_COMPRESSION_...", other)),
    };
    if options.reserved != [0; 6] {
        return Err(Error::new(ErrorCode::InvalidArgument, "the field `reserved` of `options` is not zero"));
    }
    Ok(Options::new()
        .durability(durability)
        .compression(compression)
        .minimum_free_bytes(options.minimum_free_bytes)
        .segment_bytes(options.segment_bytes)
        .memory_capacity_bytes(options.memory_capacity_bytes)
        .memory_limit(options.memory_limit)
        .create(flag(options.create, "options->create")?)
        .latencies(flag(options.latencies, "options->latencies")?))
}

fn unknown(field: &str, constants: &str, value: i32) -> Error {
    let message =
        format!("the field `{field}` of `options` is {value}; use one of the constants {constants}");
    Error::new(ErrorCode::InvalidArgument, message)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{ouro_options, to_core};
    use crate::sized::SizedStruct;

    #[test]
    fn the_defaults_are_those_of_the_engine() {
        let ours = to_core(&ouro_options::defaults()).unwrap();
        assert_eq!(format!("{ours:?}"), format!("{:?}", ouroborosdb::Options::new()));
    }
}
