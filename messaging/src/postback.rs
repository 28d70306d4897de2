//! Signed postback tokens: what a button of ours hands back.
//!
//! `p1|verb|ref|arg|expUnix|kid|mac`, where mac is base64url without padding of
//! HMAC-SHA256(key, text before `|mac` + "\n" + sender's `tel:` URI)[0..16].
//!
//! The operator's own signature covers no body, so whoever stands between may change or repeat a tap. A
//! token is bound to the sender's number and expires, so a tap cannot be invented, moved to another
//! subscriber, or kept. It can be repeated: the receiver makes money verbs one-shot. It never moves money:
//! it only opens a verified step.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::address::TelUri;

/// How a token begins.
pub const PREFIX: &str = "p1|";
const MAC_BYTES: usize = 16;

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a tap asks for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Verb { $($(#[$doc])* $name,)* }

        impl Verb {
            /// All verbs.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in the token.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

verbs! {
    /// Pick goods (`ref` = goods number); no payment yet.
    GoodsPick = "goods.pick",
    /// Show the goods again; no payment yet.
    GoodsList = "goods.list",
    /// Call the merchant.
    MerchantCall = "merchant.call",
    /// List payment institutions.
    InstitutionList = "inst.list",
    /// Choose one (`arg` = institution).
    InstitutionSelect = "inst.select",
    /// Open the payment page.
    PayOpen = "pay.open",
    /// Start an unpaid order's payment again.
    PayRetry = "pay.retry",
    /// Pay with the password instead of password-free.
    PayPassword = "pay.pwd",
    /// Confirm a password-free payment.
    PasswordFreeConfirm = "nopwd.confirm",
    /// Open the verify page.
    VerifyOpen = "verify.open",
    /// Open the payment SDK.
    SdkOpen = "sdk.open",
    /// Go to the payment Chatbot.
    PayBotGoto = "paybot.goto",
    /// Send the payment Chatbot's message again.
    PayBotResend = "paybot.resend",
    /// Ask for an order's state.
    OrderQuery = "order.query",
    /// Cancel an order.
    OrderCancel = "order.cancel",
    /// "That wasn't me".
    OrderDeny = "order.deny",
    /// Order the same again.
    OrderRecreate = "order.recreate",
    /// Ask for a refund.
    RefundApply = "refund.apply",
    /// Ask for part of it.
    RefundPart = "refund.part",
    /// Ask for a refund's state.
    RefundQuery = "refund.query",
    /// Ask for a receipt.
    ReceiptGet = "receipt.get",
    /// List accounts.
    AccountList = "acct.list",
    /// List bound cards.
    CardList = "card.list",
    /// Unbind a card.
    CardUnbind = "card.unbind",
    /// Make a new payment code.
    QrRefresh = "qr.refresh",
}

impl Verb {
    /// The verb of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verb| verb.as_str() == word)
    }

    /// Whether a message with such a button belongs to a payment.
    #[must_use]
    pub fn is_payment(self) -> bool {
        !matches!(self, Self::GoodsPick | Self::GoodsList)
    }

    /// Whether a message with such a button is a confirm or code card, which must not arrive late.
    #[must_use]
    pub fn is_confirm(self) -> bool {
        matches!(self, Self::VerifyOpen | Self::QrRefresh)
    }
}

/// What a token says, before the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postback {
    /// What the tap asks for.
    pub verb: Verb,
    /// About what, an order or goods number. No `|`.
    pub reference: String,
    /// With which argument; may be empty. No `|`.
    pub argument: String,
    /// Last second at which it counts, Unix time.
    pub expires: u64,
}

/// Why a postback was not believed. Only [`PostbackRefused::Expired`] is worth an answer to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostbackRefused {
    /// Not seven fields of the right form.
    #[error("not a postback token: a button of another message, or the sender made it up")]
    Malformed,
    /// Signed under a key that is not (or no more) ours.
    #[error("the postback's key is unknown: the button is from before a key change")]
    UnknownKey,
    /// The mac doesn't hold for this sender.
    #[error("the postback was not made for this sender, or was altered")]
    Forged,
    /// Too old.
    #[error("the postback has expired: send a fresh card")]
    Expired,
}

/// A token taken apart and **not** verified. See [`PostbackKeys::verify`] for the safe door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified {
    /// What the tap asks for.
    pub verb: Verb,
    kid: String,
    claims: Postback,
    mac: [u8; MAC_BYTES],
    signed: usize,
}

