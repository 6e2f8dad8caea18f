//! What a machine holds, and what the loss of power leaves of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::{Body, Node, Simulator};

/// What the page cache and the disk hold.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) bodies: Vec<Body>,
    pub(super) names: BTreeMap<PathBuf, Node>,
    pub(super) durable: BTreeMap<PathBuf, Node>,
}

/// Something that was not synced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A block of a file, by their numbers.
    Block(usize, usize),
    /// A name that was made, given to another file, or removed.
    Name(PathBuf),
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Lost,
    Kept,
    /// Half of a block is written. A name is lost.
    Torn,
    /// The file is as long as if the block had been written, and the block is not. A name is lost.
    Hole,
}

impl State {
    /// Everything that is not synced.
    fn unsynced(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for (number, body) in self.bodies.iter().enumerate() {
            items.extend(body.dirty.iter().map(|block| Item::Block(number, *block)));
        }
        let paths: BTreeSet<&PathBuf> = self.names.keys().chain(self.durable.keys()).collect();
        let changed = paths.into_iter().filter(|path| self.names.get(*path) != self.durable.get(*path));
        items.extend(changed.map(|path| Item::Name(path.clone())));
        items
    }

    pub(super) fn lose_power(&mut self, fate: &mut dyn FnMut(&Item) -> Fate) {
        let mut names = self.durable.clone();
        for item in self.unsynced() {
            let fate = fate(&item);
            match item {
                Item::Block(body, block) => self.bodies[body].settle(block, fate),
                Item::Name(path) if fate == Fate::Kept => {
                    match self.names.get(&path) {
                        Some(node) => names.insert(path, node.clone()),
                        None => names.remove(&path),
                    };
                }
                Item::Name(_) => {}
            }
        }
        for body in &mut self.bodies {
            body.dirty.clear();
            body.cache = Arc::clone(&body.disk);
        }
        // What is in a lost folder is lost.
        let there: BTreeSet<PathBuf> = names.keys().cloned().collect();
        names.retain(|path, _| path.ancestors().all(|folder| there.contains(folder)));
        (self.names, self.durable) = (names.clone(), names);
    }

    pub(super) fn image(&self) -> u64 {
        let mut hasher = Xxh3::new();
        for (path, node) in &self.names {
            hasher.update(path.as_os_str().as_encoded_bytes());
            if let Node::File(body) = node {
                let cache = &self.bodies[*body].cache;
                hasher.update(&cache.len().to_le_bytes());
                hasher.update(cache);
            }
        }
        hasher.digest()
    }
}

impl Body {
    fn settle(&mut self, block: usize, fate: Fate) {
        let range = self.block(block);
        match fate {
            Fate::Lost => {}
            Fate::Kept => self.write_back(range),
            Fate::Torn => self.write_back(range.start..range.start + range.len() / 2),
            Fate::Hole if self.disk.len() < range.end => Arc::make_mut(&mut self.disk).resize(range.end, 0),
            Fate::Hole => {}
        }
    }
}

/// A machine at one moment.
#[derive(Debug)]
pub(crate) struct Moment {
    what: String,
    state: State,
}

impl Moment {
    pub(super) fn new(what: &str, state: State) -> Moment {
        Moment { what: what.to_owned(), state }
    }

    /// What was about to be done.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// The machine whose process was killed at this moment, and which goes on.
    pub(crate) fn killed(&self) -> Simulator {
        Simulator::of(self.state.clone())
    }

    /// The machine after each loss: nothing, all that is not synced, each single part of it, all but each single part;
    /// and each block torn, or not written in a file that is longer for it, beside all others, and alone.
    pub(crate) fn losses(&self, visit: &mut dyn FnMut(&dyn Fn() -> String, Simulator)) {
        let mut lose = |name: &dyn Fn() -> String, fate: &mut dyn FnMut(&Item) -> Fate| {
            let mut state = self.state.clone();
            state.lose_power(fate);
            visit(name, Simulator::of(state));
        };
        lose(&|| "nothing lost".to_owned(), &mut |_| Fate::Kept);
        lose(&|| "all unsynced lost".to_owned(), &mut |_| Fate::Lost);
        for one in self.state.unsynced() {
            let path = self.path(&one);
            for (its, others) in [
                (Fate::Lost, Fate::Kept),
                (Fate::Kept, Fate::Lost),
                (Fate::Torn, Fate::Kept),
                (Fate::Torn, Fate::Lost),
                (Fate::Hole, Fate::Kept),
                (Fate::Hole, Fate::Lost),
            ] {
                let name = || format!("{one:?} of {} {its:?}, all others {others:?}", path.display());
                lose(&name, &mut |item| if *item == one { its } else { others });
            }
        }
    }

    fn path(&self, item: &Item) -> PathBuf {
        let of_body = |body: usize| {
            let mut names = self.state.names.iter().chain(&self.state.durable);
            names.find(|(_, node)| **node == Node::File(body)).map(|(path, _)| path.clone())
        };
        match item {
            Item::Block(body, _) => of_body(*body).unwrap_or_else(|| Path::new("a removed file").to_owned()),
            Item::Name(path) => path.clone(),
        }
    }
}
