//! What the platform decides about a payment, between the edges that speak to parties and the book that remembers.
//!
//! ```text
//! order, receipt   records as they are handed around
//! answer           what a handset is told
//! payments         the road of one request: signature, nonce, envelope, count, verify, begin, bank, settle
//! rules            what this platform allows, and how long it waits
//! setting          the shorter road of a new password
//! enrolment        the same of a biometric key; what the factors of a payment have to be
//! resolve          what became of a request whose answer was lost
//! sweep            attempts without the bank's word, expiry, sealing of the audit trail
//! fault            points where a test may kill the process
//! ```

mod answer;
mod enrolment;
mod fault;
mod order;
mod payments;
mod receipt;
mod resolve;
mod rules;
mod setting;
mod sweep;

pub use answer::{Answer, PayError, Refusal};
pub use fault::{Fault, Faults};
pub use order::{Order, OrderStatus, was_paid};
pub use payments::Payments;
pub use receipt::{Receipt, ReceiptFields, SignError, Signer, Verdict};
pub use rules::Rules;

#[cfg(test)]
pub(crate) mod rig;
#[cfg(test)]
mod tests;
