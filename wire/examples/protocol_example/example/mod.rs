//! One native payment of 128.50 yuan with fixed keys, nonces and times: every object of `docs/protocol.md`, made by
//! this crate. The document's blocks are these, by name.

#![expect(clippy::expect_used, reason = "an example whose fixed inputs do not hold has to stop")]

mod biometric;
mod handset;
mod keys;
mod merchant;
mod page;
mod seal;
mod trusted;

pub(crate) use page::{compared, rewritten};

/// 2026-11-22 15:31:40 in China: the merchant orders.
const NOW: u64 = 1_795_332_700;
/// Half an hour later the order lapses.
const EXPIRES: u64 = NOW + 1_800;
/// The user has typed the password.
const PAID: u64 = NOW + 27;

const ORDER: &str = "P202611220000000000000731";
const MERCHANT_ID: &str = "8980000000000017";
const MERCHANT_NAME: &str = "青禾咖啡";
const WALLET: &str = "W0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B";
const DEVICE_ID: &str = "D0D0D0D0D0D0D0D0D0D0D0D0D0D0D0D0D";
const AMOUNT_FEN: i64 = 12_850;

/// A named piece of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) name: &'static str,
    pub(crate) content: Content,
}

/// How a piece is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// Bytes, in hex; line ends say nothing.
    Hex(Vec<u8>),
    /// Text whose line ends belong to it; none follows the last line.
    Text(String),
    /// One line of text, folded; line ends say nothing.
    Folded(String),
}

fn hex(name: &'static str, bytes: impl Into<Vec<u8>>) -> Block {
    Block { name, content: Content::Hex(bytes.into()) }
}

fn text(name: &'static str, text: impl Into<Vec<u8>>) -> Block {
    Block { name, content: Content::Text(String::from_utf8(text.into()).expect("text")) }
}

fn folded(name: &'static str, text: impl Into<String>) -> Block {
    Block { name, content: Content::Folded(text.into()) }
}

/// Something too long to print: its length and digest.
fn measured(name: &'static str, bytes: &[u8]) -> Block {
    let digest: String = keys::sha256(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    text(name, format!("{} bytes, SHA-256 {digest}", bytes.len()))
}

/// Every piece, in the order of the payment.
pub(crate) fn all() -> Vec<Block> {
    [trusted::blocks(), merchant::blocks(), handset::blocks(), biometric::blocks()].concat()
}
