//! `open`, `open_read_only`, `open_in_memory`: the ways to a database.

use std::path::PathBuf;

use ouroborosdb::limits::PATHS_MAX;
use ouroborosdb::{Compression, Durability, Options};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::arguments::{PathArgument, flag, invalid, text, whole_number, wrong_type};
use crate::database::Database;
use crate::detached::detached;

/// Opens the store at ``path`` for reading and writing, and makes it where there is none.
///
/// One process at a time may have a store open for writing. What an earlier process left unfinished is recovered.
///
/// ``path`` is a str, bytes or os.PathLike. ``durability`` says when a commit is safe: "durable", it survives power
/// loss when the call returns; "buffered", it survives a crash of the process, and ``Database.sync`` makes it
/// durable. ``compression`` of new chunks is "default" (zstd 3), "fast" (zstd 1) or "none". Writes that would leave
/// less than ``minimum_free_bytes`` free on the disk raise DiskFullError before anything is written; default 0.
/// ``segment_bytes`` is about how large a file of the store grows before the next is begun, 64 KiB to 4 GiB;
/// default 256 MiB. ``paths`` are further folders for these files, on other disks, 64 at most: each is empty, or
/// does not exist yet in a folder that does, or is the store's already, wherever it was moved since. The store
/// remembers them: later they need only be given where they have moved. Files go to the store's own folder as long
/// as there is room for a whole one, then to these in their order. Where one is not there, the store opens without
/// it, and ``Stats.missing_paths`` counts it. With ``create=False`` a missing store is an error. With
/// ``latencies=False`` the latencies of ``Database.stats`` are not measured, which costs a few nanoseconds a call.
/// ``memory_limit`` is about how many bytes of memory of its own the database keeps, however much is stored, 4 MiB or
/// more: three quarters for events and pieces of files that were read lately, the rest for what is not in the index on
/// the disk yet; default 64 MiB.
///
/// Raises PathNotFoundError where there is nothing and ``create`` forbids making it, or the parent folder is
/// missing; NotAStoreError; NewerFormatError; LockedError, naming the process that has the store open;
/// PermissionDeniedError; CorruptError where the superblock or all segments are lost; InvalidArgumentError.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "Python's callers name them")]
#[pyo3(
    signature = (
        path, *, durability=Durable::default(), compression=Compressed::default(), minimum_free_bytes=None,
        segment_bytes=None, paths=None, create=Create(true), latencies=Latencies(true), memory_limit=None
    ),
    text_signature = "(path, *, durability='durable', compression='default', minimum_free_bytes=None, \
                      segment_bytes=None, paths=None, create=True, latencies=True, memory_limit=None)"
)]
pub(crate) fn open(
    py: Python<'_>,
    path: PathArgument,
    durability: Durable,
    compression: Compressed,
    minimum_free_bytes: Option<&Bound<'_, PyAny>>,
    segment_bytes: Option<&Bound<'_, PyAny>>,
    paths: Option<Paths>,
    create: Create,
    latencies: Latencies,
    memory_limit: Option<&Bound<'_, PyAny>>,
) -> PyResult<Database> {
    let options = Options::new().durability(durability.0).compression(compression.0).create(create.0);
    let options = options.latencies(latencies.0).paths(paths.unwrap_or_default().0);
    let mut options = with_sizes(options, segment_bytes, memory_limit)?;
    if let Some(bytes) = minimum_free_bytes {
        options = options.minimum_free_bytes(whole_number("minimum_free_bytes", bytes)?);
    }
    detached(py, || ouroborosdb::Database::open(path.0, options)).map(Database::new)
}

/// Opens the store at ``path`` for reading, as of now. Writes nothing, and does not mind a process that writes.
///
/// ``path``, ``segment_bytes``, ``paths``, ``latencies`` and ``memory_limit`` as for ``open``; nothing that reads asks
/// for the second, and no folder is added.
///
/// Raises what ``open`` raises, but LockedError.
#[pyfunction]
#[pyo3(
    signature = (path, *, segment_bytes=None, paths=None, latencies=Latencies(true), memory_limit=None),
    text_signature = "(path, *, segment_bytes=None, paths=None, latencies=True, memory_limit=None)"
)]
pub(crate) fn open_read_only(
    py: Python<'_>,
    path: PathArgument,
    segment_bytes: Option<&Bound<'_, PyAny>>,
    paths: Option<Paths>,
    latencies: Latencies,
    memory_limit: Option<&Bound<'_, PyAny>>,
) -> PyResult<Database> {
    let options = Options::new().latencies(latencies.0).paths(paths.unwrap_or_default().0);
    let options = with_sizes(options, segment_bytes, memory_limit)?;
    detached(py, || ouroborosdb::Database::open_read_only(path.0, options)).map(Database::new)
}

