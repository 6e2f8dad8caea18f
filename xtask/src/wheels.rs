//! The Python packages, used as `pip` gives them to a stranger: the wheel in a clean environment of every CPython from
//! 3.11 on that the machine has, the source distribution built and installed in a clean environment.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, run as run_command};
use crate::python::Environment;
use crate::{Result, machine, paths};

/// Builds, installs and uses the packages.
pub(crate) fn run() -> Result<()> {
    let folder = paths::fresh_folder("wheels")?;
    let environment = Environment::prepare()?;
    let project = paths::root().join("bindings-python");
    run_command(
        environment
            .tool("maturin")
            .current_dir(&project)
            .args(["build", "--release", "--locked", "--quiet", "--out"])
            .arg(&folder),
    )?;
    run_command(environment.tool("maturin").current_dir(&project).args(["sdist", "--out"]).arg(&folder))?;
    let wheel = only(&folder, ".whl")?;
    let named = wheel.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !named.contains("-cp311-abi3-") {
        return Err(format!("{named} is no wheel for all versions from 3.11 on").into());
    }
    let interpreters = interpreters()?;
    for (version, python) in &interpreters {
        use_package(&folder.join(format!("venv-{version}")), python, &wheel)?;
        println!("{named} in CPython {version}: as expected");
    }
    let (_, python) = interpreters.first().ok_or("no interpreter")?;
    let source = only(&folder, ".tar.gz")?;
    use_package(&folder.join("venv-sdist"), python, &source)?;
    println!("{}: builds, as expected", source.file_name().unwrap_or_default().to_string_lossy());
    Ok(())
}

/// Installs a package into a new environment and runs the quickstart there, from a folder that holds nothing of ours.
fn use_package(environment: &Path, python: &Path, package: &Path) -> Result<()> {
    run_command(Command::new(python).args(["-m", "venv"]).arg(environment))?;
    let inside = environment.join("bin/python");
    let mut install = clean(&inside, environment);
    // What is compiled already need not be compiled again; nothing else of the workspace is seen.
    install.env("CARGO_TARGET_DIR", paths::target());
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).arg(package);
    run_command(&mut install)?;
    let mut quickstart = clean(&inside, environment);
    quickstart.arg("-I").arg(paths::root().join("examples/quickstart.py")).arg(environment.join("store"));
    let printed = capture(&mut quickstart)?;
    if printed != std::fs::read_to_string(paths::root().join("examples/expected.txt"))? {
        return Err(format!("the quickstart printed\n{printed}").into());
    }
    let typed = "import importlib.resources, ouroborosdb; \
                 assert importlib.resources.files(ouroborosdb).joinpath('py.typed').is_file()";
    run_command(clean(&inside, environment).args(["-I", "-c", typed]))
}

fn clean(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_remove("PYTHONPATH").env_remove("PYTHONHOME").env_remove("VIRTUAL_ENV");
    command
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
