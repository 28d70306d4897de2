//! The payment platform as its own process: started, asked, killed and started again as an operator would.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::process::{Child, Command};

use super::StageError;

/// How to run the platform: a program and the arguments that come before the platform's own.
#[derive(Debug, Clone)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    /// Arguments that turn it into the platform.
    pub prefix: Vec<OsString>,
}

impl Program {
    /// This executable, told to be the platform (`msgpay-demo platform …`).
    ///
    /// # Errors
    /// When the executable's own path is not known.
    pub fn this_one() -> Result<Self, StageError> {
        let path = std::env::current_exe().map_err(StageError::Process)?;
        Ok(Self { path, prefix: vec!["platform".into()] })
    }
}

/// Runs one platform command to its end and reads the JSON object that it prints.
///
/// # Errors
/// [`StageError::Command`] with the command's name when it does not end well.
pub async fn command(program: &Program, arguments: &[&str]) -> Result<Value, StageError> {
    let output = Command::new(&program.path)
        .args(&program.prefix)
        .args(arguments)
        .arg("--json")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(StageError::Process)?;
    let failed =
        |why: String| StageError::Command { command: arguments.first().map(|s| (*s).to_owned()), why };
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(failed(String::from_utf8_lossy(&said).trim().to_owned()));
    }
    serde_json::from_slice(&output.stdout).map_err(|_| failed("it printed no JSON object".to_owned()))
}

/// A serving platform.
pub struct Serving {
    child: Child,
    /// Where merchants call.
    pub merchant: SocketAddr,
    /// Where handsets call.
    pub sdk: SocketAddr,
}

impl Serving {
    /// Starts `serve` and waits until it is ready. `fault` names a crash point (`MSGPAY_FAULT`).
    ///
    /// # Errors
    /// [`StageError`] when it ends or is not ready within 20 s.
    pub async fn start(program: &Program, config: &Path, fault: Option<&str>) -> Result<Self, StageError> {
        let ready = config.with_file_name("ready.json");
        match std::fs::remove_file(&ready) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StageError::Process(error));
            }
            _ => (),
        }
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(config.with_file_name("platform.log"))
            .map_err(StageError::Process)?;
        let errors = log.try_clone().map_err(StageError::Process)?;
        let mut command = Command::new(&program.path);
        command
            .args(&program.prefix)
            .arg("serve")
            .arg("--config")
            .arg(config)
            .arg("--ready-file")
            .arg(&ready)
            .arg("--until-stdin-closes");
        command
            .env_remove("MSGPAY_FAULT")
            .stdin(Stdio::piped())
            .stdout(log)
            .stderr(errors)
            .kill_on_drop(true);
        if let Some(fault) = fault {
            command.env("MSGPAY_FAULT", fault);
        }
        let mut child = command.spawn().map_err(StageError::Process)?;
        let address = |value: &Value, key: &str| value[key].as_str().and_then(|text| text.parse().ok());
        for _ in 0..1000 {
            if let Ok(bytes) = std::fs::read(&ready)
                && let Ok(value) = serde_json::from_slice::<Value>(&bytes)
                && let (Some(merchant), Some(sdk)) = (address(&value, "merchant"), address(&value, "sdk"))
            {
                return Ok(Self { child, merchant, sdk });
            }
            if let Ok(Some(status)) = child.try_wait() {
                let why = format!("ended at once with {status}; see platform.log");
                return Err(StageError::Command { command: Some("serve".into()), why });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(StageError::Command { command: Some("serve".into()), why: "not ready within 20 s".into() })
    }

    /// Kills the process as a power cut would (`SIGKILL`) and waits for its end.
    ///
    /// # Errors
    /// When the process cannot be killed.
    pub async fn kill(mut self) -> Result<(), StageError> {
        self.child.kill().await.map_err(StageError::Process)
    }

    /// Waits until the process has died by itself.
    ///
    /// # Errors
    /// When it has not within `limit`, or stopped in good order instead.
    pub async fn ended(&mut self, limit: Duration) -> Result<(), StageError> {
        // Waiting closes what is still open of standard input, and that would tell the platform to stop.
        let _open = self.child.stdin.take();
        let failed = |why: &str| StageError::Command { command: Some("serve".into()), why: why.into() };
        match tokio::time::timeout(limit, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => Err(failed("it stopped in good order instead of dying")),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(StageError::Process(error)),
            Err(_) => Err(failed("did not end")),
        }
    }
}

/// Runs `check --json`; a finding is a line, none is an empty list.
///
/// # Errors
/// [`StageError`] when the check itself cannot be made.
pub(super) async fn findings(program: &Program, config: &Path) -> Result<Vec<String>, StageError> {
    let output = Command::new(&program.path)
        .args(&program.prefix)
        .args(["check", "--json", "--config"])
        .arg(config)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(StageError::Process)?;
    let failed = |why: &str| StageError::Command { command: Some("check".into()), why: why.to_owned() };
    let answer: Value =
        serde_json::from_slice(&output.stdout).map_err(|_| failed("it printed no JSON object"))?;
    let findings = answer["findings"].as_array().ok_or_else(|| failed("it printed no findings"))?;
    if output.status.success() != findings.is_empty() {
        return Err(failed("its exit code and its findings differ"));
    }
    Ok(findings.iter().map(Value::to_string).collect())
}
