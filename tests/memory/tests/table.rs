//! The table: pattern × phase × kind × suite × memfd_secret off and on, the product beside its controls. A
//! hit in the product fails, and so does a control that is not found.
//!
//! `--nocapture` prints one line a kind, suite and kind of memory; all cells lie in `target/xtask/memory`.

#![expect(clippy::print_stdout, reason = "the table is what this test shows")]

use msgpay_crypto::SuiteId;
use msgpay_memory::control::{self, must_find};
use msgpay_memory::derive::Institution;
use msgpay_memory::exam::{self, Edge, Effort, Findings, Phase, Row};
use msgpay_memory::search::Family;
use msgpay_memory::subject::Setting;
use msgpay_memory::table::{Heading, Part};
use msgpay_sdk_core::Kind;
use std::path::Path;

const LAB: &str = env!("CARGO_BIN_EXE_lab");

/// A kind, and whether its keypad is listened to.
#[derive(Clone, Copy)]
struct Pad {
    kind: Kind,
    spoken: bool,
}

impl Pad {
    fn seen(kind: Kind) -> Self {
        Self { kind, spoken: false }
    }

    fn heard(kind: Kind) -> Self {
        Self { kind, spoken: true }
    }
}

fn setting(Pad { kind, spoken }: Pad, institution: &Institution, hidden: bool) -> Setting {
    Setting { kind, spoken, suite: institution.suite, hidden, seal_key: institution.public }
}

/// Phases in which something was looked at.
fn phases(findings: &Findings) -> Vec<Phase> {
    let mut phases: Vec<Phase> = findings.rows.keys().map(|(phase, _)| *phase).collect();
    phases.dedup();
    phases
}

/// What the switched-on lines must have shown and did not, in the phases of the product.
fn missed(
    setting: &Setting,
    phases: &[Phase],
    findings: &Findings,
    names: &str,
    effort: Effort,
) -> Vec<String> {
    let mut missed = Vec::new();
    let asked = |row: Row| match row {
        Row::Opens => effort.oracle,
        Row::Ephemeral => effort.ephemeral,
        _ => true,
    };
    let on = |line: &str| names.split(',').any(|name| name == line);
    for (line, row, step) in control::all().filter(|(line, row, _)| on(line) && asked(*row)) {
        for phase in phases.iter().filter(|phase| must_find(setting, **phase, (line, row, step))) {
            let places = |row| findings.rows.get(&(*phase, row)).copied().unwrap_or_default();
            let there = match row {
                Row::Found(family @ (Family::Slots | Family::Characters | Family::Digits)) => {
                    // Digits are counted as characters, beyond those that lie in their page by design.
                    let counted = if family == Family::Slots { family } else { Family::Characters };
                    findings.steps.contains(&(*phase, family, step)) && places(Row::Found(counted)) > 0
                }
                Row::Opens => findings.asked.get(phase).is_some_and(|sealed| places(row) == *sealed),
                row => places(row) > 0,
            };
            if !there {
                missed.push(format!("{line} at {}: no {}", phase.name(), row.name()));
            }
        }
    }
    missed
}

fn all_lines() -> String {
    let mut names: Vec<&str> = control::all().map(|(name, ..)| name).collect();
    names.dedup();
    names.join(",")
}

/// Examines product and control over these edges, with both kinds of memory.
fn table(title: &str, pad: Pad, suite: SuiteId, edges: &[Edge], effort: Effort) {
    let institution = Institution::make(suite);
    for hidden in [false, true] {
        let setting = setting(pad, &institution, hidden);
        let (mut product, mut found) = (Findings::default(), Findings::default());
        let lines = all_lines();
        for edge in edges {
            product.join(Findings::of(|| {
                exam::run(Path::new(LAB), &institution, &setting, None, *edge, effort)
            }));
            let effort = Effort { registers: false, ..effort };
            let lab = control::laboratory();
            found.join(exam::run(lab, &institution, &setting, Some(&lines), *edge, effort));
        }
        let missed = missed(&setting, &phases(&product), &found, &lines, effort);
        let looked = phases(&found);
        let heading = Heading::of(&setting);
        let name = heading.name();
        let part = Part { heading, product, control: found, missed };
        println!("{title}: {}", part.line());
        part.keep("memory", title);
        let Part { product, missed, .. } = part;
        assert!(product.faults.is_empty(), "{}: {:#?}", name, product.faults);
        assert_eq!(phases(&product), looked, "{}: the control was looked at in other phases", name);
        assert!(product.hits().is_empty(), "{}: {:#?}\n{:#?}", name, product.hits(), product.details);
        assert!(missed.is_empty(), "{}: a control is not found: {missed:#?}", name);
    }
}

