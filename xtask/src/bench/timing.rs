//! The table of a statistic. Nothing is judged: on a busy machine a t is noise, and a small one proves nothing; what
//! is proved is by valgrind, in tests/timing.

use crate::{Stop, Verdict, say};
use serde_json::Value;

/// Prints the t of each pair of classes, and what of it a person may conclude.
///
/// # Errors
/// When a line is not what the program prints.
pub(super) fn show(lines: &[Value], json: bool) -> Result<Verdict, Stop> {
    if json {
        say::out(&serde_json::json!({ "welch": lines }).to_string());
        return Ok(Verdict::AllWell);
    }
    let mut rows = vec![["what", "t", "samples", ""].map(str::to_owned).to_vec()];
    for line in lines {
        let (Some(name), Some(t), Some(samples)) =
            (line["name"].as_str(), line["t"].as_f64(), line["samples"].as_u64())
        else {
            return Err(format!("`{line}` has no name, t and samples"));
        };
        let word = if t.abs() > 10.0 { "the classes differ" } else { "no difference seen" };
        rows.push(vec![name.to_owned(), format!("{t:.1}"), samples.to_string(), word.to_owned()]);
    }
    say::out(say::table(&rows).trim_end());
    Ok(Verdict::AllWell)
}
