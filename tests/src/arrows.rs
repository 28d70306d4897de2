//! Which room may depend on which.
//!
//! ```text
//!              demo-app ───────► messaging
//!                 │                 (wire)
//!   bindings ──┐  └─► sdk-core ─► suites ◄─ platform
//!              └────────┘
//!                                  └─► crypto, wire
//! tests ─► everything          nothing ─► tests, demo-app
//! ```

use serde_json::Value;

/// What each room may name in its manifest. A room that is not here has no place in the house yet.
const ALLOWED: [(&str, &[&str]); 13] = [
    ("msgpay-wire", &[]),
    ("msgpay-messaging", &[]),
    ("msgpay-crypto", &[]),
    ("msgpay-suites", &["msgpay-crypto", "msgpay-wire"]),
    ("msgpay-sdk-core", &["msgpay-crypto", "msgpay-suites", "msgpay-wire"]),
    // Crypto and suites only for the keystore of its desktop build.
    ("msgpay-bindings", &["msgpay-crypto", "msgpay-suites", "msgpay-sdk-core"]),
    ("msgpay-platform", &["msgpay-crypto", "msgpay-suites", "msgpay-wire"]),
    (
        "msgpay-demo",
        &[
            "msgpay-wire",
            "msgpay-messaging",
            "msgpay-crypto",
            "msgpay-suites",
            "msgpay-sdk-core",
            "msgpay-platform",
        ],
    ),
    (
        "msgpay-tests",
        &[
            "msgpay-wire",
            "msgpay-messaging",
            "msgpay-crypto",
            "msgpay-suites",
            "msgpay-sdk-core",
            "msgpay-platform",
            "msgpay-demo",
            "msgpay-bindings",
        ],
    ),
    // Rooms of their own inside `tests`: the memory laboratory plays with the same desk as the tests beside it.
    ("msgpay-memory", &["msgpay-wire", "msgpay-crypto", "msgpay-sdk-core", "msgpay-demo", "msgpay-tests"]),
    ("msgpay-timing", &["msgpay-wire", "msgpay-crypto", "msgpay-sdk-core"]),
    ("msgpay-openssl-provider", &["msgpay-crypto"]),
    ("xtask", &[]),
];

/// What a room must not name, because it would let it do what it must never do: the reason, the crates.
const NEVER: [(&str, &str, &[&str]); 7] = [
    (
        "msgpay-wire",
        "no I/O, clocks, randomness or secrets",
        &[
            "tokio",
            "reqwest",
            "hyper",
            "axum",
            "rustls",
            "getrandom",
            "rand",
            "ring",
            "p256",
            "aes-gcm",
            "hpke",
        ],
    ),
    (
        "msgpay-messaging",
        "no payment keys, no network",
        &["p256", "ring", "hpke", "reqwest", "axum", "tokio", "sqlx"],
    ),
    (
        "msgpay-crypto",
        "no network, no storage, no formats",
        &["tokio", "reqwest", "hyper", "axum", "sqlx", "serde"],
    ),
    (
        "msgpay-sdk-core",
        "all cryptography is the crypto room's; nothing is served or stored",
        &["ring", "p256", "aes-gcm", "hpke", "hkdf", "sha2", "getrandom", "rand", "axum", "sqlx", "clap"],
    ),
    (
        "msgpay-bindings",
        "conversions only: no cryptography, no network, no formats",
        &["ring", "p256", "aes-gcm", "hpke", "getrandom", "rand", "reqwest", "rustls", "serde_json", "tokio"],
    ),
    (
        "msgpay-platform",
        "key operations are the crypto room's",
        &["p256", "aes-gcm", "hpke", "hkdf", "argon2"],
    ),
    ("xtask", "the commands stand alone", &["tokio", "reqwest", "sqlx"]),
];

/// One dependency line: from a package to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The package that depends.
    pub from: String,
    /// What it depends on.
    pub to: String,
    /// `normal`, `dev` or `build`.
    pub kind: String,
}

/// All dependency lines in `cargo metadata`'s JSON.
pub fn of_metadata(metadata: &Value) -> Vec<Arrow> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut arrows = Vec::new();
    for package in list(&metadata["packages"]) {
        for dependency in list(&package["dependencies"]) {
            let kind = dependency["kind"].as_str().unwrap_or("normal").to_owned();
            arrows.push(Arrow { from: text(&package["name"]), to: text(&dependency["name"]), kind });
        }
    }
    arrows
}

/// The workspace's packages in `cargo metadata --no-deps`.
pub fn packages(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    packages.iter().filter_map(|package| package["name"].as_str().map(str::to_owned)).collect()
}

/// Every arrow that points where it must not, a line each.
pub fn broken(arrows: &[Arrow], packages: &[String]) -> Vec<String> {
    let mut broken = Vec::new();
    for package in packages {
        if !ALLOWED.iter().any(|(room, _)| room == package) {
            broken.push(format!(
                "{package} is no room of the house: give it its arrows in tests/src/arrows.rs"
            ));
        }
    }
    for arrow in arrows {
        let Arrow { from, to, kind } = arrow;
        let allowed = ALLOWED.iter().find(|(room, _)| room == from).map_or(&[][..], |(_, allowed)| allowed);
        let ours = packages.contains(to);
        if ours && !allowed.contains(&to.as_str()) {
            broken.push(format!("{from} must not depend on {to} ({kind})"));
        }
        for (room, why, crates) in NEVER {
            if room == from && kind == "normal" && crates.contains(&to.as_str()) {
                broken.push(format!("{from} must not depend on {to}: {why}"));
            }
        }
    }
    broken
}

/// Crates that would bring a second TLS provider, as far as `lockfile` (`Cargo.lock`) names them. OpenSSL may be
/// there for the tests' second provider of the suites, and for nobody else.
pub fn second_providers(lockfile: &str) -> Vec<String> {
    const REFUSED: [&str; 6] = ["aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys", "native-tls", "boring"];
    const TESTS: [&str; 2] = ["msgpay-openssl-provider", "openssl"];
    let packages: Vec<Locked<'_>> = lockfile.split("[[package]]").filter_map(Locked::read).collect();
    let only_for_tests = |name: &str| {
        let mut users = packages.iter().filter(|package| package.uses(name)).peekable();
        name.starts_with("openssl") && users.peek().is_some() && users.all(|user| TESTS.contains(&user.name))
    };
    let refused = packages.iter().map(|package| package.name).filter(|name| REFUSED.contains(name));
    refused.filter(|name| !only_for_tests(name)).map(str::to_owned).collect()
}

/// A package of a lock file.
struct Locked<'a> {
    name: &'a str,
    block: &'a str,
}

impl<'a> Locked<'a> {
    fn read(block: &'a str) -> Option<Self> {
        let name = block.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))?;
        Some(Self { name, block })
    }

    /// Whether it depends on `name`: a line ` "name",` or ` "name 1.2.3",` of its list.
    fn uses(&self, name: &str) -> bool {
        let listed = self.block.lines().filter_map(|line| line.strip_prefix(" \"")?.strip_suffix("\","));
        listed.filter_map(|line| line.split(' ').next()).any(|listed| listed == name)
    }
}
