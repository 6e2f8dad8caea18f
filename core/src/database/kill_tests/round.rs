//! The process that starts the others, kills them, and looks at what they leave.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::random::Random;
use super::story::Story;
use super::{CURSOR, child, options};
use crate::database::Database;
use crate::options::Durability;
use crate::verify::VerifyOptions;

const READERS: usize = 4;
/// How long a writer writes at most, from the first acknowledgement on.
const WRITES_MS_MAX: u64 = 120;
/// A writer that acknowledges nothing for so long has got stuck.
const PATIENCE: Duration = Duration::from_secs(60);
const SIGKILL: i32 = 9;

/// What happened so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    /// Commits that were acknowledged, and those that were there without.
    pub(super) acknowledged: u64,
    pub(super) unacknowledged: u64,
    /// Writers that were killed before anything was acknowledged.
    pub(super) before_it_wrote: u64,
    pub(super) readers_killed: u64,
    /// How often the readers looked, and the events that they saw, each counted.
    pub(super) looks: u64,
    pub(super) seen: u64,
    stores: u64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { acknowledged, unacknowledged, before_it_wrote, readers_killed, looks, seen, stores } =
            self;
        write!(
            f,
            "{acknowledged} commits acknowledged and there, {unacknowledged} more there; {before_it_wrote} writers \
             killed before the first, {readers_killed} readers killed; readers that ended looked {looks} times and saw \
             {seen} events; {stores} stores"
        )
    }
}

/// A reader, and how to tell it something.
struct Reader {
    process: Child,
    input: ChildStdin,
}

/// The store, its readers, and what was seen of it.
pub(super) struct Rounds {
    folder: tempfile::TempDir,
    store: PathBuf,
    story: Story,
    /// The number of the last event that was acknowledged.
    acknowledged: u64,
    sessions: u64,
    readers: Mutex<Vec<Reader>>,
    figures: Figures,
}

/// An acknowledgement: thread, commit, number of the event.
type Acknowledged = (u64, u64, u64);

impl Rounds {
    pub(super) fn new() -> Rounds {
        let folder = tempfile::tempdir().unwrap();
        let mut rounds = Rounds {
            store: folder.path().join("store"),
            folder,
            story: Story::default(),
            acknowledged: 0,
            sessions: 0,
            readers: Mutex::default(),
            figures: Figures::default(),
        };
        rounds.begin();
        rounds
    }

    pub(super) fn figures(&self) -> Figures {
        self.figures
    }

    pub(super) fn events(&self) -> u64 {
        self.story.events
    }

    fn begin(&mut self) {
        self.figures.stores += 1;
        Database::open(&self.store, options(Durability::Durable)).unwrap().close().unwrap();
        for _ in 0..READERS {
            let reader = self.start_reader();
            self.readers.get_mut().push(reader);
        }
    }

    fn session(&mut self) -> u64 {
        self.sessions += 1;
        self.sessions
    }

    fn start_reader(&mut self) -> Reader {
        let session = self.session();
        let mut command = child("reads_until_it_is_told_to_end", &self.store, session);
        if let Some(cursor) = self.story.cursor {
            command.env(CURSOR, cursor.to_string());
        }
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let reader = Reader { process, input };
        reader.tell(self.acknowledged);
        reader
    }

    /// One writer from its start to its end, and a look at what it leaves.
    pub(super) fn kill_one_writer(&mut self, random: &mut Random) {
        let session = self.session();
        let mut writer = child("writes_until_it_is_killed", &self.store, session).spawn().unwrap();
        let output = writer.stdout.take().unwrap();
        let early = random.below(8) == 0;
        let moment = Duration::from_millis(random.below(if early { 12 } else { WRITES_MS_MAX }));
        let acknowledged = std::thread::scope(|scope| {
            let (tell, told) = channel();
            let readers = &self.readers;
            let listener = scope.spawn(move || listen(output, readers, || _ = tell.send(())));
            let started = if early { true } else { wait_for_first(&told) };
            if started {
                std::thread::sleep(moment);
            }
            writer.kill().unwrap();
            listener.join().unwrap()
        });
        let status = writer.wait().unwrap();
        assert_eq!(status.signal(), Some(SIGKILL), "session {session} of a writer ended by itself: {status}");
        self.look(session, &acknowledged, random);
        self.look_after_readers(random);
    }

