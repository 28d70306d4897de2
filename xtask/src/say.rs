//! The one place that writes to the terminal: results on standard output, progress on standard error.

use std::io::Write;

/// A line of the result. A closed pipe (`| head`) is the reader's choice, not an error.
pub(crate) fn out(line: &str) {
    let mut stdout = std::io::stdout().lock();
    let _closed = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// A line about the work under way.
pub(crate) fn note(line: &str) {
    let mut stderr = std::io::stderr().lock();
    let _closed = writeln!(stderr, "{line}");
}

/// Rows as a text table: columns padded to their widest cell, two spaces apart, wide (CJK) characters
/// counted as two columns.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| columns_of(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat((width + 2).saturating_sub(columns_of(cell))));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn columns_of(text: &str) -> usize {
    text.chars()
        .map(|c| if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffdc}') { 2 } else { 1 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_line_up_with_chinese_in_them() {
        let rows = [["支付", "a"], ["x", "b"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows), "支付  a\nx     b\n");
    }
}
