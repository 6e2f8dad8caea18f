//! Where files are cut, and how the pieces of a large one are listed. All of it is format.

mod cutter;
mod gear_table;
mod list;
pub(crate) mod profile;

pub(crate) use cutter::cut;
pub(crate) use list::{LEVELS_MAX, ListBuilder, ListEntry, decode_list};
