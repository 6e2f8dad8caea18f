//! A scratch folder, and the command run in it.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

pub(crate) struct Shell {
    scratch: std::rc::Rc<tempfile::TempDir>,
    here: PathBuf,
}

impl Shell {
    pub(crate) fn new() -> Shell {
        let scratch = std::rc::Rc::new(tempfile::tempdir().unwrap());
        let here = scratch.path().to_owned();
        Shell { scratch, here }
    }

    /// The same, in a folder below.
    pub(crate) fn at(&self, folder: &str) -> Shell {
        Shell { scratch: std::rc::Rc::clone(&self.scratch), here: self.here.join(folder) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.here.join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ouroboros"));
        command.args(arguments).current_dir(&self.here).env_remove("OUROBOROS_STORE");
        command
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Whoever does not read it has ended already.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }

    /// What a command that succeeds prints.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        self.ok_with(arguments, b"")
    }

    pub(crate) fn ok_with(&self, arguments: &[&str], input: &[u8]) -> String {
        let output = self.run(arguments, input);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {}: {said}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command that succeeds prints on standard output, and on standard error.
    pub(crate) fn both(&self, arguments: &[&str]) -> (String, String) {
        let output = self.run(arguments, b"");
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success(), "{arguments:?}: {}: {err}", output.status);
        (out, err)
    }

    /// The exit code of a command that fails, and all that it says.
    pub(crate) fn fails(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments, b"");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned())
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut child = self.command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Running { child, lines }
    }

    /// Flips a bit behind the place where the id stands in a file.
    pub(crate) fn damage(&self, name: &str, id: &str) {
        let path = self.path(name);
        let mut bytes = std::fs::read(&path).unwrap();
        let id: Vec<u8> =
            (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap()).collect();
        let at = bytes.windows(id.len()).position(|window| window == id).unwrap();
        // The event's encoding follows its entry.
        bytes[at + id.len() + 30] ^= 1;
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
}

/// A command that goes on.
pub(crate) struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    pub(crate) fn interrupt(&self) {
        let status = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One JSON value.
pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}
