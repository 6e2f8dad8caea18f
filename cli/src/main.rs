//! The command `ouroboros`: folders into a store and out again, and a look at what is in it.
//!
//! Each command is one call of the library, or a walk over a cursor; what a call means is decided there. Results
//! go to standard output, as text for people or with `--json` as one JSON value a line; everything else, progress
//! and errors included, goes to standard error.
//!
//! Exit codes: 0 done; 1 it failed; 2 the command line is wrong; 3 stored bytes are damaged; 4 another process
//! has the store open; 130 interrupted.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, reason = "a program for the terminal")]

mod arguments;
mod commands;
mod failure;
mod folder;
mod json;
mod log;
mod output;
mod progress;
mod text;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use log::Log;

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                eprintln!("ouroboros: {message}");
            }
            failure.exit_code()
        }
    }
}

fn run(arguments: Arguments) -> failure::Result<()> {
    // Gone before the outcome is told, so that what led to it stands before it.
    let level = arguments.log.or(arguments.log_json.then_some(arguments::Level::Info));
    let _log = level.map(|level| Log::begin(level, arguments.log_json)).transpose()?;
    commands::run(arguments)
}
