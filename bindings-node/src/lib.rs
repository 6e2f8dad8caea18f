//! The Node.js face of OuroborosDB: the native half, which `lib/` wraps.
//!
//! It translates, and nothing else: what a call means, and when a handle is closed, is decided by the engine.
//! Four rules hold for all of it:
//!
//! - Every call says how it wants to be run (`run`): on JavaScript's own thread, on libuv's pool, or, where it may
//!   take long, on a thread of its own. There is no other async runtime.
//! - Whatever enters the engine goes through the engine's `guarded`, where a panic becomes the error `internal`.
//! - What crosses is small and immutable: ids and events as strings with a character for each byte (`record`),
//!   content as buffers that belong to JavaScript alone. Bytes of JavaScript are copied before another thread
//!   sees them, since JavaScript may write to them, or give them away, at any time. Only a Buffer that is made to be
//!   filled, and that no program has yet, is written to from another thread.
//! - Finalizers let go and never wait: `opened`.
#![deny(unsafe_code)]
#![allow(unreachable_pub, reason = "napi exports what is `pub`, wherever it stands")]
#![cfg_attr(test, allow(dead_code, reason = "napi exports nothing of a build for tests, which lints make"))]

mod arguments;
mod batch;
mod changes;
mod cursor;
mod database;
mod descriptor;
mod error_codes;
mod file_reader;
mod file_writer;
mod log;
mod new_files;
mod open;
mod opened;
mod record;
mod reply;
mod report;
mod run;
mod source;
mod thrown;
mod token;
mod wire;
