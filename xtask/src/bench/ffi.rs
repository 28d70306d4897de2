//! What the line to Kotlin and Swift adds to a press, against a bare call across it; what loading costs, and memory. The same
//! method is pressed from Rust in the very process of each language, on the same keypad, in turn with the language's own.

use super::objects;
use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::languages::{Ground, KOTLIN_NEEDS, Language, SWIFT_NEEDS};
use crate::setup::Machine;
use crate::{Stop, Verdict, say};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many bare calls a press may cost beside the press itself.
const BARE_CALLS_MAX: f64 = 3.0;
/// How many it should.
const BARE_CALLS_GOAL: f64 = 2.0;
/// What an open keypad may take beside the pictures of its keys, which exist twice for a moment.
const KEYPAD_KB_MAX: f64 = 1_024.0;

/// Figures of one run.
pub(super) struct Figures {
    languages: Vec<(Language, BTreeMap<String, f64>)>,
}

/// Builds library and programs in release, and runs them one after another.
///
/// # Errors
/// When a language's tools are not there, or a program does not build or run.
pub(super) fn measure(workspace: &Workspace) -> Result<Figures, Stop> {
    let kept = workspace.make_kept()?;
    let needs = [&KOTLIN_NEEDS[..], &SWIFT_NEEDS[..]].concat();
    if let Some(missing) = Machine::set_up(&workspace.root, &kept, &needs).missing(&needs) {
        return Err(missing);
    }
    let log = kept.join("bench-ffi.log");
    for arguments in [
        &["build", "--package", "msgpay-demo"][..],
        &["build", "--release", "--package", "msgpay-bindings", "--features", "desktop,curve25519"],
    ] {
        say::note(&format!("cargo {} …", arguments.join(" ")));
        let mut build = cargo::command(&workspace.root);
        build.args(arguments);
        if let End::Failure(how) = child::run(build, &Output::Together(&log), "build", super::LIMIT) {
            say::note(&child::tail(&log, 40));
            return Err(format!("cargo {}: {how}, see {}", arguments.join(" "), log.display()));
        }
    }
    let demo = workspace.target.join("debug/msgpay-demo");
    let library = workspace.target.join("release/libmsgpay.so");
    let ground = Ground { workspace, library, demo: &demo };
    let mut languages = Vec::new();
    for language in [Language::Kotlin, Language::Swift] {
        say::note(&format!("building and measuring {} …", language.word()));
        languages.push((language, read(&language.cost(&ground)?)?));
    }
    Ok(Figures { languages })
}

/// Figures by name, from objects like `{"name":"press","ns":450}` and `{"name":"open_keypad","kb":600}`.
fn read(text: &str) -> Result<BTreeMap<String, f64>, Stop> {
    let mut figures = BTreeMap::new();
    for line in objects(text)? {
        let (Some(name), Some(figure)) = (line["name"].as_str(), line["ns"].as_f64().or(line["kb"].as_f64()))
        else {
            return Err(format!("`{line}` has no name and ns or kb"));
        };
        figures.insert(name.to_owned(), figure);
    }
    Ok(figures)
}

