//! The laboratory program under examination, fed one press at a time.

use crate::dump::Dump;
use msgpay_crypto::{SuiteId, random};
use msgpay_sdk_core::{Clip, EntryPurpose, Kind, Specimen};
use msgpay_wire::entry::Context;
use std::io::{Read, Write};
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Nonces and numbers of the examined entry: public, and the same every time.
const SEAL_KID: u64 = 2_026_112_205;
const SERVER_NONCE: [u8; 16] = *b"\xa5server-nonce-16";
const CLIENT_NONCE: [u8; 16] = *b"\x5aclient-nonce-16";
const ORDER_DIGEST: [u8; 32] = *b"digest of an order, thirty-two b";

/// What is examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Which keypad.
    pub kind: Kind,
    /// Whether it is listened to.
    pub spoken: bool,
    /// Suite of the seal.
    pub suite: SuiteId,
    /// Secret pages from `memfd_secret`.
    pub hidden: bool,
    /// The institution's public seal key.
    pub seal_key: [u8; 65],
}

impl Setting {
    /// As the program's arguments.
    #[must_use]
    pub fn arguments(&self) -> [String; 5] {
        [
            self.kind.word().to_owned(),
            if self.spoken { "spoken" } else { "visual" }.to_owned(),
            self.suite.number().to_string(),
            if self.hidden { "hidden" } else { "anonymous" }.to_owned(),
            hex::encode(self.seal_key),
        ]
    }

    /// From the program's arguments.
    #[must_use]
    pub fn read(arguments: &[String]) -> Option<Self> {
        let [kind, mode, suite, hidden, seal_key] = arguments else { return None };
        Some(Self {
            kind: Kind::from_word(kind)?,
            spoken: mode == "spoken",
            suite: SuiteId::from_number(suite.parse().ok()?).ok()?,
            hidden: hidden == "hidden",
            seal_key: hex::decode(seal_key).ok()?.try_into().ok()?,
        })
    }

    fn purpose(&self) -> EntryPurpose {
        match self.kind {
            Kind::IdNumber => EntryPurpose::IdNumber,
            Kind::CardNumber => EntryPurpose::CardNumber,
            Kind::Pin => EntryPurpose::Pin,
            Kind::Numeric | Kind::FullText => EntryPurpose::Password,
        }
    }

    /// Lengths that confirm.
    #[must_use]
    pub fn lengths(&self) -> RangeInclusive<usize> {
        match self.kind {
            Kind::IdNumber => 18..=18,
            Kind::CardNumber => 13..=19,
            Kind::Pin => 4..=12,
            Kind::Numeric | Kind::FullText => 6..=32,
        }
    }

    fn wire_suite(&self) -> msgpay_wire::SuiteId {
        match self.suite {
            SuiteId::Guomi => msgpay_wire::SuiteId::Guomi,
            SuiteId::Curve25519 => msgpay_wire::SuiteId::Curve25519,
            _ => msgpay_wire::SuiteId::International,
        }
    }

    /// The entry to open.
    #[must_use]
    pub fn specimen(&self) -> Specimen {
        Specimen {
            purpose: self.purpose(),
            kind: self.kind,
            suite: self.wire_suite(),
            seal_kid: SEAL_KID,
            seal_key: self.seal_key,
            server_nonce: SERVER_NONCE,
            client_nonce: CLIENT_NONCE,
            order_digest: ORDER_DIGEST,
            lengths: self.lengths(),
        }
    }

    /// What that entry is sealed under.
    #[must_use]
    pub fn context(&self) -> Vec<u8> {
        Context {
            suite: self.wire_suite(),
            purpose: self.purpose(),
            kid: SEAL_KID,
            server_nonce: SERVER_NONCE,
            client_nonce: CLIENT_NONCE,
            order_digest: ORDER_DIGEST,
            mode: u64::from(self.spoken),
            surface: 0,
        }
        .encode()
    }
}

/// Where a key lies.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// What it presses.
    pub slot: u8,
    /// Page of the keypad.
    pub page: u8,
    /// From the top.
    pub row: u8,
    /// From the left.
    pub column: u8,
}

impl Place {
    /// Centre in pixels, as a host would compute it.
    #[must_use]
    pub fn centre(&self) -> (f32, f32) {
        (f32::from(self.column) * 96.0 + 48.0, f32::from(self.row) * 96.0 + 48.0)
    }
}

/// The program, running.
pub struct Subject {
    child: Child,
    orders: ChildStdin,
    answers: ChildStdout,
}

impl Subject {
    /// Starts it; `control` names the one line of the control build that is switched on.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(program: &Path, setting: &Setting, control: Option<&str>) -> Self {
        let mut command = Command::new(program);
        command.args(setting.arguments()).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.env_clear();
        if let Some(name) = control {
            command.env(crate::control::SWITCH, name);
        }
        let mut child = command.spawn().expect("the laboratory program starts");
        let (orders, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, orders, answers }
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Opens the keypad and gives the places of its keys in order of slots.
    ///
    /// # Panics
    /// When it does not open.
    pub fn open(&mut self) -> Vec<Place> {
        self.send(b'o', 0);
        let mut bytes = Vec::new();
        let mut four = [0; 4];
        loop {
            self.answers.read_exact(&mut four[..2]).expect("the program answers");
            if four[0] == b'.' && usize::from(four[1]) == bytes.len() {
                break;
            }
            self.answers.read_exact(&mut four[2..]).expect("the program answers");
            bytes.push(Place { slot: four[0], page: four[1], row: four[2], column: four[3] });
        }
        self.settle();
        bytes
    }

