//! The product with one line more that leaks, built beside it.

/// Environment variable that names the line to be switched on.
pub const SWITCH: &str = "MSGPAY_CONTROL";
