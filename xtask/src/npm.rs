//! The npm packages as users get them: packed, installed by `npm` in an empty folder, and used there by programs, by
//! `import` and by `require`.
//!
//! Node looks for a package from where a program lies, upwards, so programs are copied into that folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, run as run_command};
use crate::node::{self, Interpreter};
use crate::paths::copy_file;
use crate::{Result, paths};

/// What `bindings-node/tests/programs/required.cjs` prints.
const REQUIRED_PRINTS: &str = "photo: the sea\nimport gives what require gives: true\n";

/// The packages of a release, installed in a folder that holds nothing else.
pub(crate) struct Installed {
    /// That of the package, and that of the native module.
    tarballs: [PathBuf; 2],
    folder: PathBuf,
}

impl Installed {
    /// Builds for release, packs and installs.
    pub(crate) fn new() -> Result<Installed> {
        let scratch = paths::fresh_folder("npm")?;
        let (modules, tarballs) = (scratch.join("modules"), scratch.join("tarballs"));
        node::build(&modules, &["--release", "--locked"])?;
        let mut pack = Interpreter::of_machine().command();
        pack.arg(node::package_sources().join("scripts/pack.mjs")).arg(&modules).arg(&tarballs);
        let said = capture(&mut pack)?;
        let mut packed: Vec<PathBuf> = said.lines().map(PathBuf::from).collect();
        // The version follows in the name of the one, and the platform in that of the other.
        packed.sort();
        let tarballs = <[PathBuf; 2]>::try_from(packed).map_err(|other| format!("{other:?} were packed"))?;
        let installed = Installed { tarballs, folder: scratch.join("installed") };
        installed.install()?;
        Ok(installed)
    }

    /// Both are named, since no registry has the second. It would have those of the other platforms neither, nor must
    /// anybody else's be taken for them: `--offline`. `--prefix` keeps npm from installing into a folder above.
    fn install(&self) -> Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let install = ["install", "--offline", "--silent", "--no-audit", "--no-fund", "--prefix"];
        let mut npm = Command::new("npm");
        run_command(npm.current_dir(&self.folder).args(install).arg(&self.folder).args(&self.tarballs))?;
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.folder.join("node_modules"))? {
            found.push(entry?.file_name().to_string_lossy().into_owned());
        }
        found.retain(|name| !name.starts_with('.'));
        if found.len() == self.tarballs.len() {
            return Ok(());
        }
        Err(format!("npm installed {found:?} for {}", self.names()).into())
    }

    /// The names of the tarballs.
    pub(crate) fn names(&self) -> String {
        let names = self.tarballs.iter().map(|path| path.file_name().unwrap_or_default().to_string_lossy());
        names.collect::<Vec<_>>().join(" ")
    }

    /// The program at `source`, a path below the workspace, ready for its arguments.
    pub(crate) fn program(&self, source: &str) -> Result<Command> {
        self.program_in(&Interpreter::of_machine(), source)
    }

    fn program_in(&self, interpreter: &Interpreter, source: &str) -> Result<Command> {
        let program = self.add(source)?;
        let mut command = interpreter.command();
        command.current_dir(&self.folder).arg(program);
        Ok(command)
    }

    /// Copies the file at `source`, a path below the workspace, into the folder.
    pub(crate) fn add(&self, source: &str) -> Result<PathBuf> {
        let copy = self.folder.join(Path::new(source).file_name().ok_or("a source without a name")?);
        copy_file(&paths::root().join(source), &copy)?;
        Ok(copy)
    }
}

/// Looks into the packages, and uses them in each Node.js.
pub(crate) fn run(installed: &Installed) -> Result<()> {
    for tarball in &installed.tarballs {
        run_command(node::tool("publint")?.arg(tarball).arg("--strict"))?;
    }
    let [package, _] = &installed.tarballs;
    run_command(node::tool("attw")?.args(["--profile", "node16", "--no-emoji"]).arg(package))?;
    check_types(installed)?;
    for interpreter in Interpreter::all()? {
        use_package(installed, &interpreter)?;
    }
    Ok(())
}

/// The programs that test the types, compiled against what is installed.
fn check_types(installed: &Installed) -> Result<()> {
    let sources = node::package_sources();
    let programs = ["face.test-d.mts", "require.test-d.cts"];
    for program in programs {
        installed.add(&format!("bindings-node/tests/types/{program}"))?;
    }
    let settings = serde_json::json!({
        "extends": sources.join("tests/types/tsconfig.json"),
        // A user has them beside the package.
        "compilerOptions": { "typeRoots": [sources.join("node_modules/@types")] },
        "include": programs,
    });
    let project = installed.folder.join("tsconfig.json");
    std::fs::write(&project, settings.to_string())?;
    run_command(node::tool("tsc")?.arg("--project").arg(&project))
}

/// A program that imports the package, and one that requires it.
fn use_package(installed: &Installed, interpreter: &Interpreter) -> Result<()> {
    let version = interpreter.version()?;
    let expected = std::fs::read_to_string(paths::root().join("examples/expected.txt"))?;
    for (source, expected) in [
        ("examples/quickstart.mjs", expected.as_str()),
        ("bindings-node/tests/programs/required.cjs", REQUIRED_PRINTS),
    ] {
        let store = installed.folder.join(format!("store-{version}-{}", source.replace('/', "-")));
        let printed = capture(installed.program_in(interpreter, source)?.arg(store))?;
        if printed != expected {
            return Err(format!("{source} in {version} printed\n{printed}instead of\n{expected}").into());
        }
    }
    println!("{} in Node.js {version}: imported and required, as expected", installed.names());
    Ok(())
}
