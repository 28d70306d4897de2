//! What the documents show is what the project has.

use msgpay_tests::source::workspace;

fn text(path: &str) -> String {
    std::fs::read_to_string(workspace().join(path)).unwrap_or_default()
}

/// The blocks of a language in a document.
fn blocks<'a>(document: &'a str, language: &str) -> Vec<&'a str> {
    let opening = format!("```{language}\n");
    document.split(opening.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

const QUICKSTARTS: [(&str, &str); 2] = [
    ("kotlin", "android/quickstart/src/main/kotlin/Quickstart.kt"),
    ("swift", "ios/Sources/msgpay-quickstart/main.swift"),
];

#[test]
fn the_quickstarts_are_the_programs_that_run() {
    let readme = text("README.md");
    for (language, program) in QUICKSTARTS {
        let program = text(program);
        assert_eq!(blocks(&readme, language), [program.as_str()]);
        assert!(!program.is_empty() && program.lines().count() <= 40, "{language}");
    }
}

/// Every file that a document links to is there.
#[test]
fn links_lead_somewhere() {
    let documents = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "docs/vendor.md",
        "docs/android.md",
        "docs/ios.md",
        "docs/limits.md",
        "docs/security/README.md",
        "docs/adr/README.md",
        "ios/README.md",
        "android/README.md",
    ];
    let mut astray = Vec::new();
    for document in documents {
        let folder = workspace().join(document);
        let folder = folder.parent().map(std::path::Path::to_path_buf).unwrap_or_default();
        for target in links(&text(document)) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") && !folder.join(file).exists() {
                astray.push(format!("{document}: {target}"));
            }
        }
    }
    assert_eq!(astray, Vec::<String>::new());
}

/// A test that docs/ios.md names as the proof of a statement is there.
#[test]
fn the_tests_that_prove_ios_are_there() {
    let document = text("docs/ios.md");
    let named: Vec<&str> = swift_tests(&document).collect();
    assert!(named.len() > 20, "{named:?}");
    let absent: Vec<&&str> = named.iter().filter(|name| !is_swift_test(name)).collect();
    assert_eq!(absent, Vec::<&&str>::new());
    assert!(!is_swift_test("SheetTests.testNothing") && !is_swift_test("NoTests"));
}

fn swift_tests(document: &str) -> impl Iterator<Item = &str> {
    document
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.split('.').next().unwrap_or_default().ends_with("Tests"))
}

fn is_swift_test(name: &str) -> bool {
    let (class, function) = name.split_once('.').unwrap_or((name, ""));
    let source = text(&format!("ios/Tests/MsgPayTests/{class}.swift"));
    !source.is_empty() && (function.is_empty() || source.contains(&format!("func {function}(")))
}

fn links(document: &str) -> Vec<&str> {
    document.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

#[test]
fn a_link_is_seen() {
    assert_eq!(links("a [b](c.md) and [d](e#f)"), ["c.md", "e#f"]);
    assert_eq!(blocks("```kotlin\nx\n```\n```swift\ny\n```", "swift"), ["y\n"]);
}
