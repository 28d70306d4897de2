//! msgpay-demo-app

pub mod view;
pub mod web;
