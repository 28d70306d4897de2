//! Findings as lines, CSV and JSON.

use crate::exam::{Findings, Phase, Row};
use crate::subject::Setting;
use msgpay_crypto::SuiteId;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

/// One examined entry beside its control.
pub struct Part {
    /// What was examined.
    pub heading: Heading,
    /// Of the product.
    pub product: Findings,
    /// Of the control build with its lines switched on.
    pub control: Findings,
    /// What the control must have shown and did not.
    pub missed: Vec<String>,
}

/// What a table is of.
pub struct Heading {
    /// A kind, and whether it is listened to; or the language of a guest.
    pub keypad: String,
    /// Suite of the seal.
    pub suite: SuiteId,
    /// Secret pages from `memfd_secret`.
    pub hidden: bool,
}

impl Heading {
    /// Of an entry of the laboratory's own program.
    #[must_use]
    pub fn of(setting: &Setting) -> Self {
        let spoken = if setting.spoken { " spoken" } else { "" };
        let keypad = format!("{}{spoken}", setting.kind.word());
        Self { keypad, suite: setting.suite, hidden: setting.hidden }
    }

    /// As people name it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {} memfd_secret {}", self.keypad, self.suite(), self.memory())
    }

    fn suite(&self) -> String {
        format!("{:?}", self.suite).to_lowercase()
    }

    fn memory(&self) -> &'static str {
        if self.hidden { "on" } else { "off" }
    }
}

impl Part {
    /// Every cell: phase, row, places in the product, places in the control.
    #[must_use]
    pub fn cells(&self) -> BTreeMap<(Phase, Row), (usize, usize)> {
        let mut cells: BTreeMap<_, (usize, usize)> = BTreeMap::new();
        for (key, places) in &self.product.rows {
            cells.entry(*key).or_default().0 = *places;
        }
        for (key, places) in &self.control.rows {
            cells.entry(*key).or_default().1 = *places;
        }
        cells
    }

    /// One line for people.
    #[must_use]
    pub fn line(&self) -> String {
        let cells = self.cells();
        let hits: usize = cells.values().map(|(product, _)| product).sum();
        let shown = cells.values().filter(|(_, control)| *control > 0).count();
        let mut phases: Vec<String> = cells.keys().map(|(phase, _)| phase.name()).collect();
        phases.dedup();
        let once: String = self.product.seen_once.iter().map(|line| format!("\n  once: {line}")).collect();
        format!(
            "{:<48} {:>3} dumps {:>4} MB  {hits} hits; the control {shown} of {} cells, {} missed  [{}]{once}",
            self.heading.name(),
            self.product.dumps,
            self.product.bytes / 1_000_000,
            cells.len(),
            self.missed.len(),
            phases.join(" "),
        )
    }

    /// Writes CSV and JSON into `xtask/folder` of the target directory, under `title`.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn keep(&self, folder: &str, title: &str) {
        let folder = crate::control::target().join("xtask").join(folder);
        fs::create_dir_all(&folder).unwrap();
        let mut csv = String::from("kind,suite,memfd_secret,phase,pattern,product,control\n");
        let mut rows = Vec::new();
        for ((phase, row), (product, control)) in self.cells() {
            let (kind, suite, hidden) = (&self.heading.keypad, self.heading.suite(), self.heading.memory());
            let (phase, row) = (phase.name(), row.name());
            writeln!(csv, "{kind},{suite},{hidden},{phase},{row},{product},{control}").unwrap();
            rows.push(serde_json::json!({
                "kind": kind, "suite": suite, "memfd_secret": hidden, "phase": phase, "pattern": row,
                "product": product, "control": control,
            }));
        }
        let file = folder.join(format!("{title} {}", self.heading.name()).replace(' ', "-"));
        fs::write(file.with_extension("csv"), csv).unwrap();
        fs::write(file.with_extension("json"), serde_json::Value::from(rows).to_string()).unwrap();
        fs::write(file.with_extension("txt"), self.line() + "\n").unwrap();
    }
}