/// Takes a token apart without believing it; for checks of form only.
///
/// # Errors
/// [`PostbackRefused::Malformed`].
pub fn read_unverified(text: &str) -> Result<Unverified, PostbackRefused> {
    let fields: Vec<&str> = text.split('|').collect();
    let [version, verb, reference, argument, expires, kid, mac] = fields.as_slice() else {
        return Err(PostbackRefused::Malformed);
    };
    let verb = Verb::parse(verb).ok_or(PostbackRefused::Malformed)?;
    let mac = URL_SAFE_NO_PAD.decode(mac).ok().and_then(|m| <[u8; MAC_BYTES]>::try_from(m).ok());
    let (Ok(seconds), Some(mac)) = (expires.parse::<u64>(), mac) else {
        return Err(PostbackRefused::Malformed);
    };
    if *version != "p1" || kid.is_empty() || seconds.to_string() != *expires {
        return Err(PostbackRefused::Malformed);
    }
    let claims = Postback {
        verb,
        reference: (*reference).to_owned(),
        argument: (*argument).to_owned(),
        expires: seconds,
    };
    let signed = text.rfind('|').unwrap_or(0);
    Ok(Unverified { verb, kid: (*kid).to_owned(), claims, mac, signed })
}

/// One key. Its `Debug` text is only its name.
pub struct PostbackKey {
    kid: String,
    key: Zeroizing<[u8; 32]>,
}

impl PostbackKey {
    /// A key by its name (no `|`), 32 bytes of good randomness.
    #[must_use]
    pub fn new(kid: impl Into<String>, key: [u8; 32]) -> Self {
        Self { kid: kid.into(), key: Zeroizing::new(key) }
    }

    /// The token of `claims` for buttons that only `sender` may tap.
    #[must_use]
    pub fn issue(&self, claims: &Postback, sender: &TelUri) -> String {
        let Postback { verb, reference, argument, expires } = claims;
        let text = format!("p1|{}|{reference}|{argument}|{expires}|{}", verb.as_str(), self.kid);
        let mac = self.mac(&text, sender).finalize().into_bytes();
        format!("{text}|{}", URL_SAFE_NO_PAD.encode(&mac[..MAC_BYTES]))
    }

    fn mac(&self, signed: &str, sender: &TelUri) -> Hmac<Sha256> {
        // A block-sized key needs no `Result`; HMAC pads a shorter key with zeros (RFC 2104 §2).
        let mut block = Zeroizing::new([0u8; 64]);
        block[..32].copy_from_slice(&self.key[..]);
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        mac.update(signed.as_bytes());
        mac.update(b"\n");
        mac.update(sender.as_str().as_bytes());
        mac
    }
}

impl fmt::Debug for PostbackKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostbackKey({})", self.kid)
    }
}

/// The keys in force: the first signs, all verify (two while a key is being changed).
#[derive(Debug)]
pub struct PostbackKeys {
    current: PostbackKey,
    older: Vec<PostbackKey>,
}

impl PostbackKeys {
    /// The key that signs, and those that are still believed.
    #[must_use]
    pub fn new(current: PostbackKey, older: Vec<PostbackKey>) -> Self {
        Self { current, older }
    }

    /// The token of `claims` under the current key; see [`PostbackKey::issue`].
    #[must_use]
    pub fn issue(&self, claims: &Postback, sender: &TelUri) -> String {
        self.current.issue(claims, sender)
    }

    /// Believes `text` if one of our keys signed it for `sender` and it has not expired at `now` (Unix
    /// seconds).
    ///
    /// # Errors
    /// [`PostbackRefused`]; the mac is compared in constant time, and before the expiry.
    pub fn verify(&self, text: &str, sender: &TelUri, now: u64) -> Result<Postback, PostbackRefused> {
        let token = read_unverified(text)?;
        let key = std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.kid == token.kid)
            .ok_or(PostbackRefused::UnknownKey)?;
        key.mac(&text[..token.signed], sender)
            .verify_truncated_left(&token.mac)
            .map_err(|_| PostbackRefused::Forged)?;
        if now > token.claims.expires {
            return Err(PostbackRefused::Expired);
        }
        Ok(token.claims)
    }
}

#[cfg(test)]
mod tests;
