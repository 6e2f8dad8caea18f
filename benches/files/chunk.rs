//! The engine's own chunker, whose sources are compiled here once more.
#![allow(dead_code, reason = "a part of it is what is measured")]

#[path = "../../core/src/chunk/cutter.rs"]
pub(crate) mod cutter;
#[path = "../../core/src/chunk/gear_table.rs"]
mod gear_table;
#[path = "../../core/src/chunk/profile.rs"]
pub(crate) mod profile;