fn between_presses(pad: Pad, suite: SuiteId) {
    let effort = Effort { every_act: true, oracle: true, ephemeral: true, registers: true };
    table("between presses", pad, suite, &[Edge::Confirmed], effort);
}

fn exit_edges(pad: Pad, suite: SuiteId) {
    // By ear the same core is left as by eye, with nothing more on its way: no registers once more.
    let registers = !pad.spoken;
    let effort = Effort { every_act: false, oracle: true, ephemeral: false, registers };
    table("exit edges", pad, suite, &Edge::ALL, effort);
}

macro_rules! tests {
    ($($pad:expr, $suite:ident: $between:ident, $edges:ident;)+) => {$(
        #[test]
        fn $between() {
            between_presses($pad, SuiteId::$suite);
        }

        #[test]
        fn $edges() {
            exit_edges($pad, SuiteId::$suite);
        }
    )+};
}

tests! {
    Pad::seen(Kind::Numeric), International:
        numeric_international_leaves_nothing_between_presses,
        numeric_international_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::Numeric), Guomi:
        numeric_guomi_leaves_nothing_between_presses,
        numeric_guomi_leaves_nothing_at_any_exit_edge;
    Pad::heard(Kind::Numeric), International:
        spoken_international_leaves_nothing_between_presses,
        spoken_international_leaves_nothing_at_any_exit_edge;
    Pad::heard(Kind::Numeric), Guomi:
        spoken_guomi_leaves_nothing_between_presses,
        spoken_guomi_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::Numeric), Curve25519:
        numeric_curve25519_leaves_nothing_between_presses,
        numeric_curve25519_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::FullText), International:
        full_text_international_leaves_nothing_between_presses,
        full_text_international_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::FullText), Guomi:
        full_text_guomi_leaves_nothing_between_presses,
        full_text_guomi_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::IdNumber), International:
        id_number_international_lies_in_one_page_alone,
        id_number_international_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::IdNumber), Guomi:
        id_number_guomi_lies_in_one_page_alone,
        id_number_guomi_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::CardNumber), International:
        card_number_international_lies_in_one_page_alone,
        card_number_international_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::CardNumber), Guomi:
        card_number_guomi_lies_in_one_page_alone,
        card_number_guomi_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::Pin), International:
        pin_international_lies_in_one_page_alone,
        pin_international_leaves_nothing_at_any_exit_edge;
    Pad::seen(Kind::Pin), Guomi:
        pin_guomi_lies_in_one_page_alone,
        pin_guomi_leaves_nothing_at_any_exit_edge;
}

/// Lines that do not run where no character is kept.
const OF_KEPT_KINDS: [&str; 3] = ["review-kept", "picture-kept", "pin-kept"];

/// Each line of the control build by itself is found, and with none switched on the copy is the product
/// again.
fn each_line_alone(suite: SuiteId) {
    let institution = Institution::make(suite);
    let setting = setting(Pad::seen(Kind::Numeric), &institution, false);
    let run = |names: &str, effort: Effort| {
        exam::run(control::laboratory(), &institution, &setting, Some(names), Edge::Confirmed, effort)
    };
    let effort = Effort { every_act: true, oracle: true, ephemeral: true, registers: false };
    let asleep = run("none", effort);
    assert!(asleep.hits().is_empty() && asleep.faults.is_empty(), "{asleep:#?}");
    let elsewhere = |name: &&str| control::heard().chain(OF_KEPT_KINDS).any(|line| line == *name);
    for name in all_lines().split(',').filter(|name| !elsewhere(name)) {
        let asks = control::all().any(|(line, row, _)| line == name && row == Row::Opens);
        let tries = control::all().any(|(line, row, _)| line == name && row == Row::Ephemeral);
        let effort = Effort { oracle: asks, ephemeral: tries, ..effort };
        let found = run(name, effort);
        assert_eq!(phases(&asleep), phases(&found), "{name}");
        let missed = missed(&setting, &phases(&asleep), &found, name, effort);
        assert!(missed.is_empty(), "{missed:#?}");
    }
}

