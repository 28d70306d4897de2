//! The SDK core for Kotlin and Swift: conversions only. What a payment may do is decided in `msgpay-sdk-core`.
//!
//! ```text
//! NativeMsgPay ─ launch ────────► NativePayment      ┐ step ─► a typed step
//!              ─ set_password ──► NativePasswordSetup │ answered, accept, entered, … ◄─ what came of it
//!              ─ enrol ─────────► NativeEnrolment     │
//!              ─ activate ──────► NativeActivation    ┘
//!              ─ bridge ────────► NativeBridge          a page's messages in, its payment out
//! step EnterPassword ─► NativeEntry ─ open ─► NativeKeypad ─ confirm ─► NativeSealedEntry
//! ```
//! Across this line go slots, lengths and pictures, never a character; the pictures go into memory of the caller's own
//! ([`NativeKeypad::draw`]), so that nothing is copied on the way. Every failure is a typed value; no text of the host
//! or of a dependency passes.
//!
//! The Kotlin and Swift rooms put their own manners over these names (coroutines, `async`, views). All calls are short
//! and may come from any thread, one after another for one object; [`host`](crate::KeystoreHost) capabilities are called
//! on a thread of their own.

mod fault;

mod exchange;
mod outcome;
mod review;
mod values;

mod clock;
mod host;

mod keypad;

mod activation;
mod bridge;
mod enrolment;
mod password;
mod payment;

mod sdk;

#[cfg(feature = "desktop")]
mod desktop;
#[cfg(feature = "net")]
mod net;

pub use activation::{ActivationStep, NativeActivation};
pub use bridge::{NativeBridge, PageMessage, PageReaction, PageSender};
#[cfg(feature = "desktop")]
pub use desktop::{DesktopKeystore, DesktopStopwatch};
pub use enrolment::{EnrolmentStep, NativeEnrolment};
pub use exchange::*;
pub use fault::{CallFault, ConfigFault, HostFailure, HostFault, KeypadFault, MsgPayError};
pub use host::{ClockHost, KeystoreHost, Phone, VaultHost};
pub use keypad::{
    EntryUse, KeyAction, KeyPlace, Language, NativeEntry, NativeKeypad, NativeSealedEntry, Surface,
};
#[cfg(feature = "net")]
pub use net::NativeTransport;
pub use outcome::*;
pub use password::{NativePasswordSetup, PasswordStep};
pub use payment::{NativePayment, PaymentStep};
pub use review::*;
pub use sdk::{NativeConfig, NativeMsgPay, Pins};
pub use values::*;

uniffi::setup_scaffolding!();