    /// Opens the store: all that was acknowledged is there, and what is there is a prefix of what was committed.
    fn look(&mut self, session: u64, acknowledged: &[Acknowledged], random: &mut Random) {
        let write = random.below(2) == 0;
        let db = match write {
            true => Database::open(&self.store, options(Durability::Durable)),
            false => Database::open_read_only(&self.store, options(Durability::Durable)),
        };
        let db = db.unwrap_or_else(|error| panic!("session {session}: opening: {error:?}"));
        self.story.go_on(&db).unwrap_or_else(|what| panic!("session {session}: {what}"));
        let last = acknowledged.iter().map(|(_, _, sequence)| *sequence).max();
        self.acknowledged = self.acknowledged.max(last.unwrap_or(0));
        let there = self.story.sequence();
        assert!(
            there >= self.acknowledged,
            "session {session}: {} was acknowledged, {there} is the last",
            self.acknowledged
        );
        assert_eq!(db.stats().unwrap().sequence, there, "session {session}: the feed and the figures");
        let mut commits = [0u64; 8];
        for (thread, commit, _) in acknowledged {
            let known = &mut commits[*thread as usize];
            *known = (*known).max(*commit);
        }
        for (thread, acknowledged) in (0..).zip(commits) {
            let there = self.story.commits(session, thread);
            assert!(
                there >= acknowledged,
                "session {session}, thread {thread}: {there} of {acknowledged} commits"
            );
            // A thread has one commit under way, and one that it is about to tell of.
            assert!(
                there <= acknowledged + 1,
                "session {session}, thread {thread}: {there}, after {acknowledged}"
            );
            self.figures.acknowledged += acknowledged;
            self.figures.unacknowledged += there - acknowledged;
        }
        self.figures.before_it_wrote += u64::from(acknowledged.is_empty());
        if write && random.below(2) == 0 {
            db.close().unwrap();
        }
    }

    /// None of them may have ended; sometimes one is killed too.
    fn look_after_readers(&mut self, random: &mut Random) {
        for reader in self.readers.get_mut() {
            reader.tell(self.acknowledged);
            if let Some(status) = reader.process.try_wait().unwrap() {
                panic!("a reader ended by itself, and says above why: {status}");
            }
        }
        if random.below(4) == 0 {
            let at = random.below(READERS as u64) as usize;
            let new = self.start_reader();
            let mut old = std::mem::replace(&mut self.readers.get_mut()[at], new);
            if random.below(2) == 0 {
                self.figures.readers_killed += 1;
                old.process.kill().unwrap();
                old.process.wait().unwrap();
            } else {
                self.end_reader(old);
            }
        }
    }

    /// Lets a reader look for the last time.
    fn end_reader(&mut self, reader: Reader) {
        let Reader { mut process, input } = reader;
        drop(input);
        let mut said = String::new();
        process.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        let status = process.wait().unwrap();
        assert!(status.success(), "a reader says above what it saw: {status}");
        let line = said.lines().find_map(|line| line.strip_prefix("looks ")).expect("it says what it did");
        let (looks, seen) = line.split_once(' ').unwrap();
        self.figures.looks += looks.parse::<u64>().unwrap();
        self.figures.seen += seen.parse::<u64>().unwrap();
    }

    /// Checks everything that the store holds.
    pub(super) fn verify(&self) {
        let db = Database::open_read_only(&self.store, options(Durability::Durable)).unwrap();
        let report = db.verify(VerifyOptions::new()).unwrap();
        assert!(report.is_clean(), "{:?}", report.problems);
        assert_eq!(db.stats().unwrap().events, self.story.events, "the store has more events, or fewer");
    }

    /// All readers look for the last time.
    pub(super) fn end(&mut self) {
        for reader in std::mem::take(self.readers.get_mut()) {
            self.end_reader(reader);
        }
    }

    /// Goes on with an empty store.
    pub(super) fn begin_anew(&mut self) {
        self.verify();
        self.end();
        std::fs::remove_dir_all(&self.store).unwrap();
        self.store = self.folder.path().join(format!("store-{}", self.figures.stores));
        (self.story, self.acknowledged) = (Story::default(), 0);
        self.begin();
    }
}

impl Reader {
    /// Tells which number was acknowledged. Whether the reader still lives is asked elsewhere.
    fn tell(&self, sequence: u64) {
        let _ = (&self.input).write_all(format!("{sequence}\n").as_bytes());
    }
}

/// Whether something is acknowledged at all; not where the writer has ended.
fn wait_for_first(told: &Receiver<()>) -> bool {
    let began = Instant::now();
    match told.recv_timeout(PATIENCE) {
        Ok(()) => true,
        Err(RecvTimeoutError::Disconnected) => false,
        Err(RecvTimeoutError::Timeout) => panic!("nothing was acknowledged for {:?}", began.elapsed()),
    }
}

/// Passes on what a writer acknowledges, until its end, and gives it.
fn listen(output: ChildStdout, readers: &Mutex<Vec<Reader>>, first: impl FnOnce()) -> Vec<Acknowledged> {
    let mut first = Some(first);
    let mut all = Vec::new();
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        let Some(numbers) = line.strip_prefix("acknowledged ") else { continue };
        let numbers: Vec<u64> = numbers.split(' ').filter_map(|word| word.parse().ok()).collect();
        let Ok([thread, commit, sequence]) = <[u64; 3]>::try_from(numbers) else { continue };
        all.push((thread, commit, sequence));
        readers.lock().iter().for_each(|reader| reader.tell(sequence));
        if let Some(first) = first.take() {
            first();
        }
    }
    all
}
