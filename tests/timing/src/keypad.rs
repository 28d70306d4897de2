//! A keypad as a host gets it, without a session behind it.

use msgpay_crypto::{Error, SuiteId};
use msgpay_sdk_core::{Clock, Entry, EntryPurpose, FaceSize, Key, Keypad, Kind, Specimen, SurfaceReport};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A clock that stands still, so that reading it costs and shows nothing.
struct Still;

impl Clock for Still {
    fn unix_ms(&self) -> i64 {
        0
    }

    fn monotonic_ms(&self) -> u64 {
        0
    }
}

fn on_the_wire(suite: SuiteId) -> Result<msgpay_wire::SuiteId, Error> {
    msgpay_wire::SuiteId::from_number(suite.number()).ok_or(Error::UnknownSuite)
}

/// A keypad of `kind` for `lengths` characters, sealed to `seal_key`, with its keys drawn as small as they go.
///
/// # Errors
/// What the core says when it opens none.
pub fn open(
    suite: SuiteId,
    kind: Kind,
    seal_key: [u8; 65],
    lengths: RangeInclusive<usize>,
) -> Result<(Keypad, Vec<Key>), String> {
    let purpose = match kind {
        Kind::CardNumber => EntryPurpose::CardNumber,
        Kind::IdNumber => EntryPurpose::IdNumber,
        Kind::Pin => EntryPurpose::Pin,
        Kind::Numeric | Kind::FullText => EntryPurpose::Password,
    };
    let specimen = Specimen {
        purpose,
        kind,
        suite: on_the_wire(suite).map_err(|e| e.to_string())?,
        seal_kid: 1,
        seal_key,
        server_nonce: [1; 16],
        client_nonce: [2; 16],
        order_digest: [3; 32],
        lengths,
    };
    let report = SurfaceReport {
        capture_blocked: true,
        obscured_touches_filtered: true,
        no_text_field: true,
        nothing_kept: true,
        audio_private: true,
    };
    Entry::specimen(specimen, Arc::new(Still))
        .open(report, FaceSize::square(FaceSize::SIDE_PX_MIN))
        .map_err(|fault| format!("{fault:?}"))
}
