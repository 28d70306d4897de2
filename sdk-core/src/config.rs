//! Which institutions this application trusts, and where they live.
//!
//! One JSON file, `msgpay.json`: `{ "institutions": [ … ] }`, each with the keys of [`Written`].
//! That the institution signs this file comes with its own chapter; until then it is as trusted as the application.

use std::{fmt, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use msgpay_wire::SuiteId;
use serde::Deserialize;

use crate::failure::ConfigFault;

/// The institutions that this application trusts.
#[derive(Clone, Debug)]
pub struct Config {
    /// At least one, each id once.
    pub institutions: Vec<Institution>,
}

/// One payment institution: its server, its root and its pins.
#[derive(Clone)]
pub struct Institution {
    /// The id that its signatures name.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// `https://host[:port]`, no path.
    pub base_url: String,
    /// The suites in which this application deals with it, the first where the handset chooses. At least one. What
    /// is made in another is refused, whoever signed it.
    pub suites: Vec<SuiteId>,
    /// The suite of the device key: that of the first suite, or [`SuiteId::International`] where hardware is to keep
    /// it and the institution's signed policy lets it.
    pub device_suite: SuiteId,
    /// The pinned signing roots; two of one suite at a rotation.
    pub roots: Vec<Root>,
    /// SHA-256 of the SubjectPublicKeyInfo of the server keys that are accepted.
    pub spki_pins: Vec<[u8; 32]>,
    /// DER of the certificate authorities that the server's chain ends in.
    pub authorities: Vec<Vec<u8>>,
}

/// A pinned root of an institution.
#[derive(Clone, PartialEq, Eq)]
pub struct Root {
    /// Key id.
    pub kid: u64,
    /// Its suite.
    pub suite: SuiteId,
    /// 65 bytes in its suite's shape: SEC1 uncompressed, or both halves of suite 3.
    pub public_key: [u8; 65],
    /// Other suites whose keys it may vouch for; usually none.
    pub vouches_for: Vec<SuiteId>,
}

impl Root {
    /// A root that vouches for keys of its own suite only.
    #[must_use]
    pub const fn of(kid: u64, suite: SuiteId, public_key: [u8; 65]) -> Self {
        Self { kid, suite, public_key, vouches_for: Vec::new() }
    }
}

impl Config {
    /// Checks institutions made in code.
    ///
    /// # Errors
    /// The first [`ConfigFault`] found.
    pub fn new(institutions: Vec<Institution>) -> Result<Self, ConfigFault> {
        if institutions.is_empty() {
            return Err(ConfigFault::NoInstitution);
        }
        for (at, institution) in institutions.iter().enumerate() {
            if institutions.iter().take(at).any(|earlier| earlier.id == institution.id) {
                return Err(ConfigFault::Twice);
            }
            if !is_origin(&institution.base_url) {
                return Err(ConfigFault::BaseUrl);
            }
            if institution.suites.is_empty() {
                return Err(ConfigFault::Suite);
            }
            let has_root = |suite: &SuiteId| {
                institution.roots.iter().any(|root| root.suite == *suite || root.vouches_for.contains(suite))
            };
            if !institution.suites.iter().all(has_root) {
                return Err(ConfigFault::Root);
            }
            if institution.spki_pins.is_empty() {
                return Err(ConfigFault::Pin);
            }
        }
        Ok(Self { institutions })
    }

    /// Reads the file; `ca_cert` paths in it are relative to its folder.
    ///
    /// # Errors
    /// [`ConfigFault`].
    pub fn read(path: &Path) -> Result<Self, ConfigFault> {
        let text = std::fs::read_to_string(path).map_err(|_| ConfigFault::Shape)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Self::from_json(&text, |name| std::fs::read(folder.join(name)).ok())
    }

    /// Reads the text; `file` gives the bytes of a `ca_cert` that it names (an asset of the application, a file).
    ///
    /// # Errors
    /// [`ConfigFault`].
    pub fn from_json(text: &str, file: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Self, ConfigFault> {
        let document: Document = serde_json::from_str(text).map_err(|_| ConfigFault::Shape)?;
        let read = document.institutions.into_iter().map(|one| one.institution(&file));
        Self::new(read.collect::<Result<_, _>>()?)
    }

    /// The institution of this id.
    #[must_use]
    pub fn institution(&self, id: &str) -> Option<&Institution> {
        self.institutions.iter().find(|institution| institution.id == id)
    }
}

impl fmt::Debug for Institution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Institution({} at {})", self.id, self.base_url)
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Root({})", self.kid)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    institutions: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    institution_id: String,
    institution_name: String,
    base_url: String,
    /// Words, the preferred one first; international alone where nothing is written.
    suites: Option<Vec<String>>,
    device_key: Option<String>,
    spki_pins: Vec<String>,
    ca_cert: Option<String>,
    roots: Vec<WrittenRoot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRoot {
    kid: u64,
    suite: Option<String>,
    public_key: String,
    #[serde(default)]
    vouches_for: Vec<String>,
}

impl Written {
    fn institution(self, file: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Institution, ConfigFault> {
        let roots = self.roots.iter().map(WrittenRoot::root).collect::<Result<Vec<_>, _>>()?;
        let suites = match &self.suites {
            Some(words) => words.iter().map(|word| suite(word)).collect::<Result<Vec<_>, _>>()?,
            None => vec![SuiteId::International],
        };
        let first = suites.first().copied().ok_or(ConfigFault::Suite)?;
        let device_suite = self.device_key.as_deref().map_or(Ok(first), suite)?;
        let pins = self.spki_pins.iter().map(|pin| {
            let bytes = STANDARD.decode(pin).map_err(|_| ConfigFault::Pin)?;
            <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| ConfigFault::Pin)
        });
        let authorities = match self.ca_cert {
            Some(name) => pem_certificates(&file(&name).ok_or(ConfigFault::Authority)?)?,
            None => Vec::new(),
        };
        Ok(Institution {
            id: self.institution_id,
            name: self.institution_name,
            base_url: self.base_url.trim_end_matches('/').to_owned(),
            suites,
            device_suite,
            roots,
            spki_pins: pins.collect::<Result<_, _>>()?,
            authorities,
        })
    }
}

fn suite(word: &str) -> Result<SuiteId, ConfigFault> {
    SuiteId::from_word(word).ok_or(ConfigFault::Suite)
}

impl WrittenRoot {
    fn root(&self) -> Result<Root, ConfigFault> {
        let suite_of = self.suite.as_deref().map_or(Ok(SuiteId::International), suite)?;
        Ok(Root {
            kid: self.kid,
            suite: suite_of,
            public_key: key(&self.public_key, suite_of)?,
            vouches_for: self.vouches_for.iter().map(|word| suite(word)).collect::<Result<_, _>>()?,
        })
    }
}

fn key(hex: &str, suite: SuiteId) -> Result<[u8; 65], ConfigFault> {
    if hex.len() != 130 || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(ConfigFault::Root);
    }
    let mut public_key = [0; 65];
    for (byte, at) in public_key.iter_mut().zip((0..130).step_by(2)) {
        let pair = hex.get(at..at + 2).ok_or(ConfigFault::Root)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| ConfigFault::Root)?;
    }
    if suite.begins(&public_key) { Ok(public_key) } else { Err(ConfigFault::Root) }
}

/// The DER of every certificate in a PEM text (RFC 7468).
fn pem_certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, ConfigFault> {
    let text = str::from_utf8(pem).map_err(|_| ConfigFault::Authority)?;
    let mut certificates = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN CERTIFICATE-----") {
        let (body, after) = after.split_once("-----END CERTIFICATE-----").ok_or(ConfigFault::Authority)?;
        let body: String = body.split_ascii_whitespace().collect();
        certificates.push(STANDARD.decode(body).map_err(|_| ConfigFault::Authority)?);
        rest = after;
    }
    if certificates.is_empty() { Err(ConfigFault::Authority) } else { Ok(certificates) }
}

/// `https://host[:port]`: what `@target-uri` and the pins are built on.
fn is_origin(url: &str) -> bool {
    let Some(authority) = url.strip_prefix("https://") else { return false };
    !authority.is_empty()
        && authority
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
}

#[cfg(test)]
mod tests;
