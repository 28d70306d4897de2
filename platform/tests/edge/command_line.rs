//! The program as a process: help, exit codes, a served world, an orderly end.

use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_msgpay-platform");

fn run(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(PROGRAM).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn find(under: &std::path::Path, name: &str) -> std::path::PathBuf {
    let mut open = vec![under.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|n| n == name) {
                return path;
            }
        }
    }
    panic!("no {name}");
}

#[test]
fn help_names_every_command_and_usage_errors_are_two() {
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, 0);
    for command in ["serve", "dev-pki", "check", "merchant", "activate", "bank"] {
        assert!(out.contains(command), "{command}");
        assert_eq!(run(&[command, "--help"]).0, 0, "{command}");
    }
    for wrong in [&["nope"][..], &[], &["activate", "--mobile", "123"], &["serve", "--nope"], &["dev-pki"]] {
        let (code, out, err) = run(wrong);
        assert_eq!((code, out.is_empty(), err.is_empty()), (2, true, false), "{wrong:?}");
    }
}

#[test]
fn a_world_is_made_served_and_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let world = dir.path().join("dev");
    let (dev, config) = (world.to_str().unwrap(), world.join("platform.toml"));
    let config = config.to_str().unwrap();
    let listen = ["--merchant-listen", "127.0.0.1:0", "--sdk-listen", "127.0.0.1:0"];
    assert_eq!(run(&[&["dev-pki", dev][..], &listen].concat()).0, 0);
    let (code, _, err) = run(&[&["dev-pki", dev][..], &listen].concat());
    assert_eq!(code, 1, "a second one into the same directory");
    assert!(err.contains("not empty"), "{err}");
    assert_eq!(run(&["dev-pki", dev, "--party", "maap"]).0, 0);
    let (code, out, _) = run(&["check", "--config", config, "--json"]);
    assert_eq!((code, out.as_str()), (0, "{\"findings\":[],\"ok\":true}\n"));

    let ready = world.join("ready.json");
    let mut serving = Command::new(PROGRAM)
        .args(["serve", "--config", config, "--ready-file", ready.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = std::io::BufReader::new(serving.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    let said: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(said["ready"], true);
    assert_eq!(said["pid"], serving.id());
    assert_eq!(std::fs::read_to_string(&ready).unwrap(), line);
    for listener in ["merchant", "sdk"] {
        std::net::TcpStream::connect(said[listener].as_str().unwrap()).unwrap();
    }
    let (code, out, _) = run(&["activate", "--config", config, "--mobile", "19900001234"]);
    assert_eq!(code, 0, "commands work beside the server: {out}");
    let (key, away) = (find(&world, "mobile.key"), world.join("away"));
    std::fs::rename(&key, &away).unwrap();
    let (code, _, err) = run(&["activate", "--config", config, "--mobile", "19900001234"]);
    assert_eq!((code, key.exists()), (1, false), "a lost key is missed, not replaced: {err}");
    std::fs::rename(&away, &key).unwrap();
    let stop = Command::new("kill").args(["-TERM", &serving.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert_eq!(serving.wait().unwrap().code(), Some(0));
}

#[test]
fn a_server_that_another_program_started_ends_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let world = dir.path().join("dev");
    let listen = ["--merchant-listen", "127.0.0.1:0", "--sdk-listen", "127.0.0.1:0"];
    assert_eq!(run(&[&["dev-pki", world.to_str().unwrap()][..], &listen].concat()).0, 0);
    let mut serving = Command::new(PROGRAM)
        .args(["serve", "--until-stdin-closes", "--config", world.join("platform.toml").to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = std::io::BufReader::new(serving.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    assert!(line.contains("\"ready\":true"), "{line}");
    assert!(serving.try_wait().unwrap().is_none(), "it serves while standard input is open");
    drop(serving.stdin.take());
    assert_eq!(serving.wait().unwrap().code(), Some(0));
}

#[test]
fn development_keys_are_refused_outside_development() {
    let dir = tempfile::tempdir().unwrap();
    let world = dir.path().join("dev");
    assert_eq!(run(&["dev-pki", world.to_str().unwrap()]).0, 0);
    let config = world.join("platform.toml");
    let text = std::fs::read_to_string(&config).unwrap().replace("mode = \"dev\"", "mode = \"production\"");
    std::fs::write(&config, text).unwrap();
    let (code, _, err) = run(&["serve", "--config", config.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(err.contains("mode \"dev\""), "{err}");
}

#[test]
fn a_misspelt_key_is_not_silently_a_default() {
    let dir = tempfile::tempdir().unwrap();
    let world = dir.path().join("dev");
    assert_eq!(run(&["dev-pki", world.to_str().unwrap()]).0, 0);
    let config = world.join("platform.toml");
    let text = std::fs::read_to_string(&config).unwrap().replace("body_bytes_max", "body_byte_max");
    std::fs::write(&config, text).unwrap();
    let (code, _, err) = run(&["check", "--config", config.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(err.contains("body_byte_max"), "{err}");
}

#[test]
fn a_merchants_files_are_checked() {
    let dir = tempfile::tempdir().unwrap();
    let world = dir.path().join("dev");
    let dev = world.to_str().unwrap();
    assert_eq!(run(&["dev-pki", dev]).0, 0);
    assert_eq!(run(&["dev-pki", dev, "--party", "coffee"]).0, 0);
    let path = |name: &str| world.join(name).to_str().unwrap().to_owned();
    let config = path("platform.toml");
    let add = |cert: &str, key: &str, host: &str, more: &[&str]| {
        let args =
            ["merchant", "add", "--config", &config, "--name", "青禾咖啡", "--cert", cert, "--key", key];
        run(&[&args[..], &["--notify-host", host], more].concat())
    };
    let (cert, key) = (path("parties/coffee/client.pem"), path("parties/coffee/signing.pub.pem"));
    assert_eq!(add(&key, &key, "127.0.0.1:9443", &[]).0, 1, "no certificate");
    assert_eq!(add(&cert, &cert, "127.0.0.1:9443", &[]).0, 1, "no public key");
    assert_eq!(add(&cert, &key, "https://x/", &[]).0, 1, "no host");
    assert_eq!(add(&cert, &key, "127.0.0.1:9443", &["--id", "12"]).0, 2, "no merchant id");
    assert_eq!(add(&cert, &key, "127.0.0.1:9443", &["--id", "8980000000000017"]).0, 0);
    let (code, _, err) = add(&cert, &key, "127.0.0.1:9443", &["--id", "8980000000000017"]);
    assert_eq!(code, 1);
    assert!(err.contains("taken"), "{err}");
}

#[tokio::test]
async fn an_account_number_cannot_be_tried_out_against_mobile_numbers() {
    let mut accounts = std::collections::BTreeSet::new();
    for _ in 0..2 {
        let world = crate::common::World::start().await;
        let open = ["bank", "open", "--mobile", "19900001234", "--fen", "100"];
        let (_, said) = world.command(&open).await;
        accounts.insert(said["account"].as_str().unwrap().to_owned());
    }
    assert_eq!(accounts.len(), 2, "without the platform's key file the number says nothing: {accounts:?}");
}
