//! The Python packages, used as `pip` gives them to a stranger: the wheel in a clean environment of every CPython from
//! 3.11 on that the machine has, the source distribution built and installed in a clean environment.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, run as run_command};
use crate::python::Environment;
use crate::{Result, machine, paths};

/// The wheel of a release, and an environment that has nothing but it.
pub(crate) struct Installed {
    folder: PathBuf,
    wheel: PathBuf,
    environment: Clean,
}

impl Installed {
    /// Builds the wheel for release, and installs it for the Python that runs everything here.
    pub(crate) fn new() -> Result<Installed> {
        let folder = paths::fresh_folder("pip")?;
        let arguments = ["build", "--release", "--locked", "--quiet", "--out"];
        run_command(maturin()?.args(arguments).arg(&folder))?;
        let wheel = only(&folder, ".whl")?;
        let environment = Clean::new(folder.join("installed"), Path::new(&machine::python()), &wheel)?;
        Ok(Installed { folder, wheel, environment })
    }

    /// The interpreter that has the wheel, ready for a program.
    pub(crate) fn interpreter(&self) -> Command {
        self.environment.python()
    }

    pub(crate) fn wheel_name(&self) -> String {
        name(&self.wheel)
    }
}

/// Uses the packages.
pub(crate) fn run(installed: &Installed) -> Result<()> {
    let wheel = installed.wheel_name();
    if !wheel.contains("-cp311-abi3-") {
        return Err(format!("{wheel} is no wheel for all versions from 3.11 on").into());
    }
    installed.environment.check()?;
    let own = installed.environment.version()?;
    println!("{wheel} in CPython {own}: as expected");
    for (version, python) in interpreters()?.iter().filter(|(version, _)| *version != own) {
        Clean::new(installed.folder.join(version), python, &installed.wheel)?.check()?;
        println!("{wheel} in CPython {version}: as expected");
    }
    run_command(maturin()?.args(["sdist", "--out"]).arg(&installed.folder))?;
    let source = only(&installed.folder, ".tar.gz")?;
    Clean::new(installed.folder.join("sdist"), Path::new(&machine::python()), &source)?.check()?;
    println!("{}: builds, as expected", name(&source));
    Ok(())
}

/// A virtual environment as users make one: it has `pip`, and the one package.
struct Clean {
    folder: PathBuf,
}

impl Clean {
    fn new(folder: PathBuf, python: &Path, package: &Path) -> Result<Clean> {
        run_command(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
        let environment = Clean { folder };
        let mut pip = environment.python();
        // What is compiled already need not be compiled again; nothing else of the workspace is seen.
        pip.env("CARGO_TARGET_DIR", paths::target());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).arg(package);
        run_command(&mut pip)?;
        Ok(environment)
    }

    /// The interpreter, in a folder that holds nothing of ours.
    fn python(&self) -> Command {
        let programs = self.folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
        let mut command = Command::new(programs.join("python"));
        command.current_dir(&self.folder);
        // The folder that the demo stores may be the interpreter's own; it must not grow meanwhile.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env_remove("VIRTUAL_ENV");
        command
    }

    fn version(&self) -> Result<String> {
        let code = "import sys; print('%d.%d' % sys.version_info[:2])";
        Ok(capture(self.python().args(["-c", code]))?.trim().to_owned())
    }

    /// Runs the quickstart, and looks for the mark of a package that has types.
    fn check(&self) -> Result<()> {
        let mut quickstart = self.python();
        quickstart.arg("-I").arg(paths::root().join("examples/quickstart.py")).arg(self.folder.join("store"));
        let printed = capture(&mut quickstart)?;
        if printed != std::fs::read_to_string(paths::root().join("examples/expected.txt"))? {
            return Err(format!("the quickstart printed\n{printed}").into());
        }
        let typed = "import importlib.resources, ouroborosdb; \
                     assert importlib.resources.files(ouroborosdb).joinpath('py.typed').is_file()";
        run_command(self.python().args(["-I", "-c", typed]))
    }
}

/// maturin, among the package's sources.
fn maturin() -> Result<Command> {
    let mut command = Environment::prepare()?.tool("maturin");
    command.current_dir(paths::root().join("bindings-python"));
    Ok(command)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The one file with this ending.
fn only(folder: &Path, ending: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(format!("{} files end in {ending} in {}", found.len(), folder.display()).into()),
    }
}

/// Each CPython from 3.11 on, once a version: the one that runs everything here, those on the path, and those of pyenv.
fn interpreters() -> Result<Vec<(String, PathBuf)>> {
    let mut candidates = vec![PathBuf::from(machine::python())];
    candidates.extend((11..20).map(|minor| PathBuf::from(format!("python3.{minor}"))));
    if let Some(home) = std::env::var_os("HOME") {
        let versions = Path::new(&home).join(".pyenv/versions");
        for entry in std::fs::read_dir(versions).into_iter().flatten() {
            candidates.push(entry?.path().join("bin/python"));
        }
    }
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for candidate in candidates {
        let code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2] if sys.implementation.name \
                    == 'cpython' and sys.version_info >= (3, 11) else '', sys.executable)";
        let Ok(output) = Command::new(&candidate).args(["-c", code]).output() else { continue };
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let Some((version, path)) = said.split_once(' ').filter(|(version, _)| !version.is_empty()) else {
            continue;
        };
        if output.status.success() && !found.iter().any(|(other, _)| other == version) {
            found.push((version.to_owned(), PathBuf::from(path)));
        }
    }
    Ok(found)
}
