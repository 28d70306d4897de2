//! Where the built programs lie.

use msgpay_demo::stage::Program;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// Set by `cargo xtask test`, which has just built every program.
const BUILT: &str = "MSGPAY_BUILT";

/// The demo program told to be the platform, of the profile that this test was built in.
///
/// # Panics
/// When the program cannot be found or built: no test can go on without it.
#[expect(clippy::panic, reason = "a test that lacks its program has failed")]
pub fn platform() -> Program {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    let path = PATH.get_or_init(|| match find_or_build() {
        Ok(path) => path,
        Err(why) => panic!("msgpay-demo: {why}"),
    });
    Program { path: path.clone(), prefix: vec!["platform".into()] }
}

/// Cargo builds a package's programs for that package's own tests only, so for these it is asked to.
fn find_or_build() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let profile = own.ancestors().nth(2).ok_or("this test lies outside a target directory")?;
    let program = profile.join("msgpay-demo");
    if std::env::var_os(BUILT).is_some() && program.is_file() {
        return Ok(program);
    }
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.current_dir(crate::source::workspace()).args(["build", "--package", "msgpay-demo"]);
    build.args(profile.ends_with("release").then_some("--release"));
    if let Some(target) = profile.parent() {
        build.arg("--target-dir").arg(target);
    }
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_")) {
        build.env_remove(name);
    }
    let built = build.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH").output();
    let built = built.map_err(|e| e.to_string())?;
    if built.status.success() && program.is_file() {
        return Ok(program);
    }
    Err(String::from_utf8_lossy(&built.stderr).into_owned())
}
