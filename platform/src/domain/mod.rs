//! What the platform decides about a payment, between the edges that speak to parties and the book that remembers.
//!
//! ```text
//! order, receipt   records as they are handed around
//! answer           what a handset is told
//! payments         the road of one request: signature, nonce, envelope, count, verify, begin, bank, settle
//! setting          the shorter road of a new password
//! resolve          what became of a request whose answer was lost
//! sweep            attempts without the bank's word, expiry, sealing of the audit trail
//! fault            points where a test may kill the process
//! ```

mod answer;
mod fault;
mod order;
mod payments;
mod receipt;
mod resolve;
mod setting;
mod sweep;

pub use answer::{Answer, PayError, Refusal};
pub use fault::{Fault, Faults};
pub use order::{Order, OrderStatus, was_paid};
pub use payments::{Payments, Rules};
pub use receipt::{Receipt, ReceiptFields, SignError, Signer, Verdict};

#[cfg(test)]
pub(crate) mod rig;
#[cfg(test)]
mod tests;
