//! The small programs of `xtask/programs`, each in every language.
//!
//! They are what a user of each language would write, they use each language's public face alone, and they find it
//! where a user has it: C and C++ through pkg-config, Python and Node where `pip` and `npm` installed the packages. In
//! Rust `xtask/programs` is a package that depends on core by its path, which is as near to `cargo add` as one gets
//! without a registry.

use std::process::Command;

use crate::Result;
use crate::command::{cargo, run};
use crate::native::Library;
use crate::profile::Profile;
use crate::{npm, paths, wheels};

/// The languages that have these programs.
pub(crate) const LANGUAGES: [&str; 5] = ["Rust", "C", "C++", "Python", "Node"];

/// All languages built for release and installed, ready to run programs.
pub(crate) struct Built {
    library: Library,
    python: wheels::Installed,
    node: npm::Installed,
}

impl Built {
    /// Builds and installs everything that the programs need.
    pub(crate) fn new() -> Result<Built> {
        run(&mut cargo(["build", "--quiet", "--release", "--package", "xtask-programs"]))?;
        Ok(Built {
            library: Library::install(Profile::Release)?,
            python: wheels::Installed::new()?,
            node: npm::Installed::new()?,
        })
    }

    /// The program of this name in each language.
    pub(crate) fn in_each_language(&self, name: &str) -> Result<Vec<(&'static str, Command)>> {
        self.beside_rust(Built::rust(name), &format!("xtask/programs/{name}"))
    }

    /// A program in Rust, and its siblings at the path `stem`, below the workspace and without its ending.
    pub(crate) fn beside_rust(&self, rust: Command, stem: &str) -> Result<Vec<(&'static str, Command)>> {
        let c = Command::new(self.library.compile(&format!("{stem}.c"))?);
        let cpp = Command::new(self.library.compile(&format!("{stem}.cpp"))?);
        let mut python = self.python.interpreter();
        python.arg(paths::root().join(format!("{stem}.py")));
        let node = self.node.program(&format!("{stem}.mjs"))?;
        Ok(LANGUAGES.into_iter().zip([rust, c, cpp, python, node]).collect())
    }

    /// The program of this name in Rust.
    pub(crate) fn rust(name: &str) -> Command {
        Command::new(Profile::Release.output().join(name))
    }

    /// The Python packages.
    pub(crate) fn python(&self) -> &wheels::Installed {
        &self.python
    }

    /// The npm packages.
    pub(crate) fn node(&self) -> &npm::Installed {
        &self.node
    }

    /// Says how each language came by the database.
    pub(crate) fn print(&self) {
        println!("\neach language uses the package that its users install:");
        println!("  Rust     a cargo package that depends on core by its path");
        println!("  C, C++   `pkg-config --cflags --libs ouroborosdb`");
        println!("  Python   `pip install {}`", self.python.wheel_name());
        println!("  Node     `npm install {}`", self.node.names());
    }
}
