//! How things are built.

use std::path::PathBuf;

use crate::paths;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For tests: quick to build.
    Dev,
    /// For what is measured, and for what users get.
    Release,
}

impl Profile {
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Profile::Dev => "debug",
            Profile::Release => "release",
        }
    }

    /// Cargo's arguments for this profile.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Profile::Dev => &[],
            Profile::Release => &["--release"],
        }
    }

    /// The folder of what cargo builds in this profile.
    pub(crate) fn output(self) -> PathBuf {
        paths::target().join(self.folder())
    }
}
