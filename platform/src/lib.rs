//! msgpay-platform

pub mod config;
pub mod http;
pub mod notify;
pub mod pki;
pub mod tls;
