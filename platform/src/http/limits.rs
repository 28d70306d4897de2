//! Reading a request body within its limits: size, and time for the whole of it.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;

use crate::config::Limits;

/// How much of a too long body is read and thrown away, so that a peer still busy sending gets to read its
/// refusal instead of a reset connection.
const DISCARD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Why a body was not taken. The peer's fault; the connection is closed after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyRefusal {
    /// Longer than `body_bytes_max`: 413.
    TooLong,
    /// Not complete within `body_ms_max`: 408.
    TooSlow,
    /// The peer went away in the middle; nobody reads the answer.
    Broken,
}

/// Read the whole body or refuse it.
pub async fn read_body(body: Body, limits: &Limits) -> Result<Bytes, BodyRefusal> {
    let within = Duration::from_millis(limits.body_ms_max);
    let mut body = body;
    match tokio::time::timeout(within, collect(&mut body, limits.body_bytes_max)).await {
        Err(_) => Err(BodyRefusal::TooSlow),
        Ok(Err(BodyRefusal::TooLong)) => {
            let _ = tokio::time::timeout(within, discard(&mut body)).await;
            Err(BodyRefusal::TooLong)
        }
        Ok(done) => done,
    }
}

async fn collect(body: &mut Body, bytes_max: usize) -> Result<Bytes, BodyRefusal> {
    if hyper::body::Body::size_hint(body).lower() > bytes_max as u64 {
        return Err(BodyRefusal::TooLong);
    }
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyRefusal::Broken)?.into_data() else { continue };
        if whole.len() + data.len() > bytes_max {
            return Err(BodyRefusal::TooLong);
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

async fn discard(body: &mut Body) {
    let mut thrown = 0;
    while let Some(Ok(frame)) = body.frame().await {
        thrown += frame.data_ref().map_or(0, Bytes::len);
        if thrown > DISCARD_BYTES_MAX {
            return;
        }
    }
}