/// Makes an empty database in memory, which is gone when it is closed. For tests and scratch.
///
/// ``durability``, ``compression``, ``segment_bytes``, ``latencies`` and ``memory_limit`` as for ``open``. Writes beyond
/// ``memory_capacity_bytes`` raise DiskFullError; default without limit.
///
/// Raises DiskFullError where an empty store does not fit; InvalidArgumentError.
#[pyfunction]
#[pyo3(
    signature = (
        *, durability=Durable::default(), compression=Compressed::default(), segment_bytes=None,
        memory_capacity_bytes=None, latencies=Latencies(true), memory_limit=None
    ),
    text_signature = "(*, durability='durable', compression='default', segment_bytes=None, \
                      memory_capacity_bytes=None, latencies=True, memory_limit=None)"
)]
pub(crate) fn open_in_memory(
    py: Python<'_>,
    durability: Durable,
    compression: Compressed,
    segment_bytes: Option<&Bound<'_, PyAny>>,
    memory_capacity_bytes: Option<&Bound<'_, PyAny>>,
    latencies: Latencies,
    memory_limit: Option<&Bound<'_, PyAny>>,
) -> PyResult<Database> {
    let options = Options::new().durability(durability.0).compression(compression.0);
    let options = options.latencies(latencies.0);
    let mut options = with_sizes(options, segment_bytes, memory_limit)?;
    if let Some(bytes) = memory_capacity_bytes {
        options = options.memory_capacity_bytes(whole_number("memory_capacity_bytes", bytes)?);
    }
    detached(py, || ouroborosdb::Database::open_in_memory(options)).map(Database::new)
}

/// The argument `durability`.
#[derive(Default)]
pub(crate) struct Durable(pub(crate) Durability);

impl FromPyObject<'_, '_> for Durable {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Durable> {
        match text("durability", &given)? {
            "durable" => Ok(Durable(Durability::Durable)),
            "buffered" => Ok(Durable(Durability::Buffered)),
            _ => Err(invalid(given.py(), "durability is \"durable\" or \"buffered\"")),
        }
    }
}

/// The argument `compression`.
#[derive(Default)]
pub(crate) struct Compressed(Compression);

impl FromPyObject<'_, '_> for Compressed {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Compressed> {
        match text("compression", &given)? {
            "default" => Ok(Compressed(Compression::Default)),
            "fast" => Ok(Compressed(Compression::Fast)),
            "none" => Ok(Compressed(Compression::None)),
            _ => Err(invalid(given.py(), "compression is \"default\", \"fast\" or \"none\"")),
        }
    }
}

/// The argument `paths`.
#[derive(Default)]
pub(crate) struct Paths(Vec<PathBuf>);

impl FromPyObject<'_, '_> for Paths {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Paths> {
        let wrong = || wrong_type("paths", "an iterable of paths", &given);
        let is_one = given.is_instance_of::<PyString>()
            || given.is_instance_of::<PyBytes>()
            || given.hasattr("__fspath__")?;
        if is_one {
            return Err(wrong());
        }
        let mut paths = Vec::new();
        for path in given.try_iter().map_err(|_| wrong())? {
            paths.push(path?.extract::<PathArgument>()?.0);
            // It may go on without end; these are too many already, as the engine will say.
            if paths.len() > PATHS_MAX {
                break;
            }
        }
        Ok(Paths(paths))
    }
}

/// The argument `create`.
pub(crate) struct Create(bool);

impl FromPyObject<'_, '_> for Create {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Create> {
        flag("create", &given).map(Create)
    }
}

/// The argument `latencies`.
pub(crate) struct Latencies(bool);

impl FromPyObject<'_, '_> for Latencies {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Latencies> {
        flag("latencies", &given).map(Latencies)
    }
}

fn with_sizes(
    mut options: Options,
    segment_bytes: Option<&Bound<'_, PyAny>>,
    memory_limit: Option<&Bound<'_, PyAny>>,
) -> PyResult<Options> {
    if let Some(bytes) = segment_bytes {
        options = options.segment_bytes(whole_number("segment_bytes", bytes)?);
    }
    match memory_limit {
        None => Ok(options),
        Some(bytes) => Ok(options.memory_limit(whole_number("memory_limit", bytes)?)),
    }
}
