//! msgpay-wire
