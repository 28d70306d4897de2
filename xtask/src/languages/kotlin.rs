//! Kotlin by Maven.

use super::{Count, Ground, LIMIT};
use crate::cargo;
use crate::child::{self, End, Output};
use crate::setup::Need;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const NEEDS: [Need; 4] = [
    Need::Program(&["javac"], "openjdk-17-jdk-headless"),
    Need::Program(&["mvn"], "maven"),
    Need::Program(&["aapt"], "aapt"),
    Need::File("/usr/share/android-framework-res/framework-res.apk", "android-framework-res"),
];

pub(super) fn test(ground: &Ground<'_>, sources: &Path, log: &Path) -> (End, Option<Count>) {
    let rooms = ground.workspace.root.join("android");
    forget(folders(&rooms, "target/surefire-reports"));
    let maven = maven(ground, sources, "verify");
    let end = child::run(maven, &Output::Together(log), "kotlin", LIMIT);
    (end, count(&rooms))
}

/// Builds the program that is timed, over jars with no library in them, and runs it with this one.
pub(super) fn cost(ground: &Ground<'_>, sources: &Path, log: &Path, figures: &Path) -> End {
    let mut maven = maven(ground, sources, "package");
    maven.args(["--projects", "laboratory", "--also-make", "-DskipTests"]);
    // The last word on a property counts: a folder without a library.
    maven.arg(property("msgpay.library", sources));
    if let End::Failure(how) = child::run(maven, &Output::Together(log), "kotlin", LIMIT) {
        return End::Failure(format!("Maven: {how}"));
    }
    let built = ground.workspace.root.join("android/laboratory/target");
    let mut java = Command::new("java");
    cargo::forget_outer_cargo(&mut java);
    // Its heap is there from the start: what grows is what the library and its classes need.
    java.args(["-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch"]);
    java.arg("-cp")
        .arg(format!("{0}/classes:{0}/lib/*", built.display()))
        .arg(property("jna.library.path", ground.library.parent().unwrap_or(sources)))
        .arg("CostKt")
        .arg(ground.demo);
    child::run(java, &Output::Apart { out: figures, err: log }, "kotlin", LIMIT)
}

/// Maven in the rooms, told where the library and its generated sources are. Classes of an earlier run go: one whose source
/// is gone would be packed too.
pub(super) fn maven(ground: &Ground<'_>, sources: &Path, goal: &str) -> Command {
    let rooms = ground.workspace.root.join("android");
    forget(folders(&rooms, "target/classes"));
    let mut maven = Command::new("mvn");
    cargo::forget_outer_cargo(&mut maven);
    maven
        .current_dir(rooms)
        .args(["--batch-mode", "--no-transfer-progress", goal])
        .arg(property("msgpay.generated", sources))
        .arg(property("msgpay.library", ground.library.parent().unwrap_or(sources)))
        .arg(property("msgpay.stage", ground.demo));
    maven
}

pub(super) fn property(name: &str, path: &Path) -> String {
    format!("-D{name}={}", path.display())
}

/// The folder of this name in each of Maven's rooms.
fn folders(rooms: &Path, name: &str) -> impl Iterator<Item = PathBuf> {
    let rooms = std::fs::read_dir(rooms).into_iter().flatten().flatten();
    rooms.map(move |room| room.path().join(name))
}

/// What an earlier run left is not this one's.
fn forget(folders: impl Iterator<Item = PathBuf>) {
    for folder in folders.filter(|folder| folder.is_dir()) {
        if let Err(e) = std::fs::remove_dir_all(&folder) {
            crate::say::note(&format!("         {} stays: {e}", folder.display()));
        }
    }
}

fn count(rooms: &Path) -> Option<Count> {
    let mut sum = Count::default();
    let mut any = false;
    for folder in folders(rooms, "target/surefire-reports") {
        for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = file.path();
            if path.extension().is_some_and(|end| end == "xml")
                && let Some(suite) = suite(&std::fs::read_to_string(path).unwrap_or_default())
            {
                any = true;
                sum.passed += suite.passed;
                sum.failed += suite.failed;
                sum.skipped += suite.skipped;
            }
        }
    }
    any.then_some(sum)
}

/// The sums that stand in the head of a report of one class.
fn suite(report: &str) -> Option<Count> {
    let head = report.split_once("<testsuite ")?.1.split_once('>')?.0;
    let number = |name: &str| {
        let value = head.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0;
        value.parse::<usize>().ok()
    };
    let (failed, skipped) = (number("failures")? + number("errors")?, number("skipped")?);
    Some(Count { passed: number("tests")?.checked_sub(failed + skipped)?, failed, skipped })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_by_its_head() {
        let report = "<?xml version=\"1.0\"?>\n<testsuite xsi:x=\"y\" name=\"A\" time=\"1\" tests=\"7\" errors=\"1\" \
                      skipped=\"2\" failures=\"1\" >\n<testcase name=\"tests=\"/></testsuite>";
        assert_eq!(suite(report), Some(Count { passed: 3, failed: 2, skipped: 2 }));
        assert_eq!(suite("<testsuite tests=\"1\">"), None);
        assert_eq!(suite(""), None);
    }
}
