//! Time, randomness and HTTP clients each have one door a room.

use msgpay_tests::doors;
use msgpay_tests::source::{self, Source, workspace};

#[test]
fn clippy_guards_every_door() {
    let clippy = std::fs::read_to_string(workspace().join("clippy.toml")).unwrap();
    assert_eq!(doors::missing(&clippy).unwrap(), [""; 0]);
}

#[test]
fn a_rule_taken_out_is_noticed() {
    let clippy = std::fs::read_to_string(workspace().join("clippy.toml")).unwrap();
    let without = clippy.replace("getrandom::fill\"", "getrandom::other\"");
    assert_eq!(doors::missing(&without).unwrap(), ["getrandom::fill"]);
}

#[test]
fn only_the_doors_lift_the_rule() {
    let sources = source::below(&workspace()).unwrap();
    let broken = doors::broken(&sources);
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_planted_door_is_refused_and_a_walled_up_one_is_noticed() {
    let mut sources = source::below(&workspace()).unwrap();
    let text = "#[expect(clippy::disallowed_methods, reason = \"quicker\")]\nfn now() {}\n";
    sources.push(Source::new("platform/src/domain/quick.rs", text));
    assert!(doors::broken(&sources)[0].contains("platform/src/domain/quick.rs"));
    sources.retain(|source| source.path != "crypto/src/random.rs" && !source.path.ends_with("quick.rs"));
    assert!(doors::broken(&sources)[0].contains("crypto/src/random.rs"));
}
