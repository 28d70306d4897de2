//! msgpay-sdk-core
