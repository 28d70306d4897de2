//! msgpay-messaging
