//! The demo's door to time: the platform's, so that one moved clock moves every party.

pub use msgpay_platform::clock::{Clock, ManualClock, SharedClock, SystemClock};
