//! Folders.
use std::path::{Path, PathBuf};
use crate::*;
#[derive(Debug, Default)]
pub struct ImportOptions<'a> { control: Control<'a> }
impl<'a> ImportOptions<'a> {
    pub fn new() -> Self { Self::default() }
    pub fn control(mut self, control: Control<'a>) -> Self { self.control = control; self }
}
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportReport { pub event: EventId, pub files: u64, pub directories: u64, pub symlinks: u64, pub bytes: u64, pub skipped: Vec<PathBuf> }
#[derive(Debug, Default)]
pub struct ExportOptions<'a> { control: Control<'a> }
impl<'a> ExportOptions<'a> {
    pub fn new() -> Self { Self::default() }
    pub fn control(mut self, control: Control<'a>) -> Self { self.control = control; self }
}
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportReport { pub files: u64, pub directories: u64, pub symlinks: u64, pub bytes: u64 }
pub(crate) fn import(_db: &Database, _p: EventId, _path: &Path, _o: ImportOptions<'_>) -> Result<ImportReport> { todo!() }
pub(crate) fn export(_db: &Database, _e: EventId, _path: &Path, _o: ExportOptions<'_>) -> Result<ExportReport> { todo!() }
