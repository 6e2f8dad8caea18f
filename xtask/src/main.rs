//! The project's own commands: `cargo xtask COMMAND`.
//!
//! Each command builds what it needs, streams the output of what it runs, stops at the first failure and
//! says what failed in its last line. What the machine lacks is named before anything is built.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod bench;
mod big_file;
mod command;
mod conformance;
mod demo;
mod documentation;
mod fuzz;
mod header;
mod install_c;
mod installed;
mod interchange;
mod machine;
mod native;
mod node;
mod npm;
mod packages;
mod pages;
mod parts;
mod paths;
mod profile;
mod programs;
mod python;
mod quickstart;
mod report;
mod sanitizer;
mod test;
mod torture;
mod wheels;

use std::process::ExitCode;

use sanitizer::Sanitizer;

/// What a step answers; the error is a sentence for people.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo [DIR]        stores a real folder and reads it back through every language;
                    DIR is the standard library folder of python3 unless given
  test              all tests of all languages
  header [--check]  writes include/ouroborosdb.h, or checks that it is what the sources say
  install-c --prefix P
                    builds the C library and installs it with its headers below the folder P
  conformance       the script in every language, and what it reaches
  docs              makes the reference of each language, and says where it is
  pages             writes the tables of docs/
  wheels            uses the Python packages as pip installs them
  npm               uses the npm packages as npm installs them
  packages          uses the installed C and C++ library as a stranger does
  exports           writes ffi/exports.txt, the symbols of the C library
  big-file          2 GiB in and out in each language, in under 200 MiB of memory
  bench bindings [--quick]
                    what a call costs in each language, beside its peers
  bench events [--quick] [--large]
                    what the engine does, beside other stores; --large at ten million events
  bench files [--quick] [--ours] [--only PREFIX]... [DIR]...
                    whole files in and out, beside backup programs; DIR is stored too;
                    rows whose ids begin with PREFIX, and no others; --ours without the others
  bench bindings|events|files [--quick] --against REV
                    ours as it stands here, against another revision
  bench --compare OLD.json NEW.json
                    what a change did
  torture [--seconds N] [--seed S]
                    crashes, failing disks and damage, the long forms; N seconds of them by chance
  torture --kills N [--seed S]
                    kill -9 of a process that writes, beside four that read, N times
  torture --seeded  builds bugs into the engine, and sees whether its tests find them
  fuzz [--seconds N] [TARGET]
                    mutates inputs of what reads bytes, N seconds for each target
  sanitize [address|thread]
                    tests of the engine and of the C library under AddressSanitizer, or ThreadSanitizer";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(|argument| argument.to_str().unwrap_or("")).collect();
    let outcome = match words.as_slice() {
        ["test"] => test::run(),
        ["demo"] => demo::run(None),
        ["demo", _] => demo::run(arguments.get(1).map(std::path::Path::new)),
        ["header"] => header::run(false).map_err(Into::into),
        ["header", "--check"] => header::run(true).map_err(Into::into),
        ["install-c", "--prefix", _] => match arguments.get(2) {
            Some(prefix) => install_c::run(std::path::Path::new(prefix)),
            None => Ok(()),
        },
        ["exports"] => packages::write_exports(),
        ["packages"] => packages::run(),
        ["wheels"] => wheels::Installed::new().and_then(|installed| wheels::run(&installed)),
        ["npm"] => npm::Installed::new().and_then(|installed| npm::run(&installed)),
        ["docs"] => documentation::write(),
        ["pages"] => pages::write(),
        ["conformance"] => conformance::run(),
        ["big-file"] => machine::check().and_then(|()| big_file::run(&programs::Built::new()?)),
        ["bench", rest @ ..] => bench::run(rest),
        ["torture", rest @ ..] => torture::run(rest),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["sanitize"] | ["sanitize", "address"] => sanitizer::run(Sanitizer::Address),
        ["sanitize", "thread"] => sanitizer::run(Sanitizer::Thread),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask {}: {error}", words.first().unwrap_or(&""));
            ExitCode::FAILURE
        }
    }
}
