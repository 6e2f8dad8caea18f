//! Modules of the engine that threads meet in, compiled against loom, which runs a test once for each order in which its
//! threads can take their steps and each value that they can see.
//!
//! They are the engine's own files: what differs is `sync`, which has loom's locks under the engine's names. What a test
//! does with them is what the engine does (`core/src/store/durable.rs`, `core/src/store/commit.rs`), with numbers for
//! records.
#![allow(dead_code, reason = "the models are tests, and use a part of each module")]

#[path = "../../core/src/log/published.rs"]
mod published;
#[path = "../../core/src/store/queue.rs"]
mod queue;
mod sync;

#[cfg(test)]
mod commit_queue;
#[cfg(test)]
mod readers;
