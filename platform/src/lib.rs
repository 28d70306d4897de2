//! msgpay-platform
