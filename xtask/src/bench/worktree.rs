//! Another revision of this repository, checked out below the target folder for as long as it is needed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, run};
use crate::{Result, paths};

/// A git worktree, which is removed when this is dropped.
pub(super) struct Worktree {
    path: PathBuf,
    commit: String,
}

impl Worktree {
    /// Checks a revision out. What an earlier run left, which was killed, is removed first.
    pub(super) fn add(revision: &str) -> Result<Worktree> {
        let verify = ["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")];
        let commit = capture(git().args(verify)).map_err(|_| format!("there is no revision `{revision}`"))?;
        let path = paths::target().join("bench/against/checkout");
        paths::make_parent(&path)?;
        let worktree = Worktree { path, commit: commit.trim().to_owned() };
        if worktree.path.exists() {
            worktree.remove()?;
        }
        // Of a folder that was removed by hand git knows still.
        run(git().args(["worktree", "prune"]))?;
        run(git()
            .args(["worktree", "add", "--quiet", "--detach"])
            .arg(&worktree.path)
            .arg(&worktree.commit))?;
        Ok(worktree)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn commit(&self) -> &str {
        &self.commit
    }

    fn remove(&self) -> Result<()> {
        if run(git().args(["worktree", "remove", "--force"]).arg(&self.path)).is_err() {
            // No worktree of this repository: then it is a folder and nothing else.
            std::fs::remove_dir_all(&self.path)?;
        }
        Ok(())
    }
}

impl Drop for Worktree {
    fn drop(&mut self) {
        if self.path.exists()
            && let Err(error) = self.remove()
        {
            eprintln!("{} is still there: {error}", self.path.display());
        }
    }
}

fn git() -> Command {
    let mut git = Command::new("git");
    git.current_dir(paths::root());
    git
}
