//! msgpay-tests
