//! A Python environment under `target/`, with the packages that independent programs of the tests use.

use crate::say;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What Debian's own Python lacks for making environments.
pub(super) const DEBIAN_PACKAGES: [&str; 2] = ["python3", "python3-venv"];
/// Exact versions, so that a test means the same everywhere.
const REQUIREMENTS: &str = "tests/requirements.txt";

/// Whether `python3 -m venv` works with pip in it.
pub(super) fn can_make_environments() -> bool {
    quiet(Command::new("python3").args(["-c", "import venv, ensurepip"]))
}

/// The environment's interpreter; made when it is not there, or was made for other requirements.
pub(super) fn environment(root: &Path, kept: &Path) -> Result<PathBuf, String> {
    let wanted = wanted(root)?;
    let home = kept.join("python");
    let (interpreter, stamp) = (home.join("bin/python3"), home.join("requirements.txt"));
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) && interpreter.is_file() {
        return Ok(interpreter);
    }
    say::note(&format!("         making a Python environment in {}", home.display()));
    let log = kept.join("python.log");
    let make = ["-m", "venv", "--clear"];
    logged(Command::new("python3").args(make).arg(&home), &log)?;
    let install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r"];
    logged(Command::new(&interpreter).args(install).arg(root.join(REQUIREMENTS)), &log)?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))?;
    Ok(interpreter)
}

/// The text of the requirements, those that it refers to included.
fn wanted(root: &Path) -> Result<String, String> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    let list = root.join(REQUIREMENTS);
    let mut text = read(&list)?;
    let folder = list.parent().unwrap_or(root);
    let referred: Vec<PathBuf> = text
        .lines()
        .filter_map(|line| line.strip_prefix("-r "))
        .map(|name| folder.join(name.trim()))
        .collect();
    for path in referred {
        text.push_str(&read(&path)?);
    }
    Ok(text)
}

fn quiet(command: &mut Command) -> bool {
    let ended = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.is_ok_and(|status| status.success())
}

fn logged(command: &mut Command, log: &Path) -> Result<(), String> {
    let program = command.get_program().display().to_string();
    let answer =
        command.stdin(Stdio::null()).output().map_err(|e| format!("{program} does not start: {e}"))?;
    let text = [answer.stdout, answer.stderr].concat();
    std::fs::write(log, text).map_err(|e| format!("{}: {e}", log.display()))?;
    if answer.status.success() {
        return Ok(());
    }
    Err(format!("no Python packages ({program} failed, see {})", log.display()))
}
