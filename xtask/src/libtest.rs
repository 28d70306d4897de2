//! Reads what Rust's test harness prints.

/// How one test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ended {
    Ok,
    Failed,
    Ignored,
}

/// The tests of one binary as its standard output lists them.
///
/// # Errors
/// When the lines and the harness's own sums differ (the binary died, or something wrote into its output):
/// what was read is then not to be trusted, and the text says what differs.
pub(crate) fn read(stdout: &str) -> Result<Vec<(String, Ended)>, String> {
    let tests: Vec<(String, Ended)> = stdout.lines().filter_map(test_line).collect();
    let sums = stdout.lines().rev().find_map(sums_line).ok_or("it ended before its `test result:` line")?;
    let count = |wanted| tests.iter().filter(|(_, ended)| *ended == wanted).count();
    let counted = (count(Ended::Ok), count(Ended::Failed), count(Ended::Ignored));
    if counted == sums {
        Ok(tests)
    } else {
        Err(format!("its lines say {counted:?} (passed, failed, ignored), its sums say {sums:?}"))
    }
}

/// One `test NAME ... ok` line.
fn test_line(line: &str) -> Option<(String, Ended)> {
    let (name, result) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    let name =
        name.strip_suffix(" - compile fail").or_else(|| name.strip_suffix(" - compile")).unwrap_or(name);
    let ended = match result.split([',', ' ']).next()? {
        "ok" => Ended::Ok,
        "FAILED" => Ended::Failed,
        "ignored" => Ended::Ignored,
        _ => return None,
    };
    Some((name.trim().to_owned(), ended))
}

/// The `test result: ok. 3 passed; 0 failed; 1 ignored; …` line as (passed, failed, ignored).
fn sums_line(line: &str) -> Option<(usize, usize, usize)> {
    let (_, sums) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut numbers = sums.split("; ").filter_map(|part| part.split(' ').next()?.parse().ok());
    Some((numbers.next()?, numbers.next()?, numbers.next()?))
}

/// One crate's part of what `cargo test --doc` printed: crate name (with underscores) and its lines.
pub(crate) fn doc_sections(output: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in output.lines() {
        if let Some(name) = line.trim_start().strip_prefix("Doc-tests ") {
            sections.push((name.trim().to_owned(), String::new()));
        } else if let Some((_, text)) = sections.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    sections
}

#[cfg(test)]
mod tests;
