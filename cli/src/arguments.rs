//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Stores folders and files as event trees, and looks into stores.
#[derive(Debug, Parser)]
#[command(name = "ouroboros", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 stored bytes are damaged, \
                        4 another process has the store open, 130 interrupted.")]
pub(crate) struct Arguments {
    /// The store's folder; else the nearest folder that is a store, from this one upwards.
    #[arg(short, long, env = "OUROBOROS_STORE", global = true, value_name = "FOLDER")]
    pub(crate) store: Option<PathBuf>,

    /// A further folder of the store, on another disk; may be given several times. The store remembers it: later it need
    /// only be given where it has moved.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) also_in: Vec<PathBuf>,

    /// About how many bytes of memory to keep for the store, 4194304 or more; else 67108864.
    #[arg(long, global = true, value_name = "BYTES")]
    pub(crate) memory_limit: Option<u64>,

    /// How new content is compressed; what is stored already stays as it is.
    #[arg(long, global = true, value_name = "HOW", default_value = "default")]
    pub(crate) compression: Compression,

    /// Print JSON, one value a line.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Tell on standard error what the engine tells: openings, recoveries, damage, upkeep.
    #[arg(long, global = true, value_name = "LEVEL")]
    pub(crate) log: Option<Level>,

    /// Tell it as JSON, one object a line.
    #[arg(long, global = true)]
    pub(crate) log_json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an empty store.
    Init {
        /// The folder, which must be empty or missing; else --store, else this folder.
        folder: Option<PathBuf>,
    },
    /// Store a folder, a file or a symbolic link with all that is in it; the store is made where there is none.
    Import {
        path: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Write a stored folder, file or symbolic link to a path that does not exist yet.
    Export {
        /// The event: its id, or a beginning of it that no other has.
        event: String,
        path: PathBuf,
    },
    /// Store one file, from a path or from standard input.
    Put {
        /// The file; `-` is standard input.
        file: PathBuf,
        #[command(flatten)]
        place: Place,
        /// An attribute, as NAME=VALUE; may be given several times.
        #[arg(short, long = "attribute", value_name = "NAME=VALUE")]
        attributes: Vec<String>,
        /// The metadata.
        #[arg(short, long)]
        metadata: Option<String>,
    },
    /// Write the file that an event carries to standard output.
    Cat {
        /// The event: its id, or a beginning of it that no other has.
        event: String,
        /// Begin at this byte.
        #[arg(long, default_value_t = 0, value_name = "BYTES")]
        offset: u64,
        /// Write so many bytes at most.
        #[arg(long, value_name = "BYTES")]
        length: Option<u64>,
    },
    /// Show everything about an event.
    Show {
        /// The event: its id, or a beginning of it that no other has.
        event: String,
    },
    /// Show a tree, or all trees.
    Tree {
        /// The top: an id, or a beginning of it that no other has.
        event: Option<String>,
        /// How many levels below the top.
        #[arg(short, long, value_name = "LEVELS")]
        depth: Option<usize>,
    },
    /// List events in the order of their commits.
    Log {
        /// Only this event and those below it.
        event: Option<String>,
        /// Only the last so many.
        #[arg(short = 'n', long, value_name = "COUNT")]
        last: Option<usize>,
    },
    /// List what was committed after a place in the change feed, and the place to go on from.
    Changes {
        /// The cursor that an earlier call printed; else from the beginning.
        #[arg(long, value_name = "CURSOR")]
        after: Option<String>,
        /// Wait for more, until interrupted.
        #[arg(short, long)]
        follow: bool,
    },
    /// Read and check everything; exit code 3 where something is damaged.
    Verify,
    /// Make a consistent copy of the store, while others write to it; the next copy to the same place copies what is new.
    #[command(allow_missing_positional = true)]
    Backup {
        /// The store's folder; else --store, else the nearest folder that is a store.
        #[arg(value_name = "STORE")]
        from: Option<PathBuf>,
        /// The folder of the copy: missing, empty, or an earlier backup of the store.
        #[arg(value_name = "TARGET")]
        target: PathBuf,
    },
    /// Print figures of the store.
    Stats {
        /// Print them in the text format of Prometheus: what is true of the store, not of this command.
        #[arg(long, conflicts_with = "json")]
        prometheus: bool,
    },
    /// Print a completion script for a shell.
    Completions { shell: clap_complete::Shell },
}

/// How new content is compressed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Compression {
    /// Not at all: the fastest for what does not shrink, and to read.
    None,
    /// zstd level 1.
    Fast,
    /// zstd level 3.
    Default,
}

/// How grave something must be to be told.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Level {
    /// Damage, writes that fail.
    Error,
    /// And lock conflicts, what a crash cut short, an index that is made anew.
    Warn,
    /// And openings.
    Info,
    /// And upkeep.
    Debug,
}

/// Where a new event hangs.
#[derive(Args, Debug)]
pub(crate) struct Place {
    /// Hang it under this event: an id, or a beginning of it that no other has.
    #[arg(short, long, value_name = "EVENT", conflicts_with = "root")]
    pub(crate) under: Option<String>,
    /// Hang it under the root of this title, which is made where there is none.
    #[arg(short, long, default_value = "files", value_name = "TITLE")]
    pub(crate) root: String,
}
