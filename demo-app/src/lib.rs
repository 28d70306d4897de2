//! msgpay-demo-app
