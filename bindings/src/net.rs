//! The library's own pinned transport.

use std::sync::Arc;

use msgpay_sdk_core::{self as core, Transport as _};

use crate::{
    exchange::{Answer, Request},
    fault::MsgPayError,
    sdk::NativeConfig,
};

/// HTTPS by the library itself: path validation under the institution's authority, then its pins; 3 s to connect, 10 s
/// for a call, 64 KiB for an answer; no redirect, no proxy, no repetition.
#[derive(uniffi::Object)]
pub struct NativeTransport {
    net: core::NetTransport,
}

#[uniffi::export]
impl NativeTransport {
    /// Builds the clients of all configured institutions.
    ///
    /// # Errors
    /// `Config(Authority)` for an institution without a usable certificate authority.
    #[uniffi::constructor]
    pub fn open(config: &NativeConfig) -> Result<Arc<Self>, MsgPayError> {
        Ok(Arc::new(Self { net: core::NetTransport::open(&config.config)? }))
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl NativeTransport {
    /// Sends a request once; nothing when no answer came. A caller that stops waiting must count it as no answer.
    ///
    /// # Errors
    /// None so far; in the languages that have them, a place for a defect of the library.
    pub async fn send(&self, request: Request) -> Result<Option<Answer>, MsgPayError> {
        let headers = request.headers.into_iter().map(|header| (header.name, header.value));
        let request = core::Request {
            institution: request.institution,
            // A session gives out no other.
            method: "POST",
            url: request.url,
            headers: headers.collect(),
            body: request.body,
        };
        let answer = self.net.send(request).await.ok();
        Ok(answer.map(|core::Answer { status, content_type, body }| Answer {
            status: status.into(),
            content_type,
            body,
        }))
    }
}
