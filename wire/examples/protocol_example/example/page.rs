//! Blocks in Markdown: a fence whose info string is `hex NAME`, `text NAME` or `folded NAME`.

use super::{Block, Content};

const BYTES_A_LINE: usize = 48;
const CHARACTERS_A_LINE: usize = 96;

impl Content {
    fn word(&self) -> &'static str {
        match self {
            Self::Hex(_) => "hex",
            Self::Text(_) => "text",
            Self::Folded(_) => "folded",
        }
    }

    /// As the document has it between its fences.
    fn lines(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Hex(bytes) => {
                let line = |line: &[u8]| line.iter().map(|byte| format!("{byte:02x}")).collect();
                bytes.chunks(BYTES_A_LINE).map(line).collect::<Vec<String>>().join("\n")
            }
            Self::Folded(text) => {
                let characters: Vec<char> = text.chars().collect();
                let lines = characters.chunks(CHARACTERS_A_LINE).map(|line| line.iter().collect());
                lines.collect::<Vec<String>>().join("\n")
            }
        }
    }
}

impl Block {
    pub(crate) fn fence(&self) -> String {
        format!("```{} {}", self.content.word(), self.name)
    }
}

/// The document with every block made anew.
pub(crate) fn rewritten(document: &str, blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if let Some(block) = blocks.iter().find(|block| block.fence() == line) {
            out.push_str(&block.content.lines());
            out.push_str("\n```\n");
            lines.by_ref().find(|line| *line == "```");
        }
    }
    out
}

/// What document and blocks do not agree on, a line each.
pub(crate) fn compared(document: &str, blocks: &[Block]) -> Vec<String> {
    let mut found = Vec::new();
    for block in blocks {
        let shown: Vec<&str> = document.split(&format!("\n{}\n", block.fence())).skip(1).collect();
        match shown.as_slice() {
            [] => found.push(format!("{} is not in the document", block.name)),
            [rest] => {
                let shown = rest.split("\n```").next().unwrap_or_default();
                if shown != block.content.lines() {
                    found.push(format!("{} differs from what is made", block.name));
                }
            }
            _ => found.push(format!("{} is there more than once", block.name)),
        }
    }
    for line in document.lines() {
        let Some(info) =
            ["```hex ", "```text ", "```folded "].iter().find_map(|head| line.strip_prefix(head))
        else {
            continue;
        };
        if !blocks.iter().any(|block| block.name == info) {
            found.push(format!("{info} is in the document and made by nothing"));
        }
    }
    found
}
