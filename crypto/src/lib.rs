//! msgpay-crypto
