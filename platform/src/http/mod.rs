//! The edge: listeners, limits, signatures in and out, errors as problem+json.

pub mod limits;
pub mod server;
