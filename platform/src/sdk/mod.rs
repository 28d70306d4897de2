//! The handsets' interface `/sdk/v1`: activation, launch, payment, resolve, password setting, biometric enrolment.
//!
//! Bodies are deterministic CBOR; everything that a handset believes is a COSE object under the institution's
//! root. Errors stay problem+json.

mod activation;
mod answer;
mod biometric;
mod launch;
mod password;
mod payment;
mod setting;

use std::sync::Arc;

use axum::{Router, middleware, routing::post};

use crate::{
    http::{device, no_such_interface},
    platform::Platform,
};

/// All routes, behind the guard.
pub fn routes(platform: Arc<Platform>) -> Router {
    Router::new()
        .route(device::ACTIVATIONS, post(activation::activate))
        .route("/sdk/v1/launches", post(launch::launch))
        .route("/sdk/v1/payments", post(payment::pay))
        .route("/sdk/v1/payments/{pay_order_no}/resolve", post(payment::resolve))
        .route("/sdk/v1/password-setups", post(password::begin))
        .route("/sdk/v1/passwords", post(password::set))
        .route("/sdk/v1/biometric-setups", post(biometric::begin))
        .route("/sdk/v1/biometrics", post(biometric::enrol))
        .fallback(no_such_interface)
        .method_not_allowed_fallback(no_such_interface)
        .layer(middleware::from_fn_with_state(Arc::clone(&platform), device::guard))
        .with_state(platform)
}
