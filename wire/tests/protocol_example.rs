//! `docs/protocol.md` shows what this crate makes: its worked example, and the table of problem codes.

#[path = "../examples/protocol_example/example/mod.rs"]
mod example;

use example::{all, compared, rewritten};
use msgpay_wire::problem::{Code, Retry};

const DOCUMENT: &str = include_str!("../../docs/protocol.md");

#[test]
fn the_document_shows_what_is_made() {
    let differences = compared(DOCUMENT, &all());
    assert!(
        differences.is_empty(),
        "{differences:#?}\nIf the format was meant to change: \
         cargo run -p msgpay-wire --example protocol_example -- docs/protocol.md"
    );
}

#[test]
fn a_changed_digit_a_lost_block_and_a_strange_one_are_found() {
    let blocks = all();
    for block in &blocks {
        let fence = format!("\n{}\n", block.fence());
        let at = DOCUMENT.find(&fence).unwrap() + fence.len();
        let mut changed = DOCUMENT.to_owned();
        let first = if &DOCUMENT[at..=at] == "0" { "1" } else { "0" };
        changed.replace_range(at..=at, first);
        assert_eq!(compared(&changed, &blocks), [format!("{} differs from what is made", block.name)]);
        let lost = DOCUMENT.replace(&fence, "\n```\n");
        assert_eq!(compared(&lost, &blocks), [format!("{} is not in the document", block.name)]);
    }
    let strange = format!("{DOCUMENT}\n```hex receipt-of-yesterday\n00\n```\n");
    assert_eq!(compared(&strange, &blocks), ["receipt-of-yesterday is in the document and made by nothing"]);
}

#[test]
fn making_the_blocks_anew_changes_nothing() {
    assert_eq!(rewritten(DOCUMENT, &all()), DOCUMENT);
}

#[test]
fn every_problem_code_stands_in_the_table_as_it_is() {
    let rows: Vec<Vec<&str>> = DOCUMENT
        .lines()
        .filter(|line| line.starts_with("| 5G-"))
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|cells| cells.len() == 6)
        .map(|cells| cells[1..4].to_vec())
        .collect();
    let word = |retry| match retry {
        Retry::No => "no",
        Retry::Yes => "yes",
        Retry::QueryFirst => "ask first",
        Retry::User => "user",
    };
    let codes: Vec<Vec<String>> = Code::ALL
        .iter()
        .map(|code| vec![code.code().into(), code.status().to_string(), word(code.retry()).into()])
        .collect();
    assert_eq!(rows, codes);
}
