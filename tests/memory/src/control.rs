//! The product with one line more that leaks, built beside it.
//!
//! A copy of the workspace gets `controls/leak.rs` and the lines of [`LINES`], each after or before a line
//! that occurs once. Every line is asleep until its name is in the environment, so one build serves all; with
//! none switched on the copy is the product again, which is examined too.

use crate::exam::{Edge, Phase, Row, is_kept};
use crate::search::Family;
use crate::subject::Setting;
use msgpay_sdk_core::Kind;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Environment variable that names the line to be switched on.
pub const SWITCH: &str = "MSGPAY_CONTROL";

/// One line of the control build.
pub struct Line {
    /// File of the workspace.
    pub file: &'static str,
    /// A piece of text that occurs once in it.
    pub anchor: &'static str,
    /// Whether the line comes after the anchor's line, or before it.
    pub after: bool,
    /// The line.
    pub line: &'static str,
}

const fn before(file: &'static str, anchor: &'static str, line: &'static str) -> Line {
    Line { file, anchor, after: false, line }
}

const fn after(file: &'static str, anchor: &'static str, line: &'static str) -> Line {
    Line { file, anchor, after: true, line }
}

/// All lines.
pub const LINES: &[Line] = &[
    after("crypto/src/lib.rs", "pub mod heap;", "pub mod leak;"),
    before(
        "crypto/src/room/mod.rs",
        "hook::keep_out_first();",
        r#"if crate::leak::on("room-off") { return Ok(work()); }"#,
    ),
    before(
        "crypto/src/room/mod.rs",
        "        registers::clear();",
        r#"if crate::leak::on("registers-off") { return result; }"#,
    ),
    before(
        "crypto/src/room/stack.rs",
        "self.0.wipe();",
        r#"if crate::leak::on("stack-unwiped") { return result; }"#,
    ),
    before(
        "crypto/src/secret/page.rs",
        "self.bytes_mut()?.try_into().map_err(|_| Error::BadKey)",
        r#"if crate::leak::on("chain-kept") { crate::leak::keep(self.bytes()?); }"#,
    ),
    before(
        "crypto/src/secret/page.rs",
        "self.bytes_mut()?.try_into().map_err(|_| Error::BadKey)",
        r#"if crate::leak::on("keyed-kept") { crate::leak::keyed(self.bytes()?); }"#,
    ),
    after(
        "crypto/src/chain/seal.rs",
        "self.suite.ratchet(self.chain.array_mut()?, KEY, NEXT, &mut key)?;",
        r#"if crate::leak::on("key-kept") { crate::leak::keep(&*key); }"#,
    ),
    after(
        "crypto/src/chain/seal.rs",
        "self.suite.ratchet(self.chain.array_mut()?, label, NEXT, &mut key)?;",
        r#"if crate::leak::on("layout-key-kept") { crate::leak::keep(&*key); }"#,
    ),
    after(
        "crypto/src/chain/seal.rs",
        "let text = plaintext.bytes_mut()?;",
        r#"if crate::leak::on("layout-kept") { crate::leak::keep(text); }"#,
    ),
    after(
        "crypto/src/chain/seal.rs",
        "let text = plaintext.bytes_mut()?;",
        r#"if label == b"layout" { crate::leak::layout(text); }"#,
    ),
    after(
        "crypto/src/suite/international.rs",
        "fn seal_at(key: &[u8; 32], ",
        r#"if crate::leak::on("schedule-kept") { crate::leak::forget(Aes256Gcm::new(key.into())); }"#,
    ),
    after(
        "crypto/src/suite/guomi.rs",
        "fn sm4_gcm(key: &[u8; 32]) ",
        r#"if crate::leak::on("schedule-kept") { crate::leak::schedule(|half| Sm4Gcm::new(half.into()), key); }"#,
    ),
    after(
        "crypto/src/suite/international.rs",
        "context.export(label, chain).map_err(|_| Error::RoomBroken)?;",
        r#"if crate::leak::on("setup-kept") { crate::leak::forget(context); }"#,
    ),
    before(
        "crypto/src/suite/guomi.rs",
        "derive(&seed, info, label, chain)?;",
        r#"if crate::leak::on("setup-kept") { crate::leak::keep(&*seed); }"#,
    ),
    before(
        "crypto/src/suite/international.rs",
        "        encapsulate_from(&seed, public_key, info, label, chain)",
        r#"if crate::leak::on("ephemeral-kept") { crate::leak::keep(&*seed); }"#,
    ),
    after(
        "crypto/src/suite/guomi.rs",
        "self.make_private(&mut k)?;",
        r#"if crate::leak::on("ephemeral-kept") { crate::leak::keep(&*k); }"#,
    ),
    after(
        "crypto/src/suite/curve25519.rs",
        "context.export(label, chain).map_err(|_| Error::RoomBroken)?;",
        r#"if crate::leak::on("setup-kept") { crate::leak::forget(context); }"#,
    ),
    before(
        "crypto/src/suite/curve25519.rs",
        "        encapsulate_from(&seed, &key.opening, info, label, chain)",
        r#"if crate::leak::on("ephemeral-kept") { crate::leak::keep(&*seed); }"#,
    ),
    before(
        "crypto/src/suite/curve25519.rs",
        "        encapsulate_from(&seed, &key.opening, info, label, chain)",
        r#"if crate::leak::on("shared-kept") { crate::leak::shared_x25519(&seed, &key.opening); }"#,
    ),
    before(
        "crypto/src/suite/international.rs",
        "        encapsulate_from(&seed, public_key, info, label, chain)",
        r#"if crate::leak::on("shared-kept") { crate::leak::shared(&seed, public_key); }"#,
    ),
    after(
        "crypto/src/suite/guomi/encryption.rs",
        "let shared = Coordinates::of(public.to_projective() * **k);",
        r#"if crate::leak::on("shared-kept") { crate::leak::keep(&*shared.0); }"#,
    ),
    after(
        "sdk-core/src/keypad/pad.rs",
        "pub fn press(&mut self, slot: u8) -> Result<usize, EntryFault> {",
        "msgpay_crypto::leak::press(slot);",
    ),
    before(
        "crypto/src/key.rs",
        "self.0.suite.decapsulate(self.0.scalar.array()?, encapsulation, info, label, chain)",
        r#"if crate::leak::on("scalar-kept") { crate::leak::keep(self.0.scalar.array::<32>()?); }"#,
    ),
    after(
        "crypto/src/chain/open.rs",
        "self.suite.ratchet(self.chain.array_mut()?, KEY, NEXT, &mut key)?;",
        r#"if crate::leak::on("opened-key-kept") { crate::leak::keep(&*key); }"#,
    ),
    before(
        "crypto/src/suite/international.rs",
        "    answer(&Aes256Gcm::new(key.into()).decrypt_inout_detached(",
        r#"if crate::leak::on("opened-schedule-kept") { crate::leak::forget(Aes256Gcm::new(key.into())); }"#,
    ),
    after(
        "crypto/src/suite/guomi.rs",
        "fn sm4_gcm(key: &[u8; 32]) ",
        r#"if crate::leak::on("opened-schedule-kept") { crate::leak::schedule(|half| Sm4Gcm::new(half.into()), key); }"#,
    ),
    before(
        "crypto/src/suite/international.rs",
        "let key = <P256Kem as Kem>::PrivateKey::from_bytes(scalar)",
        r#"if crate::leak::on("opened-shared-kept") { crate::leak::agreed(scalar, encapsulation); }"#,
    ),
    after(
        "crypto/src/suite/guomi.rs",
        "encryption::open(&private(scalar)?, encapsulation, &mut *seed)?;",
        r#"if crate::leak::on("opened-seed-kept") { crate::leak::keep(&*seed); }"#,
    ),
    before(
        "crypto/src/password/mod.rs",
        "let mut record = Record { pepper: pepper.id()?",
        r#"if crate::leak::on("password-kept") { password.expose(crate::leak::keep)?; }"#,
    ),
    before(
        "crypto/src/password/mod.rs",
        "let record = Record::read(record)?;",
        r#"if crate::leak::on("password-kept") { password.expose(crate::leak::keep)?; }"#,
    ),
    before(
        "crypto/src/entry.rs",
        "        replay(faces, slots.bytes()?, out)",
        r#"if crate::leak::on("opened-slots-kept") { crate::leak::keep(slots.bytes()?); }"#,
    ),
    before(
        "crypto/src/entry.rs",
        "        replay(faces, slots.bytes()?, out)",
        r#"if crate::leak::on("opened-layout-kept") { crate::leak::keep(faces); }"#,
    ),
    before(
        "crypto/src/entry/typed.rs",
        "Ok(Self { layout, characters: ",
        r#"if crate::leak::on("layout-kept") { layout.expose(crate::leak::keep)?; }"#,
    ),
    before(
        "crypto/src/entry/typed.rs",
        "Ok(Self { layout, characters: ",
        "layout.expose(crate::leak::layout)?;",
    ),
    before(
        "crypto/src/entry/typed.rs",
        "room::run(|| Ok(look(self.bytes()?)))?",
        r#"if crate::leak::on("review-kept") { crate::leak::keep(self.bytes()?); }"#,
    ),
    after(
        "crypto/src/entry/pin.rs",
        "pin_field(typed.bytes()?, &fill, block);",
        r#"if crate::leak::on("pin-kept") { crate::leak::keep(block); }"#,
    ),
    after(
        "tests/memory/src/bin/lab.rs",
        "self.review = keypad.review(SIDE).ok();",
        r#"if let Some(review) = &self.review && msgpay_crypto::leak::on("picture-kept") { msgpay_crypto::leak::keep(review.picture.alpha()); }"#,
    ),
    before(
        "tests/memory/src/bin/lab.rs",
        "let answer = keypad.press(masked ^ host.mask);",
        "if let Some(key) = host.keys.iter().find(|key| key.action == Action::Slot(masked ^ host.mask)) { msgpay_crypto::leak::touch(masked ^ host.mask, key.row, key.column); }",
    ),
    before(
        "tests/memory/src/bin/lab.rs",
        "let answer = if host.focus == DELETE",
        "if let Some(key) = host.keys.iter().find(|key| key.action == Action::Slot(host.focus)) { msgpay_crypto::leak::touch(host.focus, key.row, key.column); }",
    ),
    after(
        "tests/memory/src/bin/lab.rs",
        "let key = host.keys.iter().find(found)?;",
        "if let Action::Slot(slot) = key.action { msgpay_crypto::leak::explore(slot, key.row, key.column); }",
    ),
    before("sdk-core/src/voice/mod.rs", "        &self.samples", "msgpay_crypto::leak::play(&self.samples);"),
    after(
        "sdk-core/src/voice/mod.rs",
        "let word = words::character(ch, language)?;",
        r#"if msgpay_crypto::leak::on("speaker-kept") { msgpay_crypto::leak::forget(Speaker::of(jitter)); }"#,
    ),
    after(
        "sdk-core/src/voice/tract.rs",
        "sing(word, speaker, &mut wave);",
        "msgpay_crypto::leak::wave(&wave);",
    ),
    before(
        "sdk-core/src/keypad/layout.rs",
        "let mut whole = true;",
        r#"if msgpay_crypto::leak::on("jitter-kept") { msgpay_crypto::leak::keep(&jitters); }"#,
    ),
];

