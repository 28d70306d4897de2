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
use msgpay_memory::table::{Part, name};
use msgpay_sdk_core::Kind;
use std::path::Path;

const LAB: &str = env!("CARGO_BIN_EXE_lab");

fn setting(kind: Kind, institution: &Institution, hidden: bool) -> Setting {
    Setting { kind, suite: institution.suite, hidden, seal_key: institution.public }
}

/// Phases in which something was looked at.
fn phases(findings: &Findings) -> Vec<Phase> {
    let mut phases: Vec<Phase> = findings.rows.keys().map(|(phase, _)| *phase).collect();
    phases.dedup();
    phases
}

/// What the switched-on lines must have shown and did not.
fn missed(kind: Kind, findings: &Findings, names: &str, effort: Effort) -> Vec<String> {
    let mut missed = Vec::new();
    let asked = |row: Row| match row {
        Row::Opens => effort.oracle,
        Row::Ephemeral => effort.ephemeral,
        _ => true,
    };
    let on = |line: &str| names.split(',').any(|name| name == line);
    for (line, row, step) in control::all().filter(|(line, row, _)| on(line) && asked(*row)) {
        for phase in phases(findings).into_iter().filter(|phase| must_find(kind, *phase, (line, row, step))) {
            let there = match row {
                Row::Found(family @ (Family::Slots | Family::Characters | Family::Digits)) => {
                    findings.steps.contains(&(phase, family, step))
                }
                row => findings.rows.get(&(phase, row)).is_some_and(|places| *places > 0),
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
fn table(title: &str, kind: Kind, suite: SuiteId, edges: &[Edge], effort: Effort) {
    let institution = Institution::make(suite);
    for hidden in [false, true] {
        let setting = setting(kind, &institution, hidden);
        let (mut product, mut found) = (Findings::default(), Findings::default());
        let lines = all_lines();
        for edge in edges {
            let examine = || exam::run(Path::new(LAB), &institution, &setting, None, *edge, effort);
            // Short runs lie somewhere by chance once in some hundred examinations. A leak comes again with
            // another canary, chance does not: what was found counts when a second examination finds something too.
            let first = examine();
            let again = if first.hits().is_empty() { None } else { Some(examine()) };
            product.join(again.filter(|again| again.hits().is_empty()).unwrap_or(first));
            let effort = Effort { registers: false, ..effort };
            let lab = control::laboratory();
            found.join(exam::run(lab, &institution, &setting, Some(&lines), *edge, effort));
        }
        let missed = missed(kind, &found, &lines, effort);
        let part = Part { setting, product, control: found, missed };
        println!("{title}: {}", part.line());
        part.keep(title);
        let Part { product, missed, .. } = part;
        assert!(product.faults.is_empty(), "{}: {:#?}", name(&setting), product.faults);
        assert!(
            product.hits().is_empty(),
            "{}: {:#?}\n{:#?}",
            name(&setting),
            product.hits(),
            product.details
        );
        assert!(missed.is_empty(), "{}: a control is not found: {missed:#?}", name(&setting));
    }
}

fn between_presses(kind: Kind, suite: SuiteId) {
    let effort = Effort { every_act: true, oracle: true, ephemeral: true, registers: true };
    table("between presses", kind, suite, &[Edge::Confirmed], effort);
}

fn exit_edges(kind: Kind, suite: SuiteId) {
    let effort = Effort { every_act: false, oracle: false, ephemeral: false, registers: true };
    table("exit edges", kind, suite, &Edge::ALL, effort);
}

macro_rules! tests {
    ($($kind:expr, $suite:ident: $between:ident, $edges:ident;)+) => {$(
        #[test]
        fn $between() {
            between_presses($kind, SuiteId::$suite);
        }

        #[test]
        fn $edges() {
            exit_edges($kind, SuiteId::$suite);
        }
    )+};
}

tests! {
    Kind::Numeric, International:
        numeric_international_leaves_nothing_between_presses,
        numeric_international_leaves_nothing_at_any_exit_edge;
    Kind::Numeric, Guomi:
        numeric_guomi_leaves_nothing_between_presses,
        numeric_guomi_leaves_nothing_at_any_exit_edge;
    Kind::Numeric, Curve25519:
        numeric_curve25519_leaves_nothing_between_presses,
        numeric_curve25519_leaves_nothing_at_any_exit_edge;
    Kind::FullText, International:
        full_text_international_leaves_nothing_between_presses,
        full_text_international_leaves_nothing_at_any_exit_edge;
    Kind::FullText, Guomi:
        full_text_guomi_leaves_nothing_between_presses,
        full_text_guomi_leaves_nothing_at_any_exit_edge;
    Kind::IdNumber, International:
        id_number_international_lies_in_one_page_alone,
        id_number_international_leaves_nothing_at_any_exit_edge;
    Kind::IdNumber, Guomi:
        id_number_guomi_lies_in_one_page_alone,
        id_number_guomi_leaves_nothing_at_any_exit_edge;
    Kind::CardNumber, International:
        card_number_international_lies_in_one_page_alone,
        card_number_international_leaves_nothing_at_any_exit_edge;
    Kind::CardNumber, Guomi:
        card_number_guomi_lies_in_one_page_alone,
        card_number_guomi_leaves_nothing_at_any_exit_edge;
    Kind::Pin, International:
        pin_international_lies_in_one_page_alone,
        pin_international_leaves_nothing_at_any_exit_edge;
    Kind::Pin, Guomi:
        pin_guomi_lies_in_one_page_alone,
        pin_guomi_leaves_nothing_at_any_exit_edge;
}

/// Each line of the control build by itself is found, and with none switched on the copy is the product
/// again.
fn each_line_alone(suite: SuiteId) {
    let institution = Institution::make(suite);
    let setting = setting(Kind::Numeric, &institution, false);
    let run = |names: &str, effort: Effort| {
        exam::run(control::laboratory(), &institution, &setting, Some(names), Edge::Confirmed, effort)
    };
    let effort = Effort { every_act: true, oracle: true, ephemeral: true, registers: false };
    let asleep = run("none", effort);
    assert!(asleep.hits().is_empty() && asleep.faults.is_empty(), "{asleep:#?}");
    for name in all_lines().split(',').filter(|name| !["review-kept", "pin-kept"].contains(name)) {
        let asks = control::all().any(|(line, row, _)| line == name && row == Row::Opens);
        let tries = control::all().any(|(line, row, _)| line == name && row == Row::Ephemeral);
        let effort = Effort { oracle: asks, ephemeral: tries, ..effort };
        let missed = missed(Kind::Numeric, &run(name, effort), name, effort);
        assert!(missed.is_empty(), "{missed:#?}");
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

/// With one protection switched off at a time something is found: the room, the wipe of its stack, the wipe of
/// registers.
fn each_protection_is_needed(suite: SuiteId) {
    let institution = Institution::make(suite);
    let setting = setting(Kind::Numeric, &institution, false);
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
