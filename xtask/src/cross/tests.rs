use super::{INTERPRETED, differs, not_skipped};
use crate::libtest::Ended;

#[test]
fn what_is_wanted_is_what_is_listed_and_not_skipped() {
    let list = "a::b: test\na::c: test\nd: test\ne: benchmark\n\n3 tests, 1 benchmark\n";
    assert_eq!(not_skipped(list, &["a::b"]).unwrap(), ["a::c", "d"]);
    assert_eq!(not_skipped(list, &["a::"]).unwrap(), ["d"]);
    let stale = not_skipped(list, &["a::b", "gone::"]).unwrap_err();
    assert!(stale.contains("gone::"), "{stale}");
}

#[test]
fn one_test_less_or_more_or_ignored_is_no_pass() {
    let all = INTERPRETED.map(str::to_owned);
    let ran = |ended| all.iter().map(|name| (name.clone(), ended)).collect::<Vec<_>>();
    assert_eq!(differs(&ran(Ended::Ok), &all), None);
    assert!(differs(&ran(Ended::Ok)[1..], &all).unwrap().contains(&all[0]));
    assert!(differs(&ran(Ended::Ok), &all[1..]).unwrap().contains(&all[0]));
    assert!(differs(&ran(Ended::Ignored), &all).is_some());
    assert!(differs(&[], &[]).is_some(), "nothing that is wanted is no proof");
}
