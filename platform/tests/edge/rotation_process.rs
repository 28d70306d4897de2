//! The program as a process that serves all along while its keys change: what its log says, what its memory holds.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use msgpay_wire::SuiteId;

const PROGRAM: &str = env!("CARGO_BIN_EXE_msgpay-platform");

/// A platform that serves a development world in a folder of its own.
struct Serving {
    world: PathBuf,
    child: Child,
    log: Receiver<serde_json::Value>,
    _dir: tempfile::TempDir,
}

impl Serving {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let world = dir.path().join("dev");
        let listen = ["--merchant-listen", "127.0.0.1:0", "--sdk-listen", "127.0.0.1:0"];
        let suites: Vec<&str> = SuiteId::ALL.iter().flat_map(|suite| ["--suite", suite.word()]).collect();
        assert_eq!(run(&[&["dev-pki", text(&world)][..], &listen, &suites].concat()).0, 0);
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--config", text(&world.join("platform.toml"))])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        assert!(ready.contains("\"ready\":true"), "{ready}");
        let (said, log) = channel();
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                if said.send(serde_json::from_str(&line).unwrap_or_default()).is_err() {
                    return;
                }
            }
        });
        Self { world, child, log, _dir: dir }
    }

    /// Waits for an event of the log that begins with `keys_`; its reason.
    fn keys_event(&self, event: &str) -> String {
        loop {
            let line = self.log.recv_timeout(Duration::from_secs(20)).unwrap();
            let name = line["event"].as_str().unwrap_or_default();
            if name.starts_with("keys_") {
                assert_eq!(name, event, "{line}");
                return line["reason"].as_str().unwrap_or_default().to_owned();
            }
        }
    }

    fn command(&self, args: &[&str]) -> (i32, serde_json::Value) {
        let config = self.world.join("platform.toml");
        let (code, out) = run(&[args, &["--json", "--config", text(&config)]].concat());
        (code, serde_json::from_str(&out).unwrap())
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Whether a private key lies anywhere in the process, by any of its 8-byte words, in either byte order.
    fn holds(&self, key: &str) -> bool {
        let scalar = scalar(&self.world.join("keys").join(key));
        let words = scalar.chunks_exact(8).flat_map(|word| {
            let back: Vec<u8> = word.iter().rev().copied().collect();
            [word.to_vec(), back]
        });
        let words: Vec<Vec<u8>> = words.filter(|word| word[0] != 0).collect();
        assert!(words.len() >= 4);
        memory(self.child.id()).iter().any(|region| words.iter().any(|word| contains(region, word)))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // A test that failed leaves no process behind.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn run(args: &[&str]) -> (i32, String) {
    let output = Command::new(PROGRAM).args(args).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// Whole at once, so that the platform never reads a part that the test did not mean.
fn replace(path: &Path, bytes: &[u8]) {
    let beside = path.with_extension("beside");
    std::fs::write(&beside, bytes).unwrap();
    std::fs::rename(&beside, path).unwrap();
}

/// The scalar of a PKCS#8 PEM file (RFC 5915 §3), or the seed of one over Curve25519: its only OCTET STRING of 32 bytes.
fn scalar(path: &Path) -> Vec<u8> {
    let pem = std::fs::read_to_string(path).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = crate::common::unbase64(&body);
    let head = [0x04, 0x20];
    let at = der.windows(head.len()).position(|window| window == head).unwrap() + head.len();
    der[at..at + 32].to_vec()
}

/// What the process has of its own: every readable mapping that is no file's.
fn memory(pid: u32) -> Vec<Vec<u8>> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let own = |line: &&str| {
        let mut words = line.split_whitespace();
        let rights = words.nth(1).unwrap();
        let name = words.nth(3).unwrap_or_default();
        rights.starts_with('r') && !name.starts_with('/') && !name.starts_with("[v")
    };
    let read = |line: &str| {
        let (start, end) = line.split_whitespace().next().unwrap().split_once('-').unwrap();
        let [start, end] = [start, end].map(|hex| u64::from_str_radix(hex, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
        // A mapping that is gone by now holds nothing.
        memory.read_exact_at(&mut bytes, start).ok().map(|()| bytes)
    };
    maps.lines().filter(own).filter_map(read).collect()
}

fn contains(mut bytes: &[u8], word: &[u8]) -> bool {
    loop {
        let passed = bytes.skip_until(word[0]).unwrap();
        if passed == 0 || bytes.is_empty() {
            return false;
        }
        if bytes.starts_with(&word[1..]) {
            return true;
        }
    }
}

fn made<'a>(said: &'a serde_json::Value, suite: &str, purpose: &str) -> &'a serde_json::Value {
    let of = |made: &&serde_json::Value| made["suite"] == suite && made["purpose"] == purpose;
    said["made"].as_array().unwrap().iter().find(of).unwrap()
}

/// Numbers of the first `seal` keys, by the manifest.
fn first_seals(world: &Path) -> Vec<String> {
    let manifest: toml::Table =
        std::fs::read_to_string(world.join("keys/keys.toml")).unwrap().parse().unwrap();
    let keys = manifest["key"].as_array().unwrap().iter();
    keys.filter(|key| key["purpose"].as_str() == Some("seal")).map(|key| key["kid"].to_string()).collect()
}

#[test]
fn withdrawn_keys_are_gone_from_a_process_that_serves_all_along() {
    let serving = Serving::start();
    let old = first_seals(&serving.world);
    assert_eq!(old.len(), SuiteId::ALL.len(), "one of each suite");
    let (code, said) = serving.command(&["keys", "rotate", "--announce-hours", "0"]);
    assert_eq!(code, 0, "{said}");
    serving.keys_event("keys_taken_up");
    let file = |kid: &str| format!("seal-{kid}.key");
    let new = SuiteId::ALL.map(|suite| made(&said, suite.word(), "seal")["kid"].to_string());
    let http = made(&said, "international", "http")["keyId"].as_str().unwrap();
    for kid in old.iter().chain(&new) {
        assert!(serving.holds(&file(kid)), "control: {kid} is in use and found");
    }
    assert!(serving.holds("http-signing.key") && serving.holds(&format!("http-{http}.key")));
    let manifest = serving.world.join("keys/keys.toml");
    let both = std::fs::read(&manifest).unwrap();
    for kid in &old {
        assert_eq!(serving.command(&["keys", "withdraw", kid]).0, 0);
        serving.keys_event("keys_taken_up");
    }
    assert_eq!(serving.command(&["keys", "withdraw", "pay-2026a"]).0, 0);
    serving.keys_event("keys_taken_up");
    for kid in &old {
        assert!(!serving.holds(&file(kid)), "{kid} is withdrawn");
    }
    assert!(!serving.holds("http-signing.key"));
    for kid in &new {
        assert!(serving.holds(&file(kid)), "{kid} stays");
    }
    replace(&manifest, &both);
    let why = serving.keys_event("keys_kept");
    assert!(why.contains("was withdrawn") && old.iter().any(|kid| why.contains(kid.as_str())), "{why}");
}

#[test]
fn a_bad_manifest_is_kept_out_said_once_and_shown_by_check() {
    let mut serving = Serving::start();
    let manifest = serving.world.join("keys/keys.toml");
    let good = std::fs::read(&manifest).unwrap();
    let seal = format!("seal-{}.key", first_seals(&serving.world)[0]);
    replace(&manifest, &good[..good.len() / 2]);
    assert_eq!(serving.keys_event("keys_kept"), "keys.toml is not a key manifest");
    let (code, said) = serving.command(&["check"]);
    assert!(code == 1 && said["error"].as_str().unwrap().contains("keys.toml"), "{said}");
    assert!(serving.holds(&seal), "the set in use stays");
    // Two more looks: the same complaint is not repeated, another one is said.
    std::thread::sleep(Duration::from_millis(2_500));
    let other = String::from_utf8(good.clone()).unwrap().replace("WALLET_A", "WALLET_B");
    replace(&manifest, other.as_bytes());
    assert!(serving.keys_event("keys_kept").contains("WALLET_B"));
    // Asked for, it is said again.
    serving.signal("-HUP");
    assert!(serving.keys_event("keys_kept").contains("WALLET_B"));
    replace(&manifest, &good);
    serving.keys_event("keys_good_again");
    assert_eq!(serving.command(&["check"]).0, 0);
    serving.signal("-HUP");
    serving.keys_event("keys_taken_up");
    assert!(serving.child.try_wait().unwrap().is_none(), "it serves");
    serving.signal("-TERM");
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}
