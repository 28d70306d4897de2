//! What the tests of all languages share: the product over every edge, each control beside it, and the table.

use msgpay_crypto::SuiteId;
use msgpay_memory::control::target;
use msgpay_memory::exam::{Edge, Findings, Row};
use msgpay_memory::guest::{CONTROLS, EDGES, Guest, examine};
use msgpay_memory::table::{Heading, Part};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bytes in which the slot of the last press may stay until the next call takes their place: the way into the library leaves
/// arguments on the stack of the thread. More would be a place that somebody keeps.
const LAST_PRESS_MAX: usize = 8;

/// The program that plays every party but the handset.
pub(crate) fn demo() -> PathBuf {
    let demo = target().join("debug/msgpay-demo");
    assert!(demo.is_file(), "no {}: run `cargo build`", demo.display());
    demo
}

/// Examines a guest and its controls, prints the table and judges it.
#[expect(clippy::print_stdout, reason = "the table is what this test shows")]
pub(crate) fn table(language: &str, command: &dyn Fn() -> Command, heap: Option<&Path>) {
    let (mut product, mut control, mut missed) = (Findings::default(), Findings::default(), Vec::new());
    let mut guest = Guest::start(command(), heap, None);
    for edge in EDGES {
        product.join(Findings::of(|| examine(&mut guest, edge, edge == Edge::Confirmed)));
    }
    drop(guest);
    for one in CONTROLS.iter().filter(|one| heap.is_some() || !one.of_heap) {
        let mut guest = Guest::start(command(), heap, Some(one.word));
        let found = examine(&mut guest, Edge::Confirmed, false);
        let seen = |row: Row| found.rows.iter().any(|((_, there), places)| *there == row && *places > 0);
        let not = one.shown.iter().map(|family| Row::Found(*family)).filter(|row| !seen(*row));
        missed.extend(not.map(|row| format!("{}: no {}", one.word, row.name())));
        control.join(found);
    }
    let heading = Heading { keypad: language.to_owned(), suite: SuiteId::International, hidden: false };
    let part = Part { heading, product, control, missed };
    println!("{}", part.line());
    part.keep(&format!("memory-{language}"), "payment");
    let Part { product, missed, .. } = part;
    println!("  the last press, until the next call: {} bytes", product.last_press);
    assert!(product.last_press <= LAST_PRESS_MAX, "{} addresses follow the presses", product.last_press);
    assert!(product.faults.is_empty(), "{:#?}", product.faults);
    assert!(product.hits().is_empty(), "{:#?}\n{:#?}", product.hits(), product.details);
    assert!(missed.is_empty(), "a control is not found: {missed:#?}");
}
