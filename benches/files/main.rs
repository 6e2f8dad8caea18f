//! What whole files cost: `bench_files WORK …`. `docs/benchmarks.md`.
//!
//! Each run is one piece of work, so that its memory and its caches are its own. It prints `ROW NANOSECONDS`, of a call
//! or of 1 MiB; `inside NANOSECONDS` is the time from before the store is opened until it is closed. It fails where the
//! store does, or answers what it should not.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod chunk;
mod concatenation;
mod decoding;
mod folder;
mod large;
#[path = "../events/measure.rs"]
mod measure;
mod processor;
mod small;

use std::path::Path;

use ouroborosdb::Compression;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const USAGE: &str = "usage: bench_files WORK, where COMPRESSION is default, fast or none, and WORK is one of
  import STORE SOURCE COMPRESSION      a folder into a store, which is made where there is none
  export STORE TARGET                  what was imported first
  large STORE SOURCE COMPRESSION SEQUENTIAL_BYTES RANDOM_BYTES
                                       makes the store of the two reads below, of what is in the folder SOURCE
  read_seq STORE ROW | read_4k STORE ROW CALLS
  decode SOURCE BYTES ROW              what zstd alone decodes on all cores
  small FOLDER CALLS ROW_OF_PUT ROW_OF_GET
  sha512 ROW ROW_OF_SHA2 | chunker ROW";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *words.as_slice() {
        ["import", store, source, compression] => {
            folder::import(Path::new(store), Path::new(source), compression_named(compression)?)
        }
        ["export", store, target] => folder::export(Path::new(store), Path::new(target)),
        ["large", store, source, compression, sequential, random] => large::build(
            Path::new(store),
            Path::new(source),
            compression_named(compression)?,
            [sequential.parse()?, random.parse()?],
        ),
        ["read_seq", store, row] => large::read_sequentially(Path::new(store), row),
        ["read_4k", store, row, calls] => large::read_at_random(Path::new(store), row, calls.parse()?),
        ["decode", source, bytes, row] => decoding::measure_all_cores(Path::new(source), bytes.parse()?, row),
        ["small", folder, calls, put, get] => {
            small::measure_both(Path::new(folder), calls.parse()?, put, get)
        }
        ["sha512", lanes, alone] => processor::hashing(lanes, alone),
        ["chunker", row] => processor::cutting(row),
        _ => Err(USAGE.into()),
    }
}

fn compression_named(name: &str) -> Result<Compression> {
    match name {
        "default" => Ok(Compression::Default),
        "fast" => Ok(Compression::Fast),
        "none" => Ok(Compression::None),
        _ => Err(format!("there is no compression `{name}`\n{USAGE}").into()),
    }
}
