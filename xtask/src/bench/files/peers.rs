//! The peers, each of them the commands that a user would type. None encrypts; each has its caches beside its store, and
//! so none of an earlier run.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::measured::Measured;
use super::super::peers;
use super::asked::Asked;
use super::rows;
use crate::command::{capture, run};
use crate::{Result, node, paths};

const ARCHIVE: &str = "bench";
/// restic has no way without one.
const RESTIC_PASSWORD: &str = "bench";

/// What stores a folder, in one of its modes.
pub(super) struct Peer {
    pub(super) name: &'static str,
    /// The kinds of import that it is a peer of.
    pub(super) kinds: &'static [&'static str],
    tool: Tool,
}

const DEFAULT: &[&str] = &["default"];
const FAST: &[&str] = &["fast"];
const NONE: &[&str] = &["none"];
const DEFAULT_AND_NONE: &[&str] = &["default", "none"];

enum Tool {
    Restic { compression: &'static str },
    Borg { compression: &'static str },
    Copy,
    Cacache { program: PathBuf },
}

impl Peer {
    /// All that can be had; what cannot is told to `measured`.
    pub(super) fn all(measured: &mut Measured) -> Vec<Peer> {
        let mut all = Vec::new();
        let restic = peers::debian("restic", "restic", "version");
        let borg = peers::debian("borg", "borgbackup", "--version");
        if known(measured, "restic", restic, &["restic_auto", "restic_none"]) {
            let peer = |name, kinds, compression| Peer::new(name, kinds, Tool::Restic { compression });
            all.extend([peer("restic_auto", DEFAULT, "auto"), peer("restic_none", NONE, "off")]);
        }
        if known(measured, "borg", borg, &["borg_zstd_3", "borg_lz4", "borg_none"]) {
            let peer = |name, kinds, compression| Peer::new(name, kinds, Tool::Borg { compression });
            all.extend([
                peer("borg_zstd_3", DEFAULT, "zstd,3"),
                peer("borg_lz4", FAST, "lz4"),
                peer("borg_none", NONE, "none"),
            ]);
        }
        let copy = capture(Command::new("cp").arg("--version")).map(|said| first_line(&said));
        if known(measured, "cp", copy, &["cp"]) {
            all.push(Peer::new("cp", DEFAULT_AND_NONE, Tool::Copy));
        }
        let cacache = cacache_program();
        let version = cacache.as_ref().map(|_| peers::CACACHE.to_owned()).map_err(ToString::to_string);
        if known(measured, "cacache", version.map_err(Into::into), &["cacache"])
            && let Ok(program) = cacache
        {
            all.push(Peer::new("cacache", DEFAULT_AND_NONE, Tool::Cacache { program }));
        }
        for (name, said) in DURABILITY {
            measured.add(&format!("durability.{name} {said}"));
        }
        all
    }

    fn new(name: &'static str, kinds: &'static [&'static str], tool: Tool) -> Peer {
        Peer { name, kinds, tool }
    }

    /// Whether a row of this corpus, of which it is a peer, is measured.
    pub(super) fn is_wanted(&self, corpus: &str, asked: &Asked) -> bool {
        let rows = rows::of_corpus(corpus);
        rows.iter().any(|row| row.peers.contains(&self.name) && asked.wants(&row.id))
    }

    /// Makes an empty store in the folder `home`, which is there and has nothing in it.
    pub(super) fn create(&self, home: &Path) -> Result<()> {
        std::fs::create_dir(self.stored(home))?;
        match &self.tool {
            Tool::Restic { .. } => {
                run(self.restic(home).args(["init", "--quiet", "--repository-version", "2"]))
            }
            Tool::Borg { .. } => {
                run(borg(home, "init").args(["--encryption", "none"]).arg(self.stored(home)))
            }
            Tool::Copy | Tool::Cacache { .. } => Ok(()),
        }
    }

    /// Stores a folder.
    pub(super) fn import(&self, home: &Path, source: &Path) -> Command {
        match &self.tool {
            Tool::Restic { compression } => {
                let mut restic = self.restic(home);
                restic.current_dir(source).args(["backup", "--quiet", "--compression", compression, "."]);
                restic
            }
            Tool::Borg { compression } => {
                let mut borg = borg(home, "create");
                borg.current_dir(source)
                    .args(["--compression", compression])
                    .arg(self.archive(home))
                    .arg(".");
                borg
            }
            Tool::Copy => {
                let mut copy = Command::new("cp");
                copy.arg("-r").arg(source.join(".")).arg(self.stored(home));
                copy
            }
            Tool::Cacache { program } => {
                let mut cacache = Command::new(node::interpreter());
                cacache.env_remove("NODE_OPTIONS").env_remove("NODE_PATH");
                cacache.arg(program).arg(self.stored(home)).arg(source);
                cacache
            }
        }
    }

    /// Opens the store and does nothing with it; none where there is nothing to open.
    pub(super) fn open(&self, home: &Path) -> Option<Command> {
        match &self.tool {
            Tool::Restic { .. } => {
                let mut restic = self.restic(home);
                restic.args(["cat", "config"]);
                Some(restic)
            }
            Tool::Borg { .. } => {
                let mut borg = borg(home, "list");
                borg.arg("--short").arg(self.stored(home));
                Some(borg)
            }
            Tool::Copy | Tool::Cacache { .. } => None,
        }
    }

    /// Brings it back into an empty folder; none where that is not measured.
    pub(super) fn export(&self, home: &Path, target: &Path) -> Option<Command> {
        match &self.tool {
            Tool::Restic { .. } => {
                let mut restic = self.restic(home);
                restic.args(["restore", "latest", "--quiet", "--target"]).arg(target);
                Some(restic)
            }
            Tool::Borg { .. } => {
                let mut borg = borg(home, "extract");
                borg.current_dir(target).arg(self.archive(home));
                Some(borg)
            }
            Tool::Copy | Tool::Cacache { .. } => None,
        }
    }

    /// Where it stores.
    pub(super) fn stored(&self, home: &Path) -> PathBuf {
        home.join("store")
    }

    fn restic(&self, home: &Path) -> Command {
        let mut restic = Command::new("restic");
        restic.env_remove("RESTIC_PASSWORD_FILE").env_remove("RESTIC_PASSWORD_COMMAND");
        restic.env("RESTIC_PASSWORD", RESTIC_PASSWORD).arg("--repo").arg(self.stored(home));
        restic.arg("--cache-dir").arg(home.join("cache"));
        restic
    }

    fn archive(&self, home: &Path) -> String {
        format!("{}::{ARCHIVE}", self.stored(home).display())
    }
}

const DURABILITY: [(&str, &str); 4] = [
    ("restic", "syncs each pack and the folder it is in"),
    ("borg", "syncs each segment, and the index when it commits"),
    ("cp", "none of its own, `sync` behind it"),
    ("cacache", "none of its own, `sync` behind it"),
];

fn borg(home: &Path, command: &str) -> Command {
    let mut borg = Command::new("borg");
    borg.arg(command).env("BORG_BASE_DIR", home.join("base"));
    // They would count more than the folder that all of them are in.
    for folder in ["BORG_CACHE_DIR", "BORG_CONFIG_DIR", "BORG_SECURITY_DIR", "BORG_KEYS_DIR"] {
        borg.env_remove(folder);
    }
    // It would ask whether this is meant.
    borg.env("BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK", "yes")
        .env("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes");
    borg
}

/// Our program for it, beside what npm installed.
fn cacache_program() -> Result<PathBuf> {
    let program = peers::cacache()?.join("cacache.mjs");
    paths::copy_file(&paths::root().join("benches/files/cacache.mjs"), &program)?;
    Ok(program)
}

/// Whether a tool is there: what it says of itself, or why it is missing from the figures of all its modes.
fn known(measured: &mut Measured, tool: &str, said: Result<String>, modes: &[&str]) -> bool {
    match &said {
        Ok(version) => measured.add(&format!("version.{tool} {version}")),
        Err(error) => {
            let reason = first_line(&error.to_string());
            modes.iter().for_each(|mode| measured.miss(mode, &reason));
        }
    }
    said.is_ok()
}

pub(super) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::super::super::measured::Measured;
    use super::super::asked::Asked;
    use super::super::rows;
    use super::{DEFAULT, DEFAULT_AND_NONE, Peer, Tool, known};

    #[test]
    fn a_peer_runs_for_the_rows_that_it_has_a_figure_in() {
        let restic = Peer::new("restic_auto", DEFAULT, Tool::Restic { compression: "auto" });
        let copy = Peer::new("cp", DEFAULT_AND_NONE, Tool::Copy);
        let wanted = |only: &str| {
            let asked = Asked::parse(&["--only", only]).unwrap();
            [&restic, &copy].map(|peer| peer.is_wanted("npm", &asked))
        };
        assert_eq!(wanted("import.default.npm"), [true, true]);
        assert_eq!(wanted("import.none"), [false, true]);
        assert_eq!(wanted("export.npm"), [true, false]);
        assert_eq!(wanted("import.fast.npm"), [false, false]);
        assert_eq!(wanted("import.default.wheel"), [false, false]);
    }

    #[test]
    fn a_tool_that_is_not_there_is_named_in_each_of_its_modes() {
        let mut measured = Measured::default();
        assert!(!known(
            &mut measured,
            "restic",
            Err("no restic\nmore".into()),
            &["restic_auto", "restic_none"]
        ));
        assert!(known(&mut measured, "borg", Ok("borg 1.2.4".to_owned()), &["borg_lz4"]));
        assert_eq!(measured.said("version").collect::<Vec<_>>(), [("borg", "borg 1.2.4")]);
        for row in rows::of_corpus("npm").iter().filter(|row| row.peers.contains(&"restic_auto")) {
            assert_eq!(measured.reason(row, "restic_auto"), "no restic", "{}", row.id);
        }
    }
}
