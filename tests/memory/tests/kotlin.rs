//! The SDK in Kotlin on a JVM: native maps and heap dump of a program over the packaged jars.

use std::path::Path;
use std::process::Command;

mod guests;

/// Small, and so wide for what is new that nothing is overwritten by a collection before it is looked at.
const JVM: [&str; 7] = [
    "-XX:+UseSerialGC",
    "-Xms40m",
    "-Xmx40m",
    "-Xmn28m",
    "-XX:ReservedCodeCacheSize=16m",
    "-XX:-UsePerfData",
    "-Dfile.encoding=UTF-8",
];

#[test]
fn kotlin_leaves_nothing_between_presses_and_at_any_exit_edge() {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../android/laboratory/target");
    let folder = tempfile::tempdir().unwrap();
    assert!(lab.join("lib").is_dir(), "no jars in {}: run `cargo xtask test --only kotlin`", lab.display());
    let java = || {
        let mut java = Command::new("java");
        java.args(JVM).arg("-cp").arg(format!("{0}/classes:{0}/lib/*", lab.display()));
        java.arg(format!("-Djava.io.tmpdir={}", folder.path().display()));
        // The library that is packaged, and no other.
        java.env_remove("LD_LIBRARY_PATH").arg("-Djna.nosys=true");
        java.arg("SubjectKt").arg(guests::demo());
        java
    };
    guests::table("kotlin", &java, Some(&folder.path().join("heap.hprof")));
}
