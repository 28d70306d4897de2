//! A whole entry, as the keypad makes it, opened by `tests/interop/open_entry.py` with the institution's private key.

use crate::peer::{folder, python};
use crate::{pair, some_bytes};
use msgpay_crypto::{OpeningKey, SecretPage, SuiteId as Suite, random};
use msgpay_sdk_core::{Action, Clock, Entry, FaceSize, Specimen, SurfaceReport};
use msgpay_wire::SuiteId;
use msgpay_wire::entry::{EntryPurpose, Kind};
use serde_json::{Value, json};
use std::process::Output;
use std::sync::Arc;

struct Standing;

impl Clock for Standing {
    fn unix_ms(&self) -> i64 {
        1_800_000_000_000
    }

    fn monotonic_ms(&self) -> u64 {
        1_000
    }
}

/// An institution's key, and an entry that was typed for it.
struct Typed {
    folder: tempfile::TempDir,
    server_nonce: [u8; 16],
    order_digest: [u8; 32],
    envelope: Vec<u8>,
    /// What must be found in it: the presses, in order.
    presses: Vec<u8>,
    /// How many characters remain of it.
    length: usize,
}

/// Types at random: presses, corrections, one clearing, until `length` characters stand.
fn typed(suite: Suite, purpose: EntryPurpose, kind: Kind, length: usize) -> Typed {
    let folder = tempfile::tempdir().unwrap();
    let (scalar, seal_key) = pair(suite);
    let key = OpeningKey::from_scalar(suite, &SecretPage::copy_of(&scalar).unwrap()).unwrap();
    let write = |pem: &[u8]| std::fs::write(folder.path().join("seal.pem"), pem).unwrap();
    key.pkcs8_pem().unwrap().expose(write).unwrap();

    let (server_nonce, order_digest) = (random::make().unwrap(), suite.suite().hash(&some_bytes()));
    let specimen = Specimen {
        purpose,
        kind,
        suite: SuiteId::from_number(suite.number()).unwrap(),
        seal_kid: 2_026_112_205,
        seal_key,
        server_nonce,
        client_nonce: random::make().unwrap(),
        order_digest,
        lengths: length..=length,
    };
    let report = SurfaceReport {
        capture_blocked: true,
        obscured_touches_filtered: true,
        no_text_field: true,
        nothing_kept: true,
        audio_private: true,
    };
    let (mut keypad, keys) =
        Entry::specimen(specimen, Arc::new(Standing)).open(report, FaceSize::square(32)).unwrap();
    let slots: Vec<u8> = keys
        .iter()
        .filter_map(|key| match key.action {
            Action::Slot(slot) => Some(slot),
            _ => None,
        })
        .collect();
    assert_eq!(slots.len(), kind.alphabet().len());
    let any = || slots[random::below(u32::try_from(slots.len()).unwrap()).unwrap() as usize];
    let mut presses = vec![any(), any(), 0xFE];
    presses[..2].iter().for_each(|slot| assert!(keypad.press(*slot).is_ok()));
    assert_eq!(keypad.clear().unwrap(), 0);
    while keypad.length() < length {
        presses.push(any());
        keypad.press(presses[presses.len() - 1]).unwrap();
        if presses.len() < 40 && random::below(4).unwrap() == 0 {
            keypad.erase().unwrap();
            presses.push(0xFD);
        }
    }
    let envelope = keypad.confirm().unwrap().specimen();
    if matches!(kind, Kind::IdNumber | Kind::CardNumber) {
        // These can be looked over before they leave, so what is sealed is what then stands.
        presses = standing(&presses);
    }
    presses.resize(64, 0xFF);
    Typed { folder, server_nonce, order_digest, envelope, presses, length }
}

/// The slots that remain after the corrections.
fn standing(presses: &[u8]) -> Vec<u8> {
    let mut slots = Vec::new();
    for press in presses {
        match press {
            0xFD => drop(slots.pop()),
            0xFE => slots.clear(),
            slot => slots.push(*slot),
        }
    }
    slots
}