/// The workspace that this was built from.
fn workspace() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap().to_owned()
}

/// The target directory that this runs in.
///
/// # Panics
/// When it runs outside of one.
#[must_use]
pub fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())
        .expect("a target directory")
        .to_owned()
}

/// The control build's laboratory program, built on first use.
///
/// # Panics
/// When a line has lost its place, or the copy does not build.
pub fn laboratory() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let copy = target().join("xtask/memory/control");
        lay_out(&workspace(), &copy);
        build(&copy, &["-p", "msgpay-memory", "--bin", "lab-control"]);
        target().join("debug/lab-control")
    })
}

/// The control build's platform, inside its demo program.
///
/// # Panics
/// As [`laboratory`].
pub fn platform() -> PathBuf {
    // One after the other: both lay the copy out.
    laboratory();
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let copy = target().join("xtask/memory/control");
        build(&copy, &["-p", "msgpay-demo", "--bin", "demo-control"]);
        target().join("debug/demo-control")
    });
    built.clone()
}

fn build(copy: &Path, what: &[&str]) {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--offline", "--quiet"]).args(what).current_dir(copy);
    cargo.env("CARGO_TARGET_DIR", target());
    let built = cargo.output().expect("cargo runs");
    assert!(built.status.success(), "the control build: {}", String::from_utf8_lossy(&built.stderr));
}

