//! What the parties of a 5G message payment say to each other.
//!
//! Types, validation and byte formats; pure functions over values. This room does no I/O, keeps no secret,
//! reads no clock and draws no randomness: time, nonces, hashes and signatures come in as arguments
//! (see [`Primitives`]).
//!
//! | file | what it holds |
//! |---|---|
//! | [`annex_c`] | the eight bodies of T/CAICI 92 Annex C, between merchant and platform |
//! | [`httpsig`] | RFC 9421 signatures and RFC 9530 digests around those bodies |
//! | [`http_keys`] | the keys that sign the platform's answers and notices, as merchants ask for them |
//! | [`problem`] | the error body (RFC 9457) and its codes |
//! | [`launch`] | the `msgpay://` link and the launch token inside it |
//! | [`summary`], [`policy`], [`answer`] | what the handset is shown, allowed and handed at launch |
//! | [`entry`] | the sealed-entry envelope of the keypad |
//! | [`factors`] | what a payer proves with; the biometric key's message |
//! | [`request`] | what the handset sends: activation, launch, payment, resolve; the request digest |
//! | [`receipt`] | the institution's signed word, which alone concludes a payment |
//! | [`trust`], [`cose`], [`cbor`] | key statements, COSE_Sign1, deterministic CBOR |

pub mod cbor;
pub mod digest;
pub mod fields;
pub mod money;

pub mod cose;
pub mod trust;

pub mod answer;
pub mod entry;
pub mod factors;
pub mod launch;
pub mod policy;
pub mod receipt;
pub mod request;
pub mod summary;

pub mod annex_c;
pub mod http_keys;
pub mod httpsig;
pub mod problem;

pub use cbor::{Defect, FormatError};
pub use digest::{Digest, Primitives, SuiteId};
pub use money::Fen;
