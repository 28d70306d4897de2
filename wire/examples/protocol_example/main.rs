//! The worked example of `docs/protocol.md`.
//!
//! ```text
//! cargo run -p msgpay-wire --example protocol_example                        prints every block
//! cargo run -p msgpay-wire --example protocol_example -- docs/protocol.md    makes the document's blocks anew
//! ```
//! `tests/protocol_example.rs` compares document and blocks.

use std::io::Write as _;

mod example;

fn main() -> std::io::Result<()> {
    let blocks = example::all();
    if let Some(path) = std::env::args_os().nth(1) {
        let document = std::fs::read_to_string(&path)?;
        for difference in example::compared(&document, &blocks) {
            writeln!(std::io::stdout(), "{difference}")?;
        }
        return std::fs::write(&path, example::rewritten(&document, &blocks));
    }
    let fences: String = blocks.iter().map(|block| format!("\n{}\n```\n", block.fence())).collect();
    std::io::stdout().write_all(example::rewritten(&fences, &blocks).as_bytes())
}