/// Copies the workspace, where what is copied already and the same stays untouched, and lays the lines in.
fn lay_out(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if !name.starts_with('.') && !["target", "docs"].contains(&name.as_str()) {
            copy(&entry.path(), &to.join(&name), Path::new(&name));
        }
    }
}

fn copy(from: &Path, to: &Path, relative: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let name = entry.file_name();
            if name != "target" {
                copy(&entry.path(), &to.join(&name), &relative.join(&name));
            }
        }
        return;
    }
    let mut bytes = fs::read(from).unwrap();
    let name = relative.to_str().unwrap();
    if LINES.iter().any(|line| line.file == name) {
        bytes = with_lines(name, String::from_utf8(bytes).unwrap()).into_bytes();
    }
    if name == "tests/memory/Cargo.toml" {
        bytes.extend_from_slice(b"\n[[bin]]\nname = \"lab-control\"\npath = \"src/bin/lab.rs\"\n");
    }
    if name == "demo-app/Cargo.toml" {
        bytes.extend_from_slice(b"\n[[bin]]\nname = \"demo-control\"\npath = \"src/main.rs\"\n");
    }
    write(to, &bytes);
    if name == "crypto/src/lib.rs" {
        let leak = fs::read(workspace().join("tests/memory/controls/leak.rs")).unwrap();
        write(&to.with_file_name("leak.rs"), &leak);
    }
}

