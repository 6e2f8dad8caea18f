//! The small programs of `xtask/programs`, each in every language.
//!
//! They are what a user of each language would write, and they use each language's public face alone.

use std::process::Command;

use crate::Result;
use crate::command::{cargo, run};
use crate::native::Library;
use crate::node::Node;
use crate::paths;
use crate::profile::Profile;
use crate::python::Environment;

/// The languages that have these programs.
pub(crate) const LANGUAGES: [&str; 5] = ["Rust", "C", "C++", "Python", "Node"];

/// All languages built for release, ready to run programs.
pub(crate) struct Built {
    library: Library,
    environment: Environment,
    node: Node,
}

impl Built {
    /// Builds everything that the programs need.
    pub(crate) fn new() -> Result<Built> {
        run(&mut cargo(["build", "--quiet", "--release", "--package", "xtask-programs"]))?;
        let library = Library::install(Profile::Release)?;
        let environment = Environment::prepare()?;
        environment.install(&["--release"])?;
        let node = Node::prepare(Profile::Release)?;
        Ok(Built { library, environment, node })
    }

    /// The program of this name in each language.
    pub(crate) fn in_each_language(&self, name: &str) -> Result<Vec<(&'static str, Command)>> {
        let source = |ending: &str| format!("xtask/programs/{name}.{ending}");
        let c = Command::new(self.library.compile(&source("c"))?);
        let cpp = Command::new(self.library.compile(&source("cpp"))?);
        let mut python = self.environment.python();
        python.arg(paths::root().join(source("py")));
        let node = self.node.program(&source("mjs"))?;
        Ok(LANGUAGES.into_iter().zip([Built::rust(name), c, cpp, python, node]).collect())
    }

    /// The program of this name in Rust.
    pub(crate) fn rust(name: &str) -> Command {
        Command::new(Profile::Release.output().join(name))
    }

    /// The Python interpreter that the binding is installed for.
    pub(crate) fn python(&self) -> Command {
        self.environment.python()
    }
}
