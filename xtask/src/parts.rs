//! The parts of a long command, and how long each took.

use std::time::{Duration, Instant};

use crate::Result;

/// The parts that ran so far.
#[derive(Default)]
pub(crate) struct Parts {
    done: Vec<(&'static str, Duration)>,
}

impl Parts {
    /// Runs one part under a heading, and gives what it gives.
    pub(crate) fn run<T>(&mut self, name: &'static str, part: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n==== {name}");
        let start = Instant::now();
        let outcome = part();
        self.done.push((name, start.elapsed()));
        outcome.map_err(|error| format!("the part `{name}` failed: {error}").into())
    }

    /// Prints the minutes of each part and their sum.
    pub(crate) fn print(&self) {
        println!("\nminutes");
        for (name, time) in &self.done {
            println!("{:7.1}  {name}", minutes(*time));
        }
        println!("{:7.1}  together", minutes(self.done.iter().map(|(_, time)| *time).sum()));
    }
}

fn minutes(time: Duration) -> f64 {
    time.as_secs_f64() / 60.0
}