impl Typed {
    /// What the independent program says of this envelope under these records.
    fn open(&self, envelope: &[u8], server_nonce: &[u8; 16], order_digest: &[u8; 32]) -> Output {
        let file = self.folder.path().join("entry");
        std::fs::write(&file, envelope).unwrap();
        python()
            .arg(folder().join("open_entry.py"))
            .args([self.folder.path().join("seal.pem"), file])
            .args([hex::encode(server_nonce), hex::encode(order_digest)])
            .output()
            .expect("MSGPAY_PYTHON names no Python, and there is no python3")
    }

    /// The document that it prints for the envelope as it was sent.
    fn opened(&self) -> Value {
        let end = self.open(&self.envelope, &self.server_nonce, &self.order_digest);
        let why = String::from_utf8_lossy(&end.stderr);
        assert!(end.status.success(), "open_entry.py (packages: tests/interop/requirements.txt): {why}");
        serde_json::from_slice(&end.stdout).unwrap()
    }

    /// That it refuses: by its own word, not by an accident.
    fn refused(&self, envelope: &[u8], server_nonce: &[u8; 16], order_digest: &[u8; 32], what: &str) {
        let end = self.open(envelope, server_nonce, order_digest);
        let said = String::from_utf8_lossy(&end.stderr);
        assert_eq!(end.status.code(), Some(1), "{what}: {said}");
        assert!(!said.contains("Traceback") && said.lines().count() == 1, "{what}: {said}");
        assert!(end.stdout.is_empty(), "{what}");
    }
}

#[test]
fn an_independent_program_reads_what_was_pressed() {
    let kinds = [
        (EntryPurpose::Password, Kind::Numeric, 6),
        (EntryPurpose::IdNumber, Kind::IdNumber, 18),
        (EntryPurpose::CardNumber, Kind::CardNumber, 19),
        (EntryPurpose::Password, Kind::FullText, 12),
    ];
    for suite in Suite::ALL {
        for (purpose, kind, length) in kinds {
            let typed = typed(suite, purpose, kind, length);
            let opened = typed.opened();
            let what = format!("{suite:?} {kind:?}");
            assert_eq!(opened["suite"], suite.number(), "{what}");
            assert_eq!(opened["kind"], kind.number(), "{what}");
            assert_eq!(opened["purpose"], purpose.word(), "{what}");
            assert_eq!(opened["presses"], json!(typed.presses), "{what}");
            let characters = opened["characters"].as_str().unwrap();
            assert_eq!(characters.len(), typed.length, "{what}");
            assert!(characters.bytes().all(|c| kind.alphabet().contains(&c)), "{what}: {characters}");
        }
    }
}

#[test]
fn it_refuses_what_was_changed_or_made_for_something_else() {
    for suite in Suite::ALL {
        let typed = typed(suite, EntryPurpose::Password, Kind::Numeric, 6);
        let Typed { envelope, server_nonce, order_digest, .. } = &typed;
        // A byte of each part: the purpose, encapsulated key, layout, a box, the closing tag.
        for at in [25, 90, 170, 700, envelope.len() - 1] {
            let mut changed = envelope.clone();
            changed[at] ^= 1;
            typed.refused(&changed, server_nonce, order_digest, &format!("{suite:?}, changed at {at}"));
        }
        let mut other = *server_nonce;
        other[0] ^= 1;
        typed.refused(envelope, &other, order_digest, "the nonce of another launch");
        let mut other = *order_digest;
        other[31] ^= 1;
        typed.refused(envelope, server_nonce, &other, "another order");
        let other = self::typed(suite, EntryPurpose::Password, Kind::Numeric, 6);
        other.refused(envelope, server_nonce, order_digest, "another institution's key");
        assert_eq!(typed.opened()["presses"], json!(typed.presses), "and unchanged it opens");
    }
}