/// The same for the lines that only kinds with a page of characters have.
fn each_line_of_kept_kinds_alone(suite: SuiteId) {
    let institution = Institution::make(suite);
    let effort = Effort { every_act: true, oracle: false, ephemeral: false, registers: false };
    let lines = [
        (Kind::CardNumber, "review-kept"),
        (Kind::CardNumber, "picture-kept"),
        (Kind::IdNumber, "review-kept"),
        (Kind::IdNumber, "picture-kept"),
        (Kind::Pin, "pin-kept"),
    ];
    for (kind, name) in lines {
        let setting = setting(Pad::seen(kind), &institution, false);
        let lab = control::laboratory();
        let found = exam::run(lab, &institution, &setting, Some(name), Edge::Confirmed, effort);
        let wanted = phases(&found);
        let must = |line: (&str, _, _)| wanted.iter().any(|at| must_find(&setting, *at, line));
        assert!(control::all().any(|line| line.0 == name && must(line)), "{name} is asked for nowhere");
        let missed = missed(&setting, &wanted, &found, name, effort);
        assert!(missed.is_empty(), "{kind:?}: {missed:#?}");
    }
}

#[test]
fn each_control_is_found_alone_international() {
    each_line_alone(SuiteId::International);
}

#[test]
fn each_control_is_found_alone_guomi() {
    each_line_alone(SuiteId::Guomi);
}

#[test]
fn each_control_of_kept_kinds_is_found_alone_international() {
    each_line_of_kept_kinds_alone(SuiteId::International);
}

#[test]
fn each_control_of_kept_kinds_is_found_alone_guomi() {
    each_line_of_kept_kinds_alone(SuiteId::Guomi);
}

/// The same of the lines that keep what was heard; a list is as long at the end as it ever was.
fn each_spoken_line_alone(suite: SuiteId) {
    let institution = Institution::make(suite);
    let setting = setting(Pad::heard(Kind::Numeric), &institution, false);
    let run = |names: &str, every_act: bool| {
        let effort = Effort { every_act, oracle: false, ephemeral: false, registers: false };
        let lab = control::laboratory();
        (exam::run(lab, &institution, &setting, Some(names), Edge::Confirmed, effort), effort)
    };
    let (asleep, _) = run("none", true);
    assert!(asleep.hits().is_empty() && asleep.faults.is_empty(), "{asleep:#?}");
    for name in control::heard() {
        let (found, effort) = run(name, name == "explored-last");
        let missed = missed(&setting, &phases(&found), &found, name, effort);
        let at = phases(&found);
        assert!(
            control::all().any(|line| line.0 == name && at.iter().any(|at| must_find(&setting, *at, line)))
        );
        assert!(missed.is_empty(), "{missed:#?}");
    }
}

#[test]
fn each_spoken_control_is_found_alone_international() {
    each_spoken_line_alone(SuiteId::International);
}

#[test]
fn each_spoken_control_is_found_alone_guomi() {
    each_spoken_line_alone(SuiteId::Guomi);
}

/// With one protection switched off at a time something is found: the room, the wipe of its stack, the wipe of
/// registers.
fn each_protection_is_needed(suite: SuiteId) {
    let institution = Institution::make(suite);
    let setting = setting(Pad::seen(Kind::Numeric), &institution, false);
    for name in ["room-off", "stack-unwiped", "registers-off"] {
        let registers = name == "registers-off";
        let effort = Effort { every_act: true, oracle: false, ephemeral: false, registers };
        let lab = control::laboratory();
        let found = exam::run(lab, &institution, &setting, Some(name), Edge::Confirmed, effort);
        println!("{name} {suite:?}: {}", found.hits().join(", "));
        let of = |wanted: Row| found.rows.iter().any(|((_, row), places)| *row == wanted && *places > 0);
        let shown = if registers { of(Row::Registers) } else { of(Row::Found(Family::Schedule)) };
        assert!(shown, "{name}: {:#?}", found.hits());
    }
}

#[test]
fn each_protection_is_needed_international() {
    each_protection_is_needed(SuiteId::International);
}

#[test]
fn each_protection_is_needed_guomi() {
    each_protection_is_needed(SuiteId::Guomi);
}
