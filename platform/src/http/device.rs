//! The guard before the SDK interface: the device key's signature on every call but the activation, which
//! brings the key. Answers are not signed here; what matters in them is a COSE object of its own.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::Response,
    middleware::Next,
    response::IntoResponse as _,
};
use bytes::Bytes;
use msgpay_wire::{
    httpsig::{Signed, Tag},
    problem::Code,
};

use super::{
    call::{Call, refused, trace},
    reply::{CBOR, ProblemCode, Reply, traced},
};
use crate::{keys::BuiltIn, platform::Platform, store::Device};

/// The one call that needs no device signature.
pub const ACTIVATIONS: &str = "/sdk/v1/activations";

/// A handset's call that passed the guard. Only the guard makes one.
#[derive(Clone)]
pub struct DeviceCall {
    device: Device,
    body: Bytes,
}

impl DeviceCall {
    /// Who calls.
    pub fn device(&self) -> &Device {
        &self.device
    }
    /// The body, as signed.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// The body of an activation: nobody has signed for it yet.
#[derive(Clone)]
pub struct UnknownCall(pub(crate) Bytes);

/// The middleware.
pub async fn guard(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response<Body> {
    let began_ms = platform.clock().now_ms();
    let trace = trace(request.headers());
    let (method, route) = (super::method(request.method()), super::route(request.uri().path()));
    let (device, response) = admit(&platform, request, next).await;
    let response = traced(response, &trace).await;
    tracing::info!(
        event = "call",
        listener = "sdk",
        method,
        route,
        status = u64::from(response.status().as_u16()),
        code = response.extensions().get::<ProblemCode>().map_or("", |code| code.0),
        device = device.as_deref().unwrap_or(""),
        ms = platform.clock().now_ms() - began_ms,
        trace = trace.as_str(),
    );
    response
}

async fn admit(platform: &Platform, request: Request, next: Next) -> (Option<String>, Response<Body>) {
    let rules = platform.sdk_rules();
    let call = match Call::read(request, &rules.limits, &rules.authorities, CBOR).await {
        Ok(call) => call,
        Err((reply, _)) => return (None, reply.into_response()),
    };
    if call.parts.uri.path() == ACTIVATIONS {
        let mut request = Request::from_parts(call.parts, Body::empty());
        request.extensions_mut().insert(UnknownCall(call.body));
        return (None, next.run(request).await);
    }
    let device = match judge(platform, &call).await {
        Ok(device) => device,
        Err(reply) => return (None, reply.into_response()),
    };
    let who = device.device_id.clone();
    let mut request = Request::from_parts(call.parts, Body::empty());
    request.extensions_mut().insert(DeviceCall { device, body: call.body });
    (Some(who), next.run(request).await)
}

/// Signature by a known, active device over this very request; its nonce is spent here.
async fn judge(platform: &Platform, call: &Call) -> Result<Device, Reply> {
    let signed = Signed::read(&call.message).map_err(refused)?;
    let store = platform.store();
    let device = store
        .device(&signed.keyid)
        .await
        .map_err(|_| Reply::internal("store"))?
        .ok_or_else(|| Reply::because(Code::Key, "This device is not activated here; activate it."))?;
    call.check_digest(device.suite).map_err(refused)?;
    let (key, now_s) = ((device.suite, device.public_key.as_slice()), platform.clock().now_s());
    signed.verify(&BuiltIn, &call.message, Tag::Device, key, now_s).map_err(refused)?;
    if !device.active {
        return Err(Reply::because(
            Code::NotAllowed,
            "This device or its wallet is stopped; ask the institution.",
        ));
    }
    let fresh =
        store.use_http_nonce(&device.device_id, &signed.nonce).await.map_err(|_| Reply::internal("store"))?;
    if fresh { Ok(device) } else { Err(Reply::problem(Code::Replay)) }
}
