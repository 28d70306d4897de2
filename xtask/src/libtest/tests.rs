use super::{Ended, doc_sections, read};

const GOOD: &str = "
running 4 tests
test money::tests::refuses_exponent ... ok
something a test printed
test money::tests::panics - should panic ... ok
test slow ... ignored, needs a phone
test broken ... FAILED

failures:
test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
";

#[test]
fn reads_names_and_ends() {
    let tests = read(GOOD).unwrap();
    let expected = [
        ("money::tests::refuses_exponent", Ended::Ok),
        ("money::tests::panics", Ended::Ok),
        ("slow", Ended::Ignored),
        ("broken", Ended::Failed),
    ];
    assert_eq!(tests, expected.map(|(name, ended)| (name.to_owned(), ended)));
}

#[test]
fn a_binary_that_died_is_no_result() {
    let died = "running 2 tests\ntest one ... ok\n";
    assert!(read(died).unwrap_err().contains("test result"));
}

#[test]
fn a_lost_line_is_noticed() {
    let lost = GOOD.replace("test broken ... FAILED", "noise test broken ... FAILED");
    assert!(read(&lost).unwrap_err().contains("(2, 0, 1)"));
}

#[test]
fn doc_tests_are_kept_apart_by_crate() {
    let output = "   Doc-tests msgpay_wire\n\nrunning 1 test\ntest wire/src/lib.rs - money (line 3) ... ok\n\n\
                  test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n   \
                  Doc-tests msgpay_crypto\n\nrunning 0 tests\n\n\
                  test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
    let sections = doc_sections(output);
    assert_eq!(sections.len(), 2);
    assert_eq!(sections[0].0, "msgpay_wire");
    assert_eq!(read(&sections[0].1).unwrap(), [("wire/src/lib.rs - money (line 3)".to_owned(), Ended::Ok)]);
    assert_eq!(read(&sections[1].1).unwrap(), []);
}
