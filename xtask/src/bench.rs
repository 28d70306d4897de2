//! `cargo xtask bench`: what the keypad's cryptography costs, as ratios within one run, so that the figures of
//! two machines can be compared.

use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::{Stop, Verdict, say, setup};
use std::collections::BTreeMap;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(3600);

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Prints one JSON document
    #[arg(long)]
    json: bool,
}

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

const RATIOS: [Ratio; 2] = [
    Ratio {
        name: "press",
        what: "a press until it is sealed / its parts: AEAD, two expansions, clean-room switch",
        above: "press_to_sealed",
        below: &[("aead_one_byte", 1.0), ("expand", 2.0), ("clean_room_switch", 1.0)],
        limit: 1.5,
    },
    Ratio {
        name: "entry",
        what: "a whole entry (setup, layout, 64 boxes, close) / a bare HPKE seal",
        above: "whole_entry",
        below: &[("hpke_seal_bare", 1.0)],
        limit: 2.0,
    },
];

/// Runs the command.
///
/// # Errors
/// When the benchmark does not build or does not print its figures.
pub(crate) fn command(args: &Args) -> Result<Verdict, Stop> {
    setup::c_compiler()?;
    let workspace = Workspace::find()?;
    let kept = workspace.make_kept()?;
    let (figures, log) = (kept.join("bench.json"), kept.join("bench.log"));
    let mut bench = cargo::command(&workspace.root);
    bench.args(["run", "--release", "--package", "msgpay-crypto", "--example", "bench_entry"]);
    say::note("building and measuring in release …");
    if let End::Failure(how) = child::run(bench, &Output::Apart { out: &figures, err: &log }, "bench", LIMIT)
    {
        say::note(&child::tail(&log, 40));
        return Err(format!("the benchmark failed: {how}, see {}", log.display()));
    }
    let figures = read(&child::read_lossy(&figures))?;
    let judged = judge(&figures)?;
    say::out(
        if args.json { json(&figures, &judged).to_string() } else { text(&figures, &judged) }.trim_end(),
    );
    let held = judged.iter().all(|(ratio, value)| *value <= ratio.limit);
    Ok(if held { Verdict::AllWell } else { Verdict::SomethingFailed })
}

/// Nanoseconds by name, from lines like `{"name":"expand","ns":450.0}`.
fn read(lines: &str) -> Result<BTreeMap<String, f64>, Stop> {
    let mut figures = BTreeMap::new();
    for line in lines.lines().filter(|line| line.starts_with('{')) {
        let value: serde_json::Value = serde_json::from_str(line).map_err(|e| format!("`{line}`: {e}"))?;
        let (Some(name), Some(ns)) = (value["name"].as_str(), value["ns"].as_f64()) else {
            return Err(format!("`{line}` has no name and ns"));
        };
        if !ns.is_finite() || ns <= 0.0 {
            return Err(format!("`{line}` is no duration"));
        }
        figures.insert(name.to_owned(), ns);
    }
    Ok(figures)
}

fn judge(figures: &BTreeMap<String, f64>) -> Result<Vec<(&'static Ratio, f64)>, Stop> {
    let figure = |name: &str| figures.get(name).copied().ok_or(format!("the benchmark printed no `{name}`"));
    RATIOS
        .iter()
        .map(|ratio| {
            let mut below = 0.0;
            for (name, times) in ratio.below {
                below += figure(name)? * times;
            }
            Ok((ratio, figure(ratio.above)? / below))
        })
        .collect()
}

fn text(figures: &BTreeMap<String, f64>, judged: &[(&Ratio, f64)]) -> String {
    let mut rows = vec![vec!["figure".to_owned(), "µs".to_owned()]];
    rows.extend(figures.iter().map(|(name, ns)| vec![name.clone(), format!("{:.3}", ns / 1000.0)]));
    let mut ratios = vec![["ratio", "value", "limit", "", ""].map(str::to_owned).to_vec()];
    ratios.extend(judged.iter().map(|(ratio, value)| {
        let word = if *value <= ratio.limit { "held" } else { "EXCEEDED" };
        let (value, limit) = (format!("{value:.2}"), format!("{:.2}", ratio.limit));
        vec![ratio.name.to_owned(), value, limit, word.to_owned(), ratio.what.to_owned()]
    }));
    format!("{}\n{}", say::table(&rows), say::table(&ratios))
}

fn json(figures: &BTreeMap<String, f64>, judged: &[(&Ratio, f64)]) -> serde_json::Value {
    let ratios: Vec<serde_json::Value> = judged
        .iter()
        .map(|(ratio, value)| {
            serde_json::json!({
                "name": ratio.name, "what": ratio.what, "value": value, "limit": ratio.limit,
                "held": *value <= ratio.limit,
            })
        })
        .collect();
    serde_json::json!({"figures_ns": figures, "ratios": ratios})
}

#[cfg(test)]
mod tests {
    use super::{judge, read};

    const FIGURES: &str = r#"
{"name":"aead_one_byte","ns":300.0}
{"name":"expand","ns":400.0}
{"name":"clean_room_switch","ns":900.0}
{"name":"press_to_sealed","ns":3000.0}
{"name":"hpke_seal_bare","ns":400000.0}
{"name":"whole_entry","ns":600000.0}
"#;

    #[test]
    fn ratios_are_against_the_sum_of_the_parts() {
        let figures = read(FIGURES).unwrap();
        let values: Vec<f64> = judge(&figures).unwrap().into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, [1.5, 1.5]);
    }

    #[test]
    fn a_missing_or_senseless_figure_is_an_error() {
        let without = FIGURES.replace("\"expand\"", "\"expanded\"");
        assert!(judge(&read(&without).unwrap()).unwrap_err().contains("expand"));
        assert!(read(&FIGURES.replace("400.0", "0.0")).is_err());
        assert!(read(&FIGURES.replace("\"ns\":400.0", "\"us\":1")).is_err());
    }
}
