//! The shape of the house: arrows between rooms, layers inside the core, manners of every file. Beside each
//! check stands a control with the defect planted, which must be found.

#![expect(clippy::unwrap_used, reason = "a helper that finds nothing to check fails its test")]

use msgpay_tests::arrows::{self, Arrow};
use msgpay_tests::layers::Layers;
use msgpay_tests::manners;
use msgpay_tests::source::{self, Source, workspace};
use std::process::Command;

fn metadata() -> serde_json::Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let answer = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    serde_json::from_slice(&answer.stdout).unwrap()
}

/// The sources of every package.
fn house() -> Vec<Source> {
    let folder = |(path, _): &(String, String)| workspace().join(path).parent().unwrap().to_owned();
    manifests().iter().flat_map(|manifest| source::below(&folder(manifest)).unwrap()).collect()
}

fn none(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn arrows_between_rooms_go_one_way() {
    let metadata = metadata();
    let (packages, arrows) = (arrows::packages(&metadata), arrows::of_metadata(&metadata));
    assert!(packages.len() >= 8 && arrows.len() > 50, "the reader of cargo metadata reads nothing");
    none(&arrows::broken(&arrows, &packages));
}

#[test]
fn a_planted_arrow_is_refused() {
    let metadata = metadata();
    let (packages, arrows) = (arrows::packages(&metadata), arrows::of_metadata(&metadata));
    let planted = [
        ("msgpay-wire", "msgpay-crypto", "normal"),
        ("msgpay-crypto", "msgpay-wire", "dev"),
        ("msgpay-sdk-core", "msgpay-platform", "normal"),
        ("msgpay-sdk-core", "msgpay-messaging", "normal"),
        ("msgpay-platform", "msgpay-sdk-core", "dev"),
        ("msgpay-demo", "msgpay-tests", "normal"),
        ("msgpay-wire", "getrandom", "normal"),
        ("msgpay-sdk-core", "hpke", "normal"),
    ];
    for (from, to, kind) in planted {
        let mut arrows = arrows.clone();
        arrows.push(Arrow { from: from.into(), to: to.into(), kind: kind.into() });
        let refused = arrows::broken(&arrows, &packages);
        assert_eq!(refused.len(), 1, "{from} -> {to}: {refused:?}");
        assert!(refused[0].contains(from) && refused[0].contains(to));
    }
    let mut packages = packages;
    packages.push("msgpay-shed".into());
    assert!(arrows::broken(&arrows, &packages)[0].contains("msgpay-shed"));
}

#[test]
fn one_tls_provider_in_the_whole_graph() {
    let lockfile = std::fs::read_to_string(workspace().join("Cargo.lock")).unwrap();
    assert!(lockfile.contains("name = \"ring\""));
    none(&arrows::second_providers(&lockfile));
}

#[test]
fn a_planted_provider_is_found() {
    for name in ["aws-lc-rs", "openssl-sys", "native-tls"] {
        let lockfile = format!("[[package]]\nname = \"ring\"\n\n[[package]]\nname = \"{name}\"\n");
        assert_eq!(arrows::second_providers(&lockfile), [name]);
    }
    assert!(arrows::second_providers("name = \"openssl-probe\"").is_empty());
}

#[test]
fn openssl_serves_the_second_provider_of_the_suites_and_nobody_else() {
    let user = |name: &str| format!("[[package]]\nname = \"{name}\"\ndependencies = [\n \"openssl\",\n]\n\n");
    let openssl = "[[package]]\nname = \"openssl\"\n\n";
    let tests = user("msgpay-openssl-provider");
    assert!(arrows::second_providers(&format!("{openssl}{tests}")).is_empty());
    assert_eq!(arrows::second_providers(&format!("{openssl}{tests}{}", user("reqwest"))), ["openssl"]);
}

#[test]
fn modules_of_the_core_use_only_what_lies_above() {
    let sources = source::below(&workspace().join("sdk-core/src")).unwrap();
    let lib = sources.iter().find(|source| source.path.ends_with("sdk-core/src/lib.rs")).unwrap();
    let layers = Layers::of(&lib.text);
    assert!(layers.modules() > 1, "the reader of lib.rs reads nothing");
    none(&layers.broken(&sources));
}

#[test]
fn a_planted_use_of_a_lower_layer_is_refused() {
    let lib = std::fs::read_to_string(workspace().join("sdk-core/src/lib.rs")).unwrap();
    let layers = Layers::of(&format!("mod first;\n\n{lib}\n\nmod last;\n"));
    let planted = Source::new("sdk-core/src/first.rs", "use crate::last::Thing;\n");
    assert_eq!(layers.broken(&[planted]).len(), 1);
    let good = Source::new("sdk-core/src/last.rs", "use crate::first::Thing;\n");
    none(&layers.broken(&[good]));
}

#[test]
fn unsafe_lives_in_two_rooms() {
    none(&manners::unsafe_outside(&house()));
    let crypto = source::below(&workspace().join("crypto")).unwrap();
    let there = crypto.iter().any(|source| !source::lines_with(&source.code, "unsafe").is_empty());
    assert!(there, "the reader finds no unsafe even where it is");
}

#[test]
fn a_planted_unsafe_is_found() {
    let planted = Source::new("platform/src/x.rs", "fn f() {\n    unsafe { g() }\n}\n");
    assert_eq!(manners::unsafe_outside(&[planted]), ["platform/src/x.rs:2: unsafe"]);
    none(&manners::unsafe_outside(&[Source::new("platform/src/x.rs", "// unsafe\n#![forbid(unsafe_code)]")]));
}

#[test]
fn every_room_takes_the_workspaces_lints() {
    let manifests = manifests();
    assert!(manifests.len() >= 8);
    none(&manners::without_lints(&manifests));
    let bare = ("wire/Cargo.toml".to_owned(), "[package]\nname = \"msgpay-wire\"\n".to_owned());
    assert_eq!(manners::without_lints(&[bare]).len(), 1);
}

/// Path and text of every package's manifest.
fn manifests() -> Vec<(String, String)> {
    let metadata = metadata();
    let paths = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| package["manifest_path"].as_str().unwrap());
    paths
        .map(|path| {
            let relative = std::path::Path::new(path).strip_prefix(workspace()).unwrap();
            (relative.to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn nothing_is_left_for_later() {
    none(&manners::forbidden_words(&house()));
}

#[test]
fn planted_leftovers_are_found() {
    for text in [
        "#[test]\n#[ignore]\nfn t() {}",
        "#[ignore = \"slow\"]\nfn t() {}",
        "fn f() { todo!() }",
        "fn f() { unimplemented!(\"later\") }",
        "#[allow(dead_code)]\nfn f() {}",
        "#![allow(missing_docs)]",
    ] {
        assert_eq!(manners::forbidden_words(&[Source::new("wire/src/x.rs", text)]).len(), 1, "{text}");
    }
}

#[test]
fn a_file_has_one_job_and_is_not_long() {
    none(&manners::too_long(&house()));
}

#[test]
fn a_planted_long_file_is_found() {
    let long = Source::new("wire/src/x.rs", &"fn f() {}\n".repeat(manners::LINES_MAX + 1));
    let product = std::slice::from_ref(&long);
    assert_eq!(manners::too_long_but(product, &[]).len(), 1);
    none(&manners::too_long_but(product, &[("wire/src/x.rs", 500, "a table")]));
    assert_eq!(manners::too_long_but(product, &[("wire/src/x.rs", 500, "")]).len(), 1);
    assert_eq!(manners::too_long_but(&[], &[("wire/src/gone.rs", 500, "a table")]).len(), 1);
    let test = Source::new("wire/src/x/tests.rs", &long.text);
    none(&manners::too_long_but(&[test], &[]));
}

#[test]
fn the_wire_does_no_input_output_or_time() {
    none(&manners::impure(&source::below(&workspace().join("wire/src")).unwrap()));
    let planted =
        Source::new("wire/src/x.rs", "fn f() { std::time::SystemTime::now(); std::fs::read(\"x\"); }");
    assert_eq!(manners::impure(&[planted]).len(), 2);
}
