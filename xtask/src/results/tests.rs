use super::{Record, Results, fingerprint};
use crate::libtest::Ended;
use std::path::PathBuf;

fn record(binary: &str, test: &str, result: Ended) -> Record {
    Record { binary: binary.into(), test: test.into(), result }
}

#[test]
fn newer_results_replace_the_whole_binary() {
    let mut results = Results::default();
    results.take(vec![record("a::lib", "gone", Ended::Ok), record("b::lib", "stays", Ended::Ok)]);
    results.take(vec![record("a::lib", "new", Ended::Failed)]);
    assert_eq!(results.tests, [record("b::lib", "stays", Ended::Ok), record("a::lib", "new", Ended::Failed)]);
}

/// A folder that is taken away again.
struct Folder(PathBuf);

impl Folder {
    fn make(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        std::fs::create_dir_all(path.join("target")).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn the_fingerprint_follows_sources_and_nothing_else() {
    let folder = Folder::make("fingerprint");
    let write = |file: &str, text: &str| std::fs::write(folder.0.join(file), text).unwrap();
    write("lib.rs", "fn a() {}");
    let first = fingerprint(&folder.0).unwrap();
    write("target/out", "built");
    write("README.md", "words");
    assert_eq!(fingerprint(&folder.0).unwrap(), first);
    write("lib.rs", "fn b() {}");
    assert_ne!(fingerprint(&folder.0).unwrap(), first);
}