    /// The faces of its keys in order of slots.
    ///
    /// # Panics
    /// When the program is gone.
    pub fn faces(&mut self, count: usize) -> Vec<Vec<u8>> {
        self.send(b'g', 0);
        let side = usize::from(crate::eye::SIDE);
        let mut faces = vec![vec![0; side * side]; count];
        for face in &mut faces {
            self.answers.read_exact(face).expect("the program answers");
        }
        self.answer();
        faces
    }

    /// What its keys say, in order of slots, those without a slot last.
    ///
    /// # Panics
    /// When the program is gone.
    pub fn clips(&mut self, count: usize) -> Vec<Vec<i16>> {
        self.send(b'h', 0);
        let mut bytes = vec![0; 2 * Clip::SAMPLES];
        let clips = (0..count).map(|_| {
            self.answers.read_exact(&mut bytes).expect("the program answers");
            bytes.chunks_exact(2).map(|two| i16::from_ne_bytes([two[0], two[1]])).collect()
        });
        let clips = clips.collect();
        self.answer();
        clips
    }

    /// The closed envelope.
    ///
    /// # Panics
    /// When there is none.
    pub fn envelope(&mut self) -> Vec<u8> {
        self.send(b'v', 0);
        let mut length = [0; 2];
        self.answers.read_exact(&mut length).expect("the program answers");
        let mut envelope = vec![0; usize::from(u16::from_le_bytes(length))];
        self.answers.read_exact(&mut envelope).expect("the program answers");
        self.answer();
        envelope
    }

    /// The picture in which the number is shown for review.
    ///
    /// # Panics
    /// When there is none.
    pub fn review(&mut self) -> Vec<u8> {
        self.send(b'w', 0);
        let mut length = [0; 4];
        self.answers.read_exact(&mut length).expect("the program answers");
        let mut picture = vec![0; u32::from_le_bytes(length) as usize];
        self.answers.read_exact(&mut picture).expect("the program answers");
        self.answer();
        picture
    }

    /// Gives an order and waits until the program stands still again; the answer is a length, 255 a refusal.
    pub fn order(&mut self, order: u8) -> u8 {
        self.send(order, 0);
        self.answer()
    }

    /// Presses a key, under a fresh mask.
    ///
    /// # Panics
    /// Without randomness, or when the program is gone.
    pub fn press(&mut self, slot: u8) -> u8 {
        self.masked(b'p', slot)
    }

    /// Explores a key, or [`DELETE`](msgpay_wire::entry::DELETE), under a fresh mask: it is heard and has the focus.
    ///
    /// # Panics
    /// As [`press`](Self::press).
    pub fn explore(&mut self, key: u8) -> u8 {
        self.masked(b'l', key)
    }

    fn masked(&mut self, order: u8, argument: u8) -> u8 {
        let [mask] = random::make().unwrap();
        self.send(b'm', mask);
        self.answer();
        self.send(order, argument ^ mask);
        self.answer()
    }

    /// Forks it; the child stands still and belongs to the caller of [`Forked`].
    ///
    /// # Panics
    /// When it does not fork.
    pub fn fork(&mut self) -> Forked {
        self.send(b'f', 0);
        let (mut answer, mut pid) = ([0; 2], [0; 4]);
        // The child's number and the parent's answer come in either order.
        let mut bytes = [0; 6];
        self.answers.read_exact(&mut bytes).expect("both answer");
        if bytes[..2] == [b'.', 0] {
            answer.copy_from_slice(&bytes[..2]);
            pid.copy_from_slice(&bytes[2..]);
        } else {
            pid.copy_from_slice(&bytes[..4]);
            answer.copy_from_slice(&bytes[4..]);
        }
        assert_eq!(answer, [b'.', 0]);
        self.settle();
        let child = Forked(u32::from_le_bytes(pid));
        while !standing(child.0, "202 ") {
            std::thread::yield_now();
        }
        child
    }

    /// All of its memory, now.
    #[must_use]
    pub fn dump(&self) -> Dump {
        Dump::take(self.pid())
    }

    fn send(&mut self, order: u8, argument: u8) {
        self.orders.write_all(&[order, argument]).expect("the program reads");
    }

    fn answer(&mut self) -> u8 {
        let mut answer = [0; 2];
        self.answers.read_exact(&mut answer).expect("the program answers");
        assert_eq!(answer[0], b'.');
        self.settle();
        answer[1]
    }

    /// Waits until it hangs in its read of standard input again: system call 0, descriptor 3 or above.
    fn settle(&self) {
        while !standing(self.pid(), "0 0x") {
            std::thread::yield_now();
        }
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A forked child of the program.
pub struct Forked(pub u32);

impl Drop for Forked {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-9", &self.0.to_string()]).status();
    }
}

/// Whether the process is blocked in this system call.
fn standing(pid: u32, call: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/syscall")).is_ok_and(|text| text.starts_with(call))
}
