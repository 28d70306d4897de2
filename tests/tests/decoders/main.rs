//! The fuzz targets on stable Rust: their corpus, and some thousands of deterministic changes of it.
//!
//! The same functions run for longer under `cargo +nightly fuzz run TARGET fuzz/corpus/TARGET fuzz/seeds/TARGET`.
//! After a change of format `MSGPAY_WRITE_SEEDS=1 cargo test -p msgpay-tests --test decoders` writes the corpus anew.

#![expect(clippy::unwrap_used, reason = "a helper that cannot set its scene fails its test")]

mod change;
mod seeds;
#[expect(unreachable_pub, reason = "shared with the programs of cargo-fuzz, where it is not")]
#[path = "../../../fuzz/targets/mod.rs"]
mod targets;

use change::Changes;
use std::collections::BTreeMap;
use std::panic;
use std::path::PathBuf;

/// Changed inputs per target; those that compute on curves, or stretch a password, cost a thousand times as much.
const CASES: usize = 12_000;
const CASES_OF_CURVES: usize = 600;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds")
}

/// The corpus of a target, by file name.
fn corpus(target: &str) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder().join(target)).unwrap().map(|file| file.unwrap().path());
    files.map(|file| (name(&file), std::fs::read(&file).unwrap())).collect()
}

fn name(path: &std::path::Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Runs a target over what it has not panicked at before; gives the input that it did panic at.
fn first_panic(run: fn(&[u8]), inputs: impl Iterator<Item = Vec<u8>>) -> Option<String> {
    let mut inputs = inputs;
    inputs.find(|input| panic::catch_unwind(|| run(input)).is_err()).map(hex::encode)
}

#[test]
fn no_target_falls_over_its_corpus_or_changes_of_it() {
    for (target, run) in targets::ALL {
        let corpus: Vec<Vec<u8>> = corpus(target).into_values().collect();
        assert!(corpus.len() >= 3, "{target}");
        let cases = if matches!(target, "entry" | "encapsulation" | "keys" | "record") {
            CASES_OF_CURVES
        } else {
            CASES
        };
        let inputs = corpus.clone().into_iter().chain(Changes::of(&corpus, target).take(cases));
        assert_eq!(first_panic(run, inputs), None, "{target}");
    }
}

/// The corpus reaches what it is for: each file that is named as good is read, so that changes begin behind the
/// first refusal.
#[test]
fn the_corpus_is_what_its_generator_makes() {
    let made = seeds::all();
    if std::env::var_os("MSGPAY_WRITE_SEEDS").is_some() {
        for (target, seeds) in &made {
            std::fs::create_dir_all(folder().join(target)).unwrap();
            for (name, bytes) in seeds {
                std::fs::write(folder().join(target).join(name), bytes).unwrap();
            }
        }
    }
    let names: Vec<&str> = made.keys().copied().collect();
    assert_eq!(names, targets::ALL.map(|(target, _)| target));
    let mut bytes = 0;
    for (target, seeds) in &made {
        assert_eq!(&corpus(target), seeds, "{target}: stale files, or MSGPAY_WRITE_SEEDS=1 writes it anew");
        bytes += seeds.values().map(Vec::len).sum::<usize>();
    }
    assert!(bytes < 64 * 1024, "{bytes} bytes");
}

#[test]
fn good_seeds_are_read() {
    for (target, name, read) in seeds::good() {
        assert!(read(&seeds::all()[target][name]), "{target}/{name}");
    }
}

/// Control: readers with one fault each, found within the same number of changes.
#[test]
fn careless_readers_are_found() {
    fn trusts_a_length(data: &[u8]) {
        if let [_, length, rest @ ..] = data {
            let _content = &rest[..usize::from(*length)];
        }
    }
    fn takes_what_follows(data: &[u8]) {
        let value: Result<msgpay_wire::cbor::Value, _> = ciborium_like(data);
        if let Ok(value) = value {
            assert_eq!(msgpay_wire::cbor::encode(&value), data);
        }
    }
    /// A reader that stops at the end of the first value.
    fn ciborium_like(data: &[u8]) -> Result<msgpay_wire::cbor::Value, ()> {
        (1..=data.len()).find_map(|end| msgpay_wire::cbor::decode("", &data[..end]).ok()).ok_or(())
    }
    let corpus: Vec<Vec<u8>> = corpus("cbor").into_values().collect();
    for careless in [trusts_a_length as fn(&[u8]), takes_what_follows] {
        assert!(first_panic(careless, Changes::of(&corpus, "control").take(CASES)).is_some());
    }
}
