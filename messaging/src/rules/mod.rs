//! What may be sent: the schema, and the rules that are stricter than it.
//!
//! | rule | from |
//! |---|---|
//! | button words ≤ 25 **bytes** of UTF-8 (the schema counts characters, the operators' prose bytes) | V1.0.4 p52 |
//! | a member may be absent, never present and empty | V1.0.4 p10 |
//! | whatever belongs to a payment says `trafficType: "payment"` and has one recipient | T/CAICI 92 §6.5 |
//! | a confirm or code card is neither stored for later nor sent as a short message: a stale one must not arrive | T/CAICI 92 §6.1.10(1) |
//! | a carousel has ≤ 10 cards, a small one no tall media, a thumbnail ≤ 200 KB | cores in the field |
//! | an address opens `https`, `sms` or `msgpay`; a web view `https` only | own |
//! | no payment card number in any words | T/CAICI 92 §6.3.2(3) |
//! | a menu has two levels, ≤ 3 and ≤ 5 entries | V1.0.4 p14 |
//!
//! The named rules run first, so that a refusal says what to mend; the schema is the net under them.

mod defect;
mod envelope;
mod walk;

pub use defect::{Defect, Defects};

use serde_json::Value;

use crate::schema::Schema;

/// Most bytes of a button's words.
pub const BUTTON_BYTES_MAX: usize = 25;
/// Most characters of a postback.
pub const POSTBACK_CHARS_MAX: usize = 2048;
/// Most bytes of a thumbnail (200 KB).
pub const THUMBNAIL_BYTES_MAX: u64 = 200 * 1024;

/// Checks a GSMA root object.
///
/// # Errors
/// Every defect found.
pub fn check_root(root: &Value) -> Result<(), Defects> {
    let mut found = Vec::new();
    walk::root(root, "", &mut found);
    walk::no_empty_member(root, "", &mut found);
    conclude(found, Schema::ChatbotMessage, root)
}

/// Checks a dialect A send body (V1.0.4 p34): the Chatbot before it sends, the operator when it receives.
///
/// # Errors
/// Every defect found.
pub fn check_outbound(body: &Value) -> Result<(), Defects> {
    let mut found = Vec::new();
    envelope::outbound(body, &mut found);
    walk::no_empty_member(body, "", &mut found);
    conclude(found, Schema::MaapOutbound, body)
}

/// Checks a dialect A uplink body (V1.0.4 p70) before the operator sends it.
///
/// # Errors
/// Every defect found.
pub fn check_inbound(body: &Value) -> Result<(), Defects> {
    conclude(Vec::new(), Schema::MaapInbound, body)
}

/// Checks a dialect A delivery report (V1.0.4 p76).
///
/// # Errors
/// Every defect found.
pub fn check_delivery(body: &Value) -> Result<(), Defects> {
    conclude(Vec::new(), Schema::MaapDelivery, body)
}

/// Checks a Chatbot's persistent menu.
///
/// # Errors
/// Every defect found.
pub fn check_menu(menu: &Value) -> Result<(), Defects> {
    let mut found = Vec::new();
    walk::menu(menu, &mut found);
    walk::no_empty_member(menu, "", &mut found);
    conclude(found, Schema::ChatbotMenu, menu)
}

fn conclude(mut found: Vec<Defect>, schema: Schema, document: &Value) -> Result<(), Defects> {
    found.extend(schema.check(document));
    if found.is_empty() { Ok(()) } else { Err(Defects(found)) }
}

#[cfg(test)]
mod tests;
