//! The bytes of files: cut, named, stored once, and put together again.

mod ahead;
#[cfg(test)]
mod golden_tests;
mod group;
mod lists;
mod reader;
#[cfg(test)]
mod reader_tests;
mod sink;
mod writer;

pub(crate) use reader::ContentReader;
pub(crate) use sink::ChunkSink;
pub(crate) use writer::ContentWriter;
