//! A process that reads beside the writer, and ends with an error where it sees what cannot be.
//!
//! It is told on its standard input which number was acknowledged, and must see that one from then on. At the end of
//! its input it says how often it has looked, and how much it has seen.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::mark::{self, TITLE};
use super::options;
use super::random::Random;
use super::story::Story;
use super::{CURSOR, mark::Mark};
use crate::database::{Database, Order};
use crate::id::EventId;
use crate::options::Durability;

/// Ids of events that are looked at once more, later.
const KEPT_MAX: usize = 500;
/// Children of the root that are compared with what they were.
const CHILDREN_MAX: usize = 50;

pub(super) fn run(store: &Path, session: u64) {
    let acknowledged = Arc::new(AtomicU64::new(0));
    let ended = Arc::new(AtomicBool::new(false));
    {
        let (acknowledged, ended) = (Arc::clone(&acknowledged), Arc::clone(&ended));
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                acknowledged.fetch_max(line.parse().unwrap(), Ordering::SeqCst);
            }
            ended.store(true, Ordering::SeqCst);
        });
    }
    let cursor = std::env::var(CURSOR).ok().map(|text| text.parse().unwrap());
    let mut random = Random::new(session);
    let open = || Database::open_read_only(store, options(Durability::Durable)).unwrap();
    let mut reader =
        Reader { db: open(), story: Story::after(cursor), kept: Vec::new(), children: Vec::new() };
    let mut looks = 0u64;
    loop {
        let last = ended.load(Ordering::SeqCst);
        // What is acknowledged by now, a look that begins now sees.
        let at_least = acknowledged.load(Ordering::SeqCst);
        if let Err(what) = reader.look(at_least, &mut random) {
            panic!("a reader, at look {looks}: {what}");
        }
        looks += 1;
        if last {
            break;
        }
        if random.below(50) == 0 {
            reader.db = open();
        }
        std::thread::sleep(Duration::from_micros(random.below(4_000)));
    }
    println!("\nlooks {looks} {}", reader.story.events);
}

struct Reader {
    db: Database,
    story: Story,
    kept: Vec<EventId>,
    /// The first children of the root.
    children: Vec<EventId>,
}

impl Reader {
    fn look(&mut self, at_least: u64, random: &mut Random) -> Result<(), String> {
        let db = &self.db;
        let before = self.story.sequence();
        db.refresh().map_err(|error| format!("refreshing: {error:?}"))?;
        let stats = db.stats().map_err(|error| format!("figures: {error:?}"))?;
        if stats.sequence < at_least.max(before) || stats.damaged_ranges > 0 {
            return Err(format!(
                "{at_least} was acknowledged, {before} was seen, and the store has {stats:?}"
            ));
        }
        self.story.go_on(db)?;
        if self.story.sequence() < at_least.max(before) {
            return Err(format!(
                "{at_least} was acknowledged, and the feed ends at {}",
                self.story.sequence()
            ));
        }
        self.look_back(random)
    }

    /// What was there once is there, and as it was.
    fn look_back(&mut self, random: &mut Random) -> Result<(), String> {
        let Some(root) = self.root()? else { return Ok(()) };
        let children = self.db.child_ids(root, Order::Commit).and_then(|cursor| cursor.page(CHILDREN_MAX));
        let children = children.map_err(|error| format!("the children of the root: {error:?}"))?;
        if !children.starts_with(&self.children) {
            return Err("the first children of the root are others than before".to_owned());
        }
        self.kept.extend(children.get(self.children.len()..).unwrap_or_default());
        self.children = children;
        if let Some(id) = self.draw(random) {
            let event = self.db.event(id).map_err(|error| format!("an event that was seen: {error:?}"))?;
            let _: Option<Mark> = mark::check(&self.db, &event)?;
            // Up the tree, and down again.
            let below = self.db.descendants(id).and_then(|cursor| cursor.page(2));
            let below = below.map_err(|error| format!("what is below an event: {error:?}"))?;
            self.kept.extend(below.iter().map(crate::event::Event::id));
        }
        let surplus = self.kept.len().saturating_sub(KEPT_MAX);
        self.kept.drain(..surplus);
        Ok(())
    }

    fn draw(&self, random: &mut Random) -> Option<EventId> {
        let at = random.below(self.kept.len().max(1) as u64) as usize;
        self.kept.get(at).copied()
    }

    fn root(&self) -> Result<Option<EventId>, String> {
        let roots = self.db.roots_titled(TITLE).and_then(|cursor| cursor.page(2));
        let roots = roots.map_err(|error| format!("the roots: {error:?}"))?;
        match roots.as_slice() {
            [] if self.story.sequence() == 0 => Ok(None),
            [root] => Ok(Some(root.id())),
            other => Err(format!("the roots are {other:?}")),
        }
    }
}
