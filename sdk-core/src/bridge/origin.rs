//! Which pages may speak to the bridge.

use std::fmt;

/// One top-level `https` origin, exact: host in small ASCII letters, port only where it is not 443.
#[derive(Clone, PartialEq, Eq)]
struct Origin(String);

/// The pages that may speak: whole origins, compared byte for byte. There are no wildcards.
#[derive(Clone, Default)]
pub struct Origins(Vec<Origin>);

/// Who sends a message, as the web view says it, not the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender<'a> {
    /// The serialised origin of the sending document, such as `https://shop.example`.
    pub origin: &'a str,
    /// Whether it is the web view's own document, not one in a frame.
    pub top_level: bool,
    /// Which document it is: a number that the host counts up with every document that the web view loads.
    pub document: u64,
}

/// The document that opened the entry: all that is said about it afterwards is between it and the bridge.
#[derive(Clone)]
pub(super) struct Page {
    origin: String,
    document: u64,
}

/// A text for one document. A host hands it over only while that document is the one in the web view, and names the
/// origin to the web view where that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToPage {
    /// The origin that it is for.
    pub origin: String,
    /// The document that it is for.
    pub document: u64,
    /// JSON.
    pub text: String,
}

impl Page {
    pub(super) fn of(sender: Sender<'_>) -> Self {
        Self { origin: sender.origin.to_owned(), document: sender.document }
    }

    /// Whether it is the sender.
    pub(super) fn is(&self, sender: Sender<'_>) -> bool {
        sender.top_level && sender.document == self.document && sender.origin == self.origin
    }

    /// Whether another document stands in the web view, if the sender does.
    pub(super) fn is_left(&self, sender: Sender<'_>) -> bool {
        sender.top_level && sender.document >= self.document && !self.is(sender)
    }

    pub(super) fn tell(&self, text: String) -> ToPage {
        ToPage { origin: self.origin.clone(), document: self.document, text }
    }
}

/// Not an origin that can be on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an origin must be https://host[:port], in small ASCII letters and without anything else")]
pub struct NotAnOrigin;

impl Origins {
    /// Reads the list; all of it or nothing.
    ///
    /// # Errors
    /// [`NotAnOrigin`] for another scheme, a path, a user, a wildcard, an address, capital or non-ASCII letters
    /// (an international name is written `xn--…`), and for port 443 or a port that is written with zeros.
    pub fn read(texts: &[&str]) -> Result<Self, NotAnOrigin> {
        texts.iter().map(|text| Origin::read(text).ok_or(NotAnOrigin)).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the sender is the top-level document of a listed origin.
    #[must_use]
    pub(super) fn allow(&self, sender: Sender<'_>) -> bool {
        sender.top_level && self.0.iter().any(|Origin(listed)| listed == sender.origin)
    }
}

impl fmt::Debug for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origins({})", self.0.len())
    }
}

impl Origin {
    fn read(text: &str) -> Option<Self> {
        let authority = text.strip_prefix("https://")?;
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        (is_host(host) && port.is_none_or(is_port)).then(|| Self(text.to_owned()))
    }
}

/// A name of at least two labels (RFC 1123 §2.1), the last one no number: an IPv4 address has no owner to trust.
fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(label)
        && last.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// As an origin is serialised: no zeros in front, and the default port left out.
fn is_port(port: &str) -> bool {
    port.parse::<u16>().is_ok_and(|number| number != 0 && number != 443 && number.to_string() == port)
}
