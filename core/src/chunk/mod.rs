//! Where files are cut, and how the pieces of a large one are listed. All of it is format.

mod cutter;
#[cfg(test)]
mod cutter_tests;
mod gear_table;
#[cfg(test)]
mod golden_tests;
mod list;
#[cfg(test)]
mod list_tests;
pub(crate) mod profile;
#[cfg(test)]
pub(crate) mod test_input;

pub(crate) use cutter::cut;
pub(crate) use list::{LEVELS_MAX, ListBuilder, ListEntry, decode_list, list_entry, walk_list};
