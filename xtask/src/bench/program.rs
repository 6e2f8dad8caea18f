//! A program that is run again and again, each time with arguments of its own.

use std::ffi::OsString;
use std::process::Command;

use serde_json::{Value, json};

use crate::Result;
use crate::command::capture;

/// What programs get as their heap and stacks at most, where a row is measured under a limit: what grows with the
/// number of events fails then, before the machine does.
const MEMORY_KIB_MAX: u64 = 2 * 1024 * 1024;

/// Of which store, or in which language, it measures; and how it is called.
pub(super) struct Program {
    pub(super) name: String,
    command: Vec<OsString>,
    /// What is set, and what is unset.
    environment: Vec<(OsString, Option<OsString>)>,
}

impl Program {
    pub(super) fn new(name: &str, command: &Command) -> Program {
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let environment = command.get_envs().map(|(name, value)| (name.into(), value.map(Into::into)));
        Program {
            name: name.to_owned(),
            command: words.map(Into::into).collect(),
            environment: environment.collect(),
        }
    }

    /// Runs it, and gives what it prints.
    pub(super) fn run<A: AsRef<std::ffi::OsStr>>(&self, arguments: &[A]) -> Result<String> {
        let [program, words @ ..] = self.command.as_slice() else {
            return Err("a program without a name".into());
        };
        self.capture(Command::new(program).args(words).args(arguments))
    }

    /// Runs it with so much memory as a row of a size gets. Mapped files do not count.
    pub(super) fn run_within_limit<A: AsRef<std::ffi::OsStr>>(&self, arguments: &[A]) -> Result<String> {
        let script = format!("ulimit -d {MEMORY_KIB_MAX} && exec \"$@\"");
        self.capture(Command::new("sh").args(["-c", &script, "sh"]).args(&self.command).args(arguments))
    }

    /// How it is called, for whoever runs it otherwise than here.
    pub(super) fn command(&self) -> Command {
        let mut words = self.command.iter();
        let mut command = Command::new(words.next().map_or_else(OsString::new, Clone::clone));
        command.args(words);
        self.set_environment(&mut command);
        command
    }

    fn capture(&self, command: &mut Command) -> Result<String> {
        self.set_environment(command);
        capture(command)
    }

    fn set_environment(&self, command: &mut Command) {
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
    }

    /// One line, of which [`Program::parse`] makes the program again.
    pub(super) fn line(&self) -> Result<String> {
        let text =
            |word: &OsString| word.to_str().map(str::to_owned).ok_or("a program's path is not Unicode");
        let command = self.command.iter().map(text).collect::<std::result::Result<Vec<_>, _>>()?;
        let mut environment = serde_json::Map::new();
        for (name, value) in &self.environment {
            environment.insert(text(name)?, json!(value.as_ref().map(text).transpose()?));
        }
        Ok(json!({ "program": self.name, "command": command, "environment": environment }).to_string())
    }

    /// None where the line is something else.
    pub(super) fn parse(line: &str) -> Option<Program> {
        let value: Value = serde_json::from_str(line).ok()?;
        let command = value["command"].as_array()?.iter().map(|word| word.as_str().map(Into::into));
        let environment = value["environment"]
            .as_object()?
            .iter()
            .map(|(name, value)| (name.into(), value.as_str().map(Into::into)));
        Some(Program {
            name: value["program"].as_str()?.to_owned(),
            command: command.collect::<Option<_>>()?,
            environment: environment.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::process::Command;

    use super::Program;

    #[test]
    fn a_program_comes_through_a_line_as_it_was() {
        let mut command = Command::new("python");
        command.arg("bench.py").env("SET", "a \"value\"").env_remove("UNSET");
        let program = Program::new("Python", &command);
        let parsed = Program::parse(&program.line().unwrap()).unwrap();
        assert_eq!(parsed.name, "Python");
        assert_eq!(parsed.command, ["python", "bench.py"]);
        let [set, unset] = parsed.environment.as_slice() else { panic!("{:?}", parsed.environment) };
        assert_eq!((&set.0, set.1.as_deref()), (&"SET".into(), Some("a \"value\"".as_ref())));
        assert_eq!((&unset.0, &unset.1), (&"UNSET".into(), &None));
        assert!(Program::parse("installing npm packages").is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn memory_has_its_limit() {
        let limit = |program: &Program| program.run_within_limit(&["-c", "ulimit -d"]).unwrap();
        assert_eq!(limit(&Program::new("shell", &Command::new("sh"))).trim(), "2097152");
    }
}
