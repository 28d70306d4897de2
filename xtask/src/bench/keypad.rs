//! Figures of both suites from one run, and their ratios against limits.

use crate::{Stop, Verdict, say};
use serde_json::Value;
use std::collections::BTreeMap;

/// One figure divided by the sum of others.
#[derive(Debug)]
struct Ratio {
    name: &'static str,
    what: &'static str,
    above: &'static str,
    /// Figures and how often each counts.
    below: &'static [(&'static str, f64)],
    limit: f64,
}

const RATIOS: [Ratio; 3] = [
    Ratio {
        name: "press",
        what: "a press until it is sealed / its parts: AEAD, two expansions, clean-room switch",
        above: "press_to_sealed",
        below: &[("aead_one_byte", 1.0), ("expand", 2.0), ("clean_room_switch", 1.0)],
        limit: 2.0,
    },
    Ratio {
        name: "keypad",
        what: "the same through the core's keypad / the same parts",
        above: "keypad_press",
        below: &[("aead_one_byte", 1.0), ("expand", 2.0), ("clean_room_switch", 1.0)],
        limit: 2.0,
    },
    Ratio {
        name: "entry",
        what: "a whole entry (set-up, layout, 64 boxes, close) / the bare library's set-up and 64 presses",
        above: "whole_entry",
        below: &[("bare_setup", 1.0), ("press_to_sealed", 64.0)],
        limit: 1.2,
    },
];

const SUITES: [&str; 2] = ["international", "guomi"];

type Figures = BTreeMap<(String, String), f64>;

/// Prints figures and ratios; a ratio above its limit is a failure.
///
/// # Errors
/// When a figure is missing or senseless.
pub(super) fn judge(lines: &[Value], json: bool) -> Result<Verdict, Stop> {
    let figures = read(lines)?;
    let judged = ratios(&figures)?;
    say::out(if json { document(&figures, &judged).to_string() } else { text(&figures, &judged) }.trim_end());
    let held = judged.iter().all(|(_, ratio, value)| *value <= ratio.limit);
    Ok(if held { Verdict::AllWell } else { Verdict::SomethingFailed })
}

/// Nanoseconds by suite and name, from objects like `{"suite":"guomi","name":"expand","ns":450.0}`.
fn read(lines: &[Value]) -> Result<Figures, Stop> {
    let mut figures = BTreeMap::new();
    for line in lines {
        let (Some(suite), Some(name), Some(ns)) =
            (line["suite"].as_str(), line["name"].as_str(), line["ns"].as_f64())
        else {
            return Err(format!("`{line}` has no suite, name and ns"));
        };
        if !ns.is_finite() || ns <= 0.0 {
            return Err(format!("`{line}` is no duration"));
        }
        figures.insert((suite.to_owned(), name.to_owned()), ns);
    }
    Ok(figures)
}

fn ratios(figures: &Figures) -> Result<Vec<(&'static str, &'static Ratio, f64)>, Stop> {
    let mut judged = Vec::new();
    for suite in SUITES {
        let figure = |name: &str| {
            let found = figures.get(&(suite.to_owned(), name.to_owned())).copied();
            found.ok_or(format!("the benchmark printed no `{name}` of {suite}"))
        };
        for ratio in &RATIOS {
            let mut below = 0.0;
            for (name, times) in ratio.below {
                below += figure(name)? * times;
            }
            judged.push((suite, ratio, figure(ratio.above)? / below));
        }
    }
    Ok(judged)
}

fn text(figures: &Figures, judged: &[(&str, &Ratio, f64)]) -> String {
    let mut rows = vec![vec!["suite".to_owned(), "figure".to_owned(), "µs".to_owned()]];
    rows.extend(
        figures
            .iter()
            .map(|((suite, name), ns)| vec![suite.clone(), name.clone(), format!("{:.3}", ns / 1000.0)]),
    );
    let mut ratios = vec![["suite", "ratio", "value", "limit", "", ""].map(str::to_owned).to_vec()];
    ratios.extend(judged.iter().map(|(suite, ratio, value)| {
        let word = if *value <= ratio.limit { "held" } else { "EXCEEDED" };
        let (value, limit) = (format!("{value:.2}"), format!("{:.2}", ratio.limit));
        vec![(*suite).to_owned(), ratio.name.to_owned(), value, limit, word.to_owned(), ratio.what.to_owned()]
    }));
    format!("{}\n{}", say::table(&rows), say::table(&ratios))
}

fn document(figures: &Figures, judged: &[(&str, &Ratio, f64)]) -> Value {
    let mut by_suite: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for ((suite, name), ns) in figures {
        by_suite.entry(suite).or_default().insert(name, *ns);
    }
    let ratios: Vec<Value> = judged
        .iter()
        .map(|(suite, ratio, value)| {
            serde_json::json!({
                "suite": suite, "name": ratio.name, "what": ratio.what, "value": value, "limit": ratio.limit,
                "held": *value <= ratio.limit,
            })
        })
        .collect();
    serde_json::json!({"figures_ns": by_suite, "ratios": ratios})
}

#[cfg(test)]
mod tests {
    use super::{SUITES, judge, ratios, read};
    use crate::Verdict;
    use serde_json::{Value, json};

    fn figures(whole: f64) -> Vec<Value> {
        let of = |suite: &str| {
            [
                ("aead_one_byte", 300.0),
                ("expand", 400.0),
                ("clean_room_switch", 900.0),
                ("press_to_sealed", 3000.0),
                ("keypad_press", 4000.0),
                ("bare_setup", 408_000.0),
                ("whole_entry", whole),
            ]
            .map(|(name, ns)| json!({"suite": suite, "name": name, "ns": ns}))
        };
        SUITES.into_iter().flat_map(of).collect()
    }

    #[test]
    fn ratios_are_against_the_sum_of_the_parts_of_the_same_suite() {
        let read = read(&figures(600_000.0)).unwrap();
        let values: Vec<f64> = ratios(&read).unwrap().into_iter().map(|(.., value)| value).collect();
        assert_eq!(values, [1.5, 2.0, 1.0, 1.5, 2.0, 1.0]);
    }

    #[test]
    fn a_ratio_above_its_limit_is_a_failure() {
        assert_eq!(judge(&figures(720_000.0), true), Ok(Verdict::AllWell));
        assert_eq!(judge(&figures(721_000.0), true), Ok(Verdict::SomethingFailed));
    }

    #[test]
    fn a_missing_or_senseless_figure_is_an_error() {
        let mut without = figures(1.0);
        without.retain(|line| line["name"] != "expand" || line["suite"] != "guomi");
        let why = judge(&without, true).unwrap_err();
        assert!(why.contains("expand") && why.contains("guomi"), "{why}");
        assert!(read(&[json!({"suite": "guomi", "name": "expand", "ns": 0.0})]).is_err());
        assert!(read(&[json!({"suite": "guomi", "name": "expand"})]).is_err());
    }
}
