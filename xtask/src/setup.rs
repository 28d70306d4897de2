//! Brings a bare Debian or Ubuntu to where the browser test can run, when that is allowed.

use crate::say;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// Whether the machine can run the browser test.
pub(crate) enum Browser {
    Ready,
    /// What is missing, in one line.
    Missing(String),
}

/// Checks for a C compiler, without which nothing here builds.
pub(crate) fn c_compiler() -> Result<(), crate::Stop> {
    if std::env::var_os("CC").is_some() || on_path("cc").is_some() {
        return Ok(());
    }
    Err("no C compiler (ring and SQLite are built from C): apt-get install gcc libc6-dev".into())
}

/// Looks for Chromium, its driver and a Chinese font; installs what is missing when it may.
pub(crate) fn browser(log: &std::path::Path) -> Browser {
    let missing = missing();
    if missing.is_empty() {
        return Browser::Ready;
    }
    let Some(root) = as_root() else {
        return Browser::Missing(format!(
            "no {} and no right to install: sudo apt-get install -y {}",
            missing.join(", "),
            PACKAGES.join(" ")
        ));
    };
    if on_path("apt-get").is_none() {
        return Browser::Missing(format!("no {} and no apt-get to install from", missing.join(", ")));
    }
    say::note(&format!("         installing {} (apt-get, log in {})", PACKAGES.join(", "), log.display()));
    install(&root, log);
    let missing = self::missing();
    if missing.is_empty() {
        Browser::Ready
    } else {
        Browser::Missing(format!(
            "no {} even after apt-get install, see {}",
            missing.join(", "),
            log.display()
        ))
    }
}

fn missing() -> Vec<&'static str> {
    let mut missing = Vec::new();
    if on_path("chromium")
        .or_else(|| on_path("chromium-browser"))
        .or_else(|| on_path("google-chrome"))
        .is_none()
    {
        missing.push("Chromium");
    }
    if on_path("chromedriver").is_none() {
        missing.push("chromedriver");
    }
    if !has_chinese_font() {
        missing.push("a Chinese font");
    }
    missing
}

/// Fontconfig comes with Chromium; the file is looked for as well because the package may have come alone.
fn has_chinese_font() -> bool {
    let listed = Command::new("fc-list").args([":lang=zh", "file"]).output();
    listed.is_ok_and(|answer| answer.status.success() && !answer.stdout.is_empty())
        || std::path::Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file()
}

/// The words to put before a command so that it runs as root: none, `sudo -n`, or there is no way.
fn as_root() -> Option<Vec<&'static str>> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() == b"0" {
        return Some(Vec::new());
    }
    let sudo = Command::new("sudo").args(["-n", "true"]).stdin(Stdio::null()).output().ok()?;
    sudo.status.success().then(|| vec!["sudo", "-n"])
}

fn install(root: &[&str], log: &std::path::Path) {
    let steps: [&[&str]; 2] =
        [&["apt-get", "update"], &["apt-get", "install", "-y", "--no-install-recommends"]];
    let mut text = Vec::new();
    for (step, packages) in steps.into_iter().zip([&[][..], &PACKAGES[..]]) {
        let words: Vec<&str> = root
            .iter()
            .copied()
            .chain(["env", "DEBIAN_FRONTEND=noninteractive"])
            .chain(step.iter().copied())
            .chain(packages.iter().copied())
            .collect();
        let Some((program, arguments)) = words.split_first() else { continue };
        match Command::new(program).args(arguments).stdin(Stdio::null()).output() {
            Ok(answer) => text.extend([answer.stdout, answer.stderr].concat()),
            Err(e) => text.extend(format!("{program}: {e}\n").into_bytes()),
        }
    }
    if let Err(e) = std::fs::write(log, text) {
        say::note(&format!("         the log {} cannot be written: {e}", log.display()));
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::on_path;

    #[test]
    fn finds_programs_and_only_programs() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }
}
