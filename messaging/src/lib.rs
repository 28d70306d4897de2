//! 5G messages as the operators speak them: the GSMA Chatbot message JSON (RCC.07 §3.6.10), the JSON
//! interface between a Chatbot and the operators' MaaP ("dialect A", the China Telecom and China Unicom
//! access specification V1.0.4), the cards of a payment, and signed postback tokens.
//!
//! A message is built as an [`Outbound`](model::Outbound), which no dialect can send. Only
//! [`Outbound::validate`](model::Outbound::validate) turns it into a [`Validated`](model::Validated):
//! proof that it met the published schemas and the stricter rules of [`rules`].
//!
//! What this crate does *not* do: no network, no clock, no randomness (identifiers, times and nonces are
//! handed in), no decision about money, no key of the payment. The one secret here, the postback key,
//! only says "this button came from us".

pub mod address;
pub mod callback;
pub mod cards;
pub mod dialect_a;
pub mod gsma;
pub mod model;
pub mod postback;
pub mod rules;
pub mod schema;