/// Prints the figures; a press above its limit is a failure.
///
/// # Errors
/// When a figure is missing or senseless.
pub(super) fn judge(figures: &Figures, json: bool) -> Result<Verdict, Stop> {
    let mut rows = vec![
        ["language", "bare call µs", "press µs", "Rust press µs", "bare calls more", "limit", "goal", ""]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut loads = vec![
        ["language", "load and first call ms", "main thread held ms", "open again ms"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut memory = vec![
        ["language", "load and open KB", "first open keypad KB", "its pictures KB", "limit KB", ""]
            .map(str::to_owned)
            .to_vec(),
    ];
    let (mut documents, mut held) = (Vec::new(), true);
    for (language, named) in &figures.languages {
        let figure = |name: &str| {
            let found = named.get(name).copied().filter(|ns| ns.is_finite() && *ns > 0.0);
            found.ok_or(format!("the program of {} printed no `{name}`", language.word()))
        };
        let (bare, press, rust) = (figure("bare_call")?, figure("press")?, figure("rust_press")?);
        let more = (press - rust) / bare;
        let good = more <= BARE_CALLS_MAX;
        held &= good;
        let word = match (good, more <= BARE_CALLS_GOAL) {
            (false, _) => "EXCEEDED",
            (true, false) => "held, the goal is not",
            (true, true) => "held, and the goal",
        };
        let us = |ns: f64| format!("{:.3}", ns / 1e3);
        rows.push(vec![
            language.word().to_owned(),
            us(bare),
            us(press),
            us(rust),
            format!("{more:.2}"),
            format!("{BARE_CALLS_MAX}"),
            format!("{BARE_CALLS_GOAL}"),
            word.to_owned(),
        ]);
        let ms = |name: &str| Ok::<_, Stop>(format!("{:.1}", figure(name)? / 1e6));
        loads.push(vec![
            language.word().to_owned(),
            ms("load_and_first_call")?,
            ms("main_thread_held")?,
            ms("open_again")?,
        ]);
        let (keypad, pictures) = (figure("open_keypad")?, figure("open_keypad_pictures")?);
        let keypad_max = 2.0 * pictures + KEYPAD_KB_MAX;
        let small = keypad <= keypad_max;
        held &= small;
        let mut row = vec![language.word().to_owned()];
        row.extend([figure("load_and_open")?, keypad, pictures, keypad_max].map(|kb| format!("{kb:.0}")));
        row.push(if small { "held" } else { "EXCEEDED" }.to_owned());
        memory.push(row);
        documents.push(json!({
            "language": language.word(), "figures": named, "bare_calls_more": more, "limit": BARE_CALLS_MAX,
            "goal": BARE_CALLS_GOAL, "keypad_kb_max": keypad_max, "held": good && small,
        }));
    }
    if json {
        let document: Value = json!({ "languages": documents });
        say::out(&document.to_string());
    } else {
        let tables = [&rows, &loads, &memory].map(|rows| say::table(rows));
        say::out(tables.join("\n").trim_end());
    }
    Ok(if held { Verdict::AllWell } else { Verdict::SomethingFailed })
}

#[cfg(test)]
mod tests {
    use super::{Figures, judge, read};
    use crate::Verdict;
    use crate::languages::Language;

    fn figures(press: u32) -> Figures {
        with_keypad(press, 1_500)
    }

    fn with_keypad(press: u32, keypad: u32) -> Figures {
        let text = format!(
            "{{\"name\":\"rust_press\",\"ns\":5000}}\n{{\"name\":\"bare_call\",\"ns\":4000}}\n{{\"name\":\"press\",\"ns\":{press}}}\n\
             {{\"name\":\"load_and_first_call\",\"ns\":1e8}}\n{{\"name\":\"main_thread_held\",\"ns\":2e6}}\n\
             {{\"name\":\"open_again\",\"ns\":1e6}}\n{{\"name\":\"load_and_open\",\"kb\":900}}\n\
             {{\"name\":\"open_keypad\",\"kb\":{keypad}}}\n{{\"name\":\"open_keypad_pictures\",\"kb\":400}}"
        );
        Figures { languages: vec![(Language::Kotlin, read(&text).unwrap())] }
    }

    #[test]
    fn a_press_may_cost_three_bare_calls_more_and_not_four() {
        assert_eq!(judge(&figures(17_000), true), Ok(Verdict::AllWell));
        assert_eq!(judge(&figures(17_001), true), Ok(Verdict::SomethingFailed));
    }

    #[test]
    fn a_keypad_may_take_its_pictures_twice_and_a_megabyte() {
        assert_eq!(judge(&with_keypad(9_000, 1_824), true), Ok(Verdict::AllWell));
        assert_eq!(judge(&with_keypad(9_000, 1_825), true), Ok(Verdict::SomethingFailed));
    }

    #[test]
    fn a_missing_or_senseless_figure_is_an_error() {
        let mut figures = figures(0);
        assert!(judge(&figures, true).unwrap_err().contains("press"));
        figures.languages[0].1.remove("bare_call");
        assert!(judge(&figures, true).unwrap_err().contains("bare_call"));
        assert!(read("{\"name\":\"press\"}").is_err());
    }
}
