//! What runs in the handset: the keypad that cannot read back what was typed, and the sessions that pay.
//!
//! This crate draws no screen, names no phone system and holds no password. It is without input and output of its
//! own: a [`Payment`] gives out what it wants ([`Step`]) and takes what came back, so it can be stepped, killed and
//! replayed. The one exception is feature `net`, a ready-made transport beside the sessions.
//!
//! ```no_run
//! # use msgpay_sdk_core::*;
//! # async fn pay(config: Config, host: Host, transport: &dyn Transport, link: &str, report: SurfaceReport)
//! # -> Result<Outcome, Box<dyn std::error::Error>> {
//! let msgpay = MsgPay::open(config, host);
//! let mut payment = msgpay.launch(link)?;
//! loop {
//!     match payment.advance(transport).await? {
//!         Step::Review(review) => payment.accept(&review)?, // after the user has seen it
//!         Step::EnterPassword(entry) => {
//!             let (mut keypad, keys) = entry.open(report, FaceSize::square(96))?;
//!             // … draw `keys`, press slots …
//!             payment.entered(keypad.confirm()?)?;
//!         }
//!         // … the phone's own prompt releases the key for `confirmation.message`, then `confirmed` …
//!         Step::ConfirmBiometric(_confirmation) => payment.by_password()?,
//!         Step::Concluded(outcome) => return Ok(outcome),
//!         Step::Working { .. } | Step::Unresolved { .. } => return Ok(payment.cancel()),
//!         Step::Send(_) => {} // `advance` has sent it
//!     }
//! }
//! # }
//! ```
//!
//! Modules stand in layers; a module uses only layers above its own, and a test holds that.

mod failure;
mod outcome;

mod config;
mod host;
mod surface;

mod face;
mod records;
mod trust;

mod voice;

mod outgoing;

// features: never each other
mod environment;
mod keypad;
#[cfg(feature = "net")]
mod net;

mod session;

mod bridge;

#[cfg(test)]
mod testing;

pub use bridge::{Bridge, BridgeFault, NotAnOrigin, Origins, Reaction, Sender, ToPage};
pub use config::{Config, Institution, Root};
#[cfg(feature = "specimen")]
pub use face::specimen;
pub use face::{FaceSize, Picture};
pub use failure::{ConfigFault, EntryFault, HostFault, Misuse};
pub use host::{
    Answer, Clock, Guard, Host, Keystore, NoAnswer, Request, Sending, SystemClock, Transport, Vault,
};
#[cfg(feature = "specimen")]
pub use keypad::Specimen;
pub use keypad::{
    AccountToken, Action, Entering, Entry, EntryBinding, EntryReview, IDLE_MS_MAX, Key, Keypad,
    KeypadProvider, Kind, SealedEntry, Verdict, WALLET_PASSWORD_LENGTH,
};
pub use msgpay_wire::{SuiteId, entry::EntryPurpose};
#[cfg(feature = "net")]
pub use net::NetTransport;
pub use outcome::{EnrolmentOutcome, Outcome, Reason, Receipt, SetupOutcome, Todo, Why};
#[cfg(feature = "specimen")]
pub use records::rewritten;
pub use records::{BiometricKey, Membership, OpenPayment};
pub use session::{
    Activation, ActivationOutcome, ActivationStep, BiometricEnrolment, BiometricReview, Confirmation,
    EnrolmentStep, MsgPay, PasswordReview, PasswordSetup, Payment, Review, SetupStep, Step,
};
pub use surface::SurfaceReport;
pub use voice::{Clip, Language};
