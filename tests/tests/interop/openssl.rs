//! Suite 2 against the `openssl` command: SM2 signatures and encryption both ways, SM3, HMAC and HKDF over it, SM4.

use crate::{chain_of_seed, pair, some_bytes};
use msgpay_crypto::{OpeningKey, SecretPage, SuiteId, random};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const LABEL: &[u8] = b"msgpay keystroke chain";

/// What `openssl WORDS…` prints for this input; `None` when it refuses.
fn openssl(words: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("no openssl command: apt-get install openssl");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let end = child.wait_with_output().unwrap();
    end.status.success().then_some(end.stdout)
}

/// A key pair in the product's own PKCS #8 and the public half as `openssl` reads it.
struct Keys {
    scalar: [u8; 32],
    public: [u8; 65],
    folder: TempDir,
}

impl Keys {
    fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (scalar, public) = pair(SuiteId::Guomi);
        let key = OpeningKey::from_scalar(SuiteId::Guomi, &SecretPage::copy_of(&scalar).unwrap()).unwrap();
        key.pkcs8_pem()
            .unwrap()
            .expose(|pem| std::fs::write(folder.path().join("key.pem"), pem).unwrap())
            .unwrap();
        let keys = Self { scalar, public, folder };
        let pem =
            openssl(&["pkey", "-in", &keys.file("key.pem"), "-pubout"], b"").expect("openssl reads our key");
        std::fs::write(keys.path("public.pem"), pem).unwrap();
        keys
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        self.file(name)
    }
}

const DISTINGUISHED: [&str; 5] = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"];

#[test]
fn sm2_signatures_verify_both_ways() {
    let keys = Keys::make();
    let own = SuiteId::Guomi.suite();
    for _ in 0..3 {
        let message = some_bytes();
        let file = keys.write("message", &message);
        let signature = own.sign(&keys.scalar, &message, &random::make().unwrap()).unwrap();
        let verify = |signature: &[u8]| {
            let signed = keys.write("signature", &der_signature(signature));
            let key = keys.file("public.pem");
            let words = ["pkeyutl", "-verify", "-pubin", "-inkey", &key, "-in", &file, "-sigfile", &signed];
            openssl(&[&words[..], &DISTINGUISHED].concat(), b"").is_some()
        };
        assert!(verify(&signature));
        let mut wrong = signature;
        wrong[63] ^= 1;
        assert!(!verify(&wrong));

        let key = keys.file("key.pem");
        let words = ["pkeyutl", "-sign", "-inkey", &key, "-in", &file];
        let theirs = openssl(&[&words[..], &DISTINGUISHED].concat(), b"").unwrap();
        own.verify(&keys.public, &message, &raw_signature(&theirs)).unwrap();
        assert!(own.verify(&keys.public, b"another message", &raw_signature(&theirs)).is_err());
    }
}

#[test]
fn sm2_encryption_opens_both_ways() {
    let keys = Keys::make();
    let own = SuiteId::Guomi.suite();
    for _ in 0..3 {
        let (info, seed) = (some_bytes(), random::make::<32>().unwrap());
        let mut chain = [0; 32];
        let encapsulated = own.encapsulate(&keys.public, &info, LABEL, &mut chain).unwrap();
        let key = keys.file("key.pem");
        let opened = openssl(&["pkeyutl", "-decrypt", "-inkey", &key], &encapsulated).unwrap();
        assert_eq!(opened.len(), 32);
        assert_eq!(chain_of_seed(own, LABEL, &opened, &info), chain);

        let key = keys.file("public.pem");
        let mut theirs = openssl(&["pkeyutl", "-encrypt", "-pubin", "-inkey", &key], &seed).unwrap();
        own.decapsulate(&keys.scalar, &theirs, &info, LABEL, &mut chain).unwrap();
        assert_eq!(chain_of_seed(own, LABEL, &seed, &info), chain);
        // The same parts in the old order C1C2C3 are refused.
        old_order(&mut theirs);
        assert!(own.decapsulate(&keys.scalar, &theirs, &info, LABEL, &mut chain).is_err());
    }
}

#[test]
fn sm3_hmac_and_hkdf_are_the_same() {
    let own = SuiteId::Guomi.suite();
    for _ in 0..3 {
        let (text, key) = (some_bytes(), random::make::<32>().unwrap());
        assert_eq!(openssl(&["dgst", "-sm3", "-binary"], &text).unwrap(), own.hash(&text));
        let option = format!("hexkey:{}", hex::encode(key));
        let mut mac = [0; 32];
        own.mac(&key, &[&text], &mut mac).unwrap();
        let words = ["dgst", "-sm3", "-mac", "HMAC", "-macopt", &option, "-binary"];
        assert_eq!(openssl(&words, &text).unwrap(), mac);
        own.expand(&key, b"layout", &mut mac).unwrap();
        let (option, info) =
            (format!("hexkey:{}", hex::encode(key)), format!("hexinfo:{}", hex::encode("layout")));
        let words =
            ["kdf", "-keylen", "32", "-binary", "-kdfopt", "digest:SM3", "-kdfopt", "mode:EXPAND_ONLY"];
        let options = ["-kdfopt", &option, "-kdfopt", &info, "HKDF"];
        assert_eq!(openssl(&[&words[..], &options].concat(), b"").unwrap(), mac);
    }
}

/// The text of GCM under a 96-bit nonce is counter mode from block 2 on (NIST SP 800-38D §7.1).
#[test]
fn sm4_text_is_that_of_counter_mode() {
    let own = SuiteId::Guomi.suite();
    let counter = format!("{:032x}", 2);
    for _ in 0..3 {
        let (text, key) = (some_bytes(), random::make::<32>().unwrap());
        let mut sealed = text.clone();
        own.seal(&key, b"", &mut sealed).unwrap();
        let words = ["enc", "-sm4-ctr", "-K", &hex::encode(&key[..16]), "-iv", &counter];
        assert_eq!(openssl(&words, &text).unwrap(), sealed);
    }
}

/// r ‖ s as the DER of ECDSA-Sig-Value.
fn der_signature(raw: &[u8]) -> Vec<u8> {
    let body = [integer(&raw[..32]), integer(&raw[32..])].concat();
    element(0x30, &body)
}

fn integer(number: &[u8]) -> Vec<u8> {
    let zeroes = number.iter().take_while(|byte| **byte == 0).count().min(number.len() - 1);
    let number = &number[zeroes..];
    let sign: &[u8] = if number[0] < 0x80 { &[] } else { &[0] };
    element(2, &[sign, number].concat())
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [&head[..], content].concat()
}

/// r ‖ s of a DER signature below 128 bytes.
fn raw_signature(der: &[u8]) -> Vec<u8> {
    let mut raw = Vec::new();
    let mut rest = &der[2..];
    while let [2, length, tail @ ..] = rest {
        let (number, behind) = tail.split_at(usize::from(*length));
        let number = if number.len() > 32 { &number[number.len() - 32..] } else { number };
        raw.extend(vec![0; 32 - number.len()]);
        raw.extend_from_slice(number);
        rest = behind;
    }
    assert_eq!((raw.len(), rest.len()), (64, 0));
    raw
}

/// Swaps the last two elements of an SM2 ciphertext, hash and text, which are 34 bytes each.
fn old_order(encrypted: &mut [u8]) {
    let tail = encrypted.len() - 68;
    assert_eq!((encrypted[tail], encrypted[tail + 34]), (4, 4), "hash, then text");
    encrypted[tail..].rotate_left(34);
}
