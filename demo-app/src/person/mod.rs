//! The simulated user. It sees pictures, as a person does: the SDK tells it no label and no layout.
//!
//! What it knows of digits is in `strokes`: how people draw them, in general. It has never seen the SDK's own
//! numerals and holds nothing taken from them. What it sees goes through
//!
//! ```text
//! Picture ──Shape::of──► thin lines, holes ──Reader──► how far from each digit ──► a digit, or Unsure
//! ```
//!
//! A keypad is read as a whole: a person knows that each digit is there once.

mod assign;
mod picture;
mod reader;
mod shape;
mod strokes;
#[cfg(test)]
mod tests;

pub use picture::Picture;
pub use reader::{Reader, Reading, Unsure};
