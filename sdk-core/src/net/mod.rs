//! The ready-made transport: HTTPS by reqwest over rustls on ring, pinned per institution.
//!
//! Path validation under the institution's authority first, then the server key's SPKI must be pinned. Connecting
//! takes 3 s at most, a whole call 10 s, a body 64 KiB. No redirect, no proxy, no repetition.

mod pin;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, fmt, future::Future, pin::Pin, time::Duration};

use crate::{
    config::{Config, Institution},
    failure::ConfigFault,
    host::{Answer, NoAnswer, Request, Sending, Transport},
};

/// How long a transport waits at the most.
#[derive(Clone, Copy)]
struct Patience {
    connect_ms_max: u64,
    call_ms_max: u64,
}

const PATIENCE: Patience = Patience { connect_ms_max: 3_000, call_ms_max: 10_000 };

/// One client for each institution, so that the pins of one never speak for another.
#[derive(Clone)]
pub struct NetTransport {
    clients: HashMap<String, reqwest::Client>,
}

impl NetTransport {
    /// Builds the clients of all configured institutions.
    ///
    /// # Errors
    /// [`ConfigFault::Authority`] for an institution without a usable certificate authority.
    pub fn open(config: &Config) -> Result<Self, ConfigFault> {
        Self::with_patience(config, PATIENCE)
    }

    fn with_patience(config: &Config, patience: Patience) -> Result<Self, ConfigFault> {
        let institutions = config.institutions.iter();
        let made = institutions.map(|one| Ok((one.id.clone(), client(one, patience)?)));
        Ok(Self { clients: made.collect::<Result<_, _>>()? })
    }

    async fn call(&self, request: Request) -> Result<Answer, NoAnswer> {
        let client = self.clients.get(&request.institution).ok_or(NoAnswer)?;
        let mut call = client.post(&request.url).body(request.body);
        for (name, value) in &request.headers {
            call = call.header(name, value);
        }
        let mut response = call.send().await.map_err(|_| NoAnswer)?;
        let status = response.status().as_u16();
        let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| NoAnswer)? {
            if body.len() + chunk.len() > Answer::BODY_BYTES_MAX {
                return Err(NoAnswer);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, content_type, body })
    }
}

impl Transport for NetTransport {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(self.call(request))
    }

    fn pause(&self, ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms)))
    }
}

impl fmt::Debug for NetTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NetTransport")
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the room's own client builder")]
fn client(institution: &Institution, patience: Patience) -> Result<reqwest::Client, ConfigFault> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(pin::tls(institution)?)
        .https_only(true)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_millis(patience.connect_ms_max))
        .timeout(Duration::from_millis(patience.call_ms_max))
        .build()
        .map_err(|_| ConfigFault::Authority)
}
