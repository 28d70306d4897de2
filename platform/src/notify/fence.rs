//! Where a notice may go. `bankReturnUrl` is chosen by the caller, so it is a hole into the platform's own
//! network unless fenced (server-side request forgery).
//!
//! A notice goes only to the host and port registered for the merchant, over https, without query, and only
//! to a public address. The name is resolved once and the connection goes to the resolved address, so a name
//! that changes its mind between check and use (DNS rebinding) gains nothing. In development mode an exact
//! `host:port` may be excepted.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

/// Why a notice address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FenceRefusal {
    /// Not an absolute https URL.
    #[error("write an absolute https URL")]
    NotHttps,
    /// Query, fragment or user information in it.
    #[error("no query, fragment or user information is allowed in it")]
    Ornaments,
    /// Host and port are not the registered ones.
    #[error("its host and port are not those registered for this merchant")]
    NotRegistered,
    /// The name does not resolve at the moment.
    #[error("its host name does not resolve")]
    Unresolved,
    /// It leads into a private, loopback, link-local or otherwise special network.
    #[error("its host leads to an address that is not public")]
    NotPublic,
}

/// Host and port, the host in lower case, without brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
}

impl Endpoint {
    /// Parse `host`, `host:port`, `[v6]` or `[v6]:port`; the port defaults to 443.
    pub fn parse(text: &str) -> Option<Self> {
        let authority: http::uri::Authority = text.parse().ok()?;
        Self::of(&authority)
    }

    fn of(authority: &http::uri::Authority) -> Option<Self> {
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return None;
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let port = match authority.port() {
            None if authority.as_str().ends_with(':') => return None,
            None => 443,
            Some(_) => authority.port_u16().filter(|p| *p != 0)?,
        };
        Some(Self { host, port })
    }
}

/// A notice address whose form and registration were checked. Not yet an address to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    url: String,
    endpoint: Endpoint,
    path: String,
    authority: String,
}

impl Target {
    /// Check form and registration. `registered` is the merchant's notify host as [`Endpoint::parse`] takes it.
    pub fn judge(url: &str, registered: &str) -> Result<Self, FenceRefusal> {
        if url.contains('#') || url.len() > 512 {
            return Err(FenceRefusal::Ornaments);
        }
        let uri: http::Uri = url.parse().map_err(|_| FenceRefusal::NotHttps)?;
        if uri.scheme_str() != Some("https") {
            return Err(FenceRefusal::NotHttps);
        }
        let authority = uri.authority().ok_or(FenceRefusal::NotHttps)?;
        if url.contains('?') || authority.as_str().contains('@') {
            return Err(FenceRefusal::Ornaments);
        }
        let endpoint = Endpoint::of(authority).ok_or(FenceRefusal::NotHttps)?;
        if Endpoint::parse(registered).as_ref() != Some(&endpoint) {
            return Err(FenceRefusal::NotRegistered);
        }
        Ok(Self {
            url: format!("https://{authority}{}", uri.path()),
            path: uri.path().to_owned(),
            authority: authority.as_str().to_owned(),
            endpoint,
        })
    }

    /// The URL as the merchant's server puts it together from `Host` and path: the `@target-uri` of the notice.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Path, at least `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The `Host` header.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Host for the certificate check.
    pub fn host(&self) -> &str {
        &self.endpoint.host
    }
}

/// An address that passed the fence; the connection goes to this and to nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cleared(SocketAddr);

impl Cleared {
    /// Where to connect.
    pub fn address(self) -> SocketAddr {
        self.0
    }
}

/// The fence with its development-mode exceptions.
#[derive(Debug, Clone, Default)]
pub struct Fence {
    allow_private: BTreeSet<Endpoint>,
}

impl Fence {
    /// `allow_private`: exact `host:port` pairs; entries that do not parse except nothing.
    pub fn new<'a>(allow_private: impl IntoIterator<Item = &'a str>) -> Self {
        Self { allow_private: allow_private.into_iter().filter_map(Endpoint::parse).collect() }
    }

    /// Resolve the target's host once and judge every address that it has.
    pub async fn clear(&self, target: &Target) -> Result<Cleared, FenceRefusal> {
        let Endpoint { host, port } = &target.endpoint;
        let addresses: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, *port)],
            Err(_) => tokio::net::lookup_host((host.as_str(), *port))
                .await
                .map_err(|_| FenceRefusal::Unresolved)?
                .collect(),
        };
        self.choose(&target.endpoint, &addresses)
    }

    /// One special address among several refuses the name: a mixed answer is an attack or a mistake.
    fn choose(&self, endpoint: &Endpoint, addresses: &[SocketAddr]) -> Result<Cleared, FenceRefusal> {
        let excepted = self.allow_private.contains(endpoint);
        if !excepted && addresses.iter().any(|a| !is_public(a.ip())) {
            return Err(FenceRefusal::NotPublic);
        }
        // A loopback name often has ::1 first while the listener is on 127.0.0.1.
        let first = addresses.iter().find(|a| a.is_ipv4()).or(addresses.first());
        first.copied().map(Cleared).ok_or(FenceRefusal::Unresolved)
    }
}

/// Whether an address is one of the public Internet (IANA special-purpose registries, RFC 6890).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

/// Global unicast only, without the ranges that embed or tunnel IPv4 and the documentation ranges.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let global_unicast = a & 0xe000 == 0x2000;
    let special = matches!(
        (a, b),
        (0x2001, 0x0000..=0x01ff) | (0x2001, 0x0db8) | (0x2002, _) | (0x3fff, 0x0000..=0x0fff)
    );
    global_unicast && !special
}

#[cfg(test)]
mod tests;
