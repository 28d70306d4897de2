//! The merchants' interface: Annex C of T/CAICI 92 (C.1 order, C.2 query), and the keys that sign its answers. C.3
//! leaves through [`crate::notify`].

mod keys;
mod order;
mod query;

use std::sync::Arc;

use axum::{Router, middleware, routing::post};

use crate::{
    http::{merchant, no_such_interface},
    platform::Platform,
};

/// All routes, behind the guard.
pub fn routes(platform: Arc<Platform>) -> Router {
    Router::new()
        .route("/v1/pay/orders", post(order::create))
        .route("/v1/pay/orders/query", post(query::query))
        .route("/v1/keys/query", post(keys::query))
        .fallback(no_such_interface)
        .method_not_allowed_fallback(no_such_interface)
        .layer(middleware::from_fn_with_state(Arc::clone(&platform), merchant::guard))
        .with_state(platform)
}