fn write(to: &Path, bytes: &[u8]) {
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return;
    }
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::write(to, bytes).unwrap();
}

/// The file's text with its lines laid in.
fn with_lines(name: &str, text: String) -> String {
    LINES.iter().filter(|line| line.file == name).fold(text, |text, line| {
        assert_eq!(text.matches(line.anchor).count(), 1, "{name}: «{}» must occur once", line.anchor);
        let at = text.find(line.anchor).unwrap();
        let place = if line.after {
            at + text[at..].find('\n').unwrap() + 1
        } else {
            text[..at].rfind('\n').unwrap() + 1
        };
        format!("{}{}\n{}", &text[..place], line.line, &text[place..])
    })
}

/// Names that keep what was typed, and where they must be found.
const TYPED: [(&str, Row, usize); 25] = [
    ("slots-u8", Row::Found(Family::Slots), 1),
    ("slots-back", Row::Found(Family::Slots), 1),
    ("slots-u16", Row::Found(Family::Slots), 2),
    ("slots-i32", Row::Found(Family::Slots), 4),
    ("slots-i64", Row::Found(Family::Slots), 8),
    ("touches-objects", Row::Found(Family::Slots), 3),
    ("touches-large-objects", Row::Found(Family::Slots), 12),
    ("slots-printed", Row::Found(Family::Printed), 0),
    ("slots-hex", Row::Found(Family::Hex), 0),
    ("slots-base64", Row::Found(Family::Base64), 0),
    ("slots-bcd", Row::Found(Family::Bcd), 0),
    ("touches-f32", Row::Found(Family::Coordinates), 0),
    ("touches-f64", Row::Found(Family::Coordinates), 0),
    ("touches-events", Row::Found(Family::Coordinates), 0),
    ("characters-u8", Row::Found(Family::Characters), 1),
    ("characters-back", Row::Found(Family::Characters), 1),
    ("characters-u16", Row::Found(Family::Characters), 2),
    ("characters-u16be", Row::Found(Family::Characters), 2),
    ("characters-i32", Row::Found(Family::Characters), 4),
    ("characters-values", Row::Found(Family::Digits), 1),
    ("characters-printed", Row::Found(Family::Printed), 0),
    ("characters-hex", Row::Found(Family::Hex), 0),
    ("characters-upper", Row::Found(Family::Hex), 0),
    ("characters-base64", Row::Found(Family::Base64), 0),
    ("characters-bcd", Row::Found(Family::Bcd), 0),
];

