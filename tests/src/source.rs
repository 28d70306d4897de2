//! Rust files as the checks read them: code only, so that a word in a comment or a string trips nothing.

use std::path::{Path, PathBuf};

/// A source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Relative to the workspace, with `/`.
    pub path: String,
    /// As it lies on the disk.
    pub text: String,
    /// The same with comments, strings and character literals blanked; lines stay where they were.
    pub code: String,
}

impl Source {
    /// A source made from text: for the controls of the checks.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), code: code_only(text) }
    }
}

/// The workspace's folder.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Every Rust file below `folder`, hidden folders and `target` left out, in the order of their paths.
///
/// # Errors
/// When a file cannot be read.
pub fn below(folder: &Path) -> std::io::Result<Vec<Source>> {
    let mut paths = Vec::new();
    gather(folder, &mut paths)?;
    paths.sort();
    let root = workspace();
    let source = |path: PathBuf| {
        let text = std::fs::read_to_string(&path)?;
        let relative = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        Ok(Source::new(&relative, &text))
    };
    paths.into_iter().map(source).collect()
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() {
            if !name.starts_with('.') && name != "target" {
                gather(&path, paths)?;
            }
        } else if name.ends_with(".rs") {
            paths.push(path);
        }
    }
    Ok(())
}

/// `text` with comments, strings and character literals replaced by blanks.
pub fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let length = literal_length(text, at);
        let end = at + length.max(text[at..].chars().next().map_or(1, char::len_utf8));
        if length == 0 {
            code.push_str(&text[at..end]);
        } else {
            code.extend(text[at..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        at = end;
    }
    code
}

/// How many bytes of comment or literal begin at `at`; 0 for code.
fn literal_length(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    let inside_word = text[..at].chars().next_back().is_some_and(is_word);
    if inside_word {
        return 0;
    }
    if let Some(length) = raw_string(rest) {
        return length;
    }
    let prefix = usize::from(rest.starts_with("b\"") || rest.starts_with("c\"") || rest.starts_with("b'"));
    match rest[prefix..].chars().next() {
        Some('"') => prefix + quoted(&rest[prefix..], '"'),
        Some('\'') if is_character(&rest[prefix..]) => prefix + quoted(&rest[prefix..], '\''),
        _ => 0,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`.
fn raw_string(rest: &str) -> Option<usize> {
    let start = ["r", "br", "cr"].into_iter().find(|prefix| {
        rest.strip_prefix(prefix).is_some_and(|after| after.trim_start_matches('#').starts_with('"'))
    })?;
    let after = &rest[start.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    let open = start.len() + hashes + 1;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(rest[open..].find(&close).map_or(rest.len(), |found| open + found + close.len()))
}

/// A character literal and no lifetime: `'a'` or `'\…'`.
fn is_character(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// Whether `word` stands in `code` as a whole word; gives the lines (from 1).
pub fn lines_with(code: &str, word: &str) -> Vec<usize> {
    let in_line = |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + word.len()..].chars().next();
            let free = |edge: Option<char>, side: Option<char>| {
                !(edge.is_some_and(is_word) && side.is_some_and(is_word))
            };
            free(before, word.chars().next()) && free(word.chars().next_back(), after)
        })
    };
    code.lines().enumerate().filter(|(_, line)| in_line(line)).map(|(number, _)| number + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::{code_only, lines_with};

    #[test]
    fn blanks_literals_and_keeps_code() {
        let blank = |text: &str| code_only(text).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(blank("a // todo!()\nb"), "a b");
        assert_eq!(blank("a /* x /* y */ unsafe */ b"), "a b");
        assert_eq!(blank(r#"f("un\"safe", b)"#), "f( , b)");
        assert_eq!(blank(r##"f(r#"un"safe"#, br"x", b)"##), "f( , , b)");
        assert_eq!(
            blank("fn f<'a>(x: &'a str, c: char) { c == '\"' || c == '\\'' }"),
            "fn f<'a>(x: &'a str, c: char) { c == || c == }"
        );
        assert_eq!(blank("let attr = 1; attr\"text\""), "let attr = 1; attr\"text\"");
        assert_eq!(code_only("\"a\nb\"\nc").lines().count(), 3);
        assert_eq!(blank("f(\"支付\", '元') // 支\nx"), "f( , ) x");
    }

    #[test]
    fn finds_whole_words() {
        assert_eq!(lines_with("unsafe_code\nunsafe {\n", "unsafe"), [2]);
        assert_eq!(lines_with("a\n#[ignore]\n#[ignore = 1]", "#[ignore"), [2, 3]);
        assert_eq!(lines_with("#[ignored]", "#[ignore"), [0_usize; 0]);
    }
}
