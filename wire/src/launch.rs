//! The link on the pay button and the launch token inside it.
//!
//! Any app can fire or claim `msgpay://`, so nothing in a link is believed before the platform's signature has been
//! checked, and nothing secret is in it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::cbor::{Defect, FormatError, Value};
use crate::cose::Unverified;
use crate::digest::{Digest, Primitives, SuiteId, labelled};
use crate::fields::{Reader, Writer};
use crate::trust::{Distrust, KeyStatement, Purpose, Roots};

const LABEL: &str = "msgpay launch v1";
const WHAT: &str = "launch token";
const PREFIX: &str = "msgpay://v1/pay?";
/// Characters of a link at the most (the messaging schemas allow 2,048).
pub const LINK_CHARS_MAX: usize = 2048;

/// What the platform promises about an order by signing its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchToken {
    /// The institution that is to be paid through.
    pub institution_id: String,
    /// The merchant that ordered.
    pub merchant_id: String,
    /// The order.
    pub pay_order_no: String,
    /// Fits one wallet, see [`wallet_binding`].
    pub wallet_binding: [u8; 16],
    /// Makes tokens of one order differ.
    pub nonce: [u8; 16],
    /// Suite in which the payment is made, from here to the receipt; the token itself is signed in it.
    pub suite: SuiteId,
    /// Unix seconds: the order's expiry, at most 30 minutes ahead.
    pub expires: u64,
}

/// `H(["msgpay wallet binding v1", walletId, tokenNonce])[..16]`: lets a handset see that a link is not for its
/// wallet, and tells nobody else whose it is.
#[must_use]
pub fn wallet_binding(
    crypto: &dyn Primitives,
    suite: SuiteId,
    wallet_id: &str,
    nonce: &[u8; 16],
) -> [u8; 16] {
    let bytes = labelled(
        "msgpay wallet binding v1",
        vec![Value::Text(wallet_id.to_owned()), Value::Bytes(nonce.to_vec())],
    );
    let digest = crypto.hash(suite, &bytes);
    let mut binding = [0; 16];
    binding.copy_from_slice(&digest[..16]);
    binding
}

impl LaunchToken {
    /// The payload that the `launch` key signs.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        Writer::labelled(LABEL)
            .text(1, &self.institution_id)
            .text(2, &self.merchant_id)
            .text(3, &self.pay_order_no)
            .bytes(4, &self.wallet_binding)
            .bytes(5, &self.nonce)
            .uint(6, self.suite.number())
            .uint(7, self.expires)
            .finish()
    }

    fn read(payload: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open(WHAT, payload)?;
        r.label(LABEL)?;
        let token = Self {
            institution_id: r.text(1, 64)?,
            merchant_id: r.text(2, 64)?,
            pay_order_no: r.text(3, 64)?,
            wallet_binding: r.fixed(4)?,
            nonce: r.fixed(5)?,
            suite: r.suite(6)?,
            expires: r.uint(7)?,
        };
        r.finish()?;
        Ok(token)
    }

    /// The institution that an unverified token names: only to choose whose roots are to verify it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn institution_claimed(bytes: &[u8]) -> Result<String, FormatError> {
        Self::read(Unverified::read(WHAT, bytes)?.payload()).map(|token| token.institution_id)
    }

    /// Verifies a token under an institution's roots. Its expiry is left to the caller, whose clock it is.
    ///
    /// # Errors
    /// [`Distrust`].
    pub fn open(
        crypto: &dyn Primitives,
        roots: &Roots,
        bytes: &[u8],
        now: u64,
    ) -> Result<(Self, KeyStatement), Distrust> {
        let (payload, statement) = roots.open(crypto, WHAT, bytes, Purpose::Launch, now)?;
        let token = Self::read(&payload)?;
        if token.institution_id != roots.institution_id {
            return Err(Distrust::Purpose);
        }
        if token.suite != statement.suite {
            return Err(Distrust::Suite);
        }
        Ok((token, statement))
    }
}

/// A `msgpay://v1/pay?o=…&tk=…` link, as yet unbelieved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Payment order number as the link states it.
    pub pay_order_no: String,
    /// The signed launch token.
    pub token: Vec<u8>,
}

impl Link {
    /// Reads a link: exactly the parameters `o` and `tk`, once each, in any order.
    ///
    /// # Errors
    /// [`Defect::Link`].
    pub fn read(text: &str) -> Result<Self, FormatError> {
        let refused = FormatError { what: "payment link", defect: Defect::Link };
        let query = text.strip_prefix(PREFIX).filter(|_| text.len() <= LINK_CHARS_MAX).ok_or(refused)?;
        let (mut order, mut token) = (None, None);
        for pair in query.split('&') {
            let (slot, value) = match pair.split_once('=').ok_or(refused)? {
                ("o", value) => (&mut order, value),
                ("tk", value) => (&mut token, value),
                _ => return Err(refused),
            };
            if slot.replace(value).is_some() {
                return Err(refused);
            }
        }
        let order = order.filter(|order| is_order_no(order)).ok_or(refused)?;
        let token = token.and_then(|token| URL_SAFE_NO_PAD.decode(token).ok()).ok_or(refused)?;
        Ok(Self { pay_order_no: order.to_owned(), token })
    }

    /// The link's text.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{PREFIX}o={}&tk={}", self.pay_order_no, URL_SAFE_NO_PAD.encode(&self.token))
    }

    /// Digest of the token, by which a launch answer names it.
    #[must_use]
    pub fn token_digest(&self, crypto: &dyn Primitives, suite: SuiteId) -> Digest {
        crypto.hash(suite, &self.token)
    }
}

/// Whether a text can be a payment order number: 1–64 letters and digits.
#[must_use]
pub fn is_order_no(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests;