/// Names that keep what opens it.
const DERIVED: [(&str, Row, usize); 11] = [
    ("chain-kept", Row::Found(Family::Chain), 0),
    ("chain-kept", Row::Opens, 0),
    ("key-kept", Row::Found(Family::Press), 0),
    ("key-kept", Row::Opens, 0),
    ("layout-key-kept", Row::Found(Family::Press), 0),
    ("schedule-kept", Row::Found(Family::Schedule), 0),
    ("keyed-kept", Row::Found(Family::Keyed), 0),
    ("shared-kept", Row::Found(Family::Shared), 0),
    ("setup-kept", Row::Found(Family::Setup), 0),
    ("ephemeral-kept", Row::Ephemeral, 0),
    ("layout-kept", Row::Found(Family::Layout), 0),
];

/// Names that keep what was heard, on a keypad that is listened to.
const HEARD: [(&str, Row, usize); 9] = [
    ("explored-u8", Row::Found(Family::Explored), 0),
    ("explored-printed", Row::Found(Family::Explored), 0),
    ("explored-f32", Row::Found(Family::Explored), 0),
    ("played-list", Row::Found(Family::Explored), 0),
    ("explored-last", Row::Follows, 0),
    ("played-kept", Row::Found(Family::Clip), 0),
    ("wave-kept", Row::Voice, 0),
    ("speaker-kept", Row::Voice, 0),
    ("jitter-kept", Row::Voice, 0),
];

/// Names of lines that run only on a keypad that is listened to.
pub fn heard() -> impl Iterator<Item = &'static str> {
    HEARD.into_iter().map(|(name, ..)| name)
}

/// Other names.
const OTHERS: [(&str, Row, usize); 4] = [
    ("picture-kept", Row::Found(Family::Picture), 0),
    ("slots-last", Row::Follows, 0),
    ("review-kept", Row::Found(Family::Characters), 1),
    ("pin-kept", Row::Found(Family::Bcd), 0),
];

/// Names of lines, what they must make the laboratory find, and at which distance between elements.
pub fn all() -> impl Iterator<Item = (&'static str, Row, usize)> {
    TYPED.into_iter().chain(DERIVED).chain(HEARD).chain(OTHERS)
}

/// Whether this must be found at `phase` of such an entry when `name` is switched on: not where the line does not
/// run, or what it keeps does not exist yet.
#[must_use]
pub fn must_find(setting: &Setting, phase: Phase, (name, row, step): (&str, Row, usize)) -> bool {
    let kind = setting.kind;
    let kept = is_kept(kind);
    let digital = kind != Kind::FullText;
    let confirmed = phase == Phase::Left(Edge::Confirmed);
    let typed = phase != Phase::Opened;
    match name {
        "characters-values" => typed && digital,
        "slots-bcd" | "characters-bcd" => typed && digital,
        _ if heard().any(|heard| heard == name) && !setting.spoken => false,
        "slots-last" | "explored-last" => phase == Phase::Pressed,
        "wave-kept" | "speaker-kept" | "jitter-kept" => matches!(phase, Phase::Opened | Phase::Left(_)),
        "picture-kept" => {
            matches!(kind, Kind::IdNumber | Kind::CardNumber)
                && matches!(phase, Phase::Left(edge) if edge != Edge::Forked)
        }
        "review-kept" => phase == Phase::Reviewed,
        "pin-kept" => kind == Kind::Pin && confirmed,
        "layout-kept" => true,
        "ephemeral-kept" if kept => confirmed,
        "ephemeral-kept" => phase == Phase::Opened,
        "key-kept" | "chain-kept" if row == Row::Opens => !kept && (phase == Phase::Pressed || confirmed),
        "key-kept" if kept => confirmed,
        "key-kept" => typed,
        _ if DERIVED.contains(&(name, row, step)) => !kept || confirmed,
        _ => typed,
    }
}
