//! What a payer proves with, and which of it together suffices.

use crate::cbor::{Defect, FormatError, Value};
use crate::digest::{Digest, Primitives, SuiteId, labelled};
use crate::fields::Reader;

/// Ways of one policy at the most.
pub const WAYS_MAX: usize = 8;
/// Factors of one way at the most.
const FACTORS_MAX: usize = 8;

/// What a payer proves with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Factor {
    /// The device's key signs.
    Device,
    /// The wallet's password, sealed.
    Password,
    /// A key signs that the phone releases only to a live finger or face, for each use.
    Biometric,
}

impl Factor {
    /// All factors.
    pub const ALL: [Self; 3] = [Self::Device, Self::Password, Self::Biometric];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Password => "password",
            Self::Biometric => "biometric",
        }
    }

    /// The factor of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.word() == word)
    }
}

/// A set of factors that together suffice: the device and at least one more, each once. It may name a factor that this
/// version does not know; such a way is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way(Vec<String>);

impl Way {
    /// The way of these words, unless it is none.
    #[must_use]
    pub fn of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let once = words.iter().enumerate().all(|(at, word)| words.iter().skip(at + 1).all(|w| w != word));
        let device = words.iter().any(|word| word == Factor::Device.word());
        let sound = once && device && (2..=FACTORS_MAX).contains(&words.len());
        (sound && words.iter().all(|word| (1..=32).contains(&word.len()))).then_some(Self(words))
    }

    /// The device's key and the password.
    #[must_use]
    pub fn by_password() -> Self {
        Self::with_device(&[Factor::Password])
    }

    /// The device's key and the biometric.
    #[must_use]
    pub fn by_biometric() -> Self {
        Self::with_device(&[Factor::Biometric])
    }

    /// The device's key, the password and the biometric.
    #[must_use]
    pub fn by_both() -> Self {
        Self::with_device(&[Factor::Password, Factor::Biometric])
    }

    fn with_device(others: &[Factor]) -> Self {
        let all = std::iter::once(&Factor::Device).chain(others);
        Self(all.map(|factor| factor.word().to_owned()).collect())
    }

    /// Its words, in their order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether it needs a factor.
    #[must_use]
    pub fn needs(&self, factor: Factor) -> bool {
        self.words().any(|word| word == factor.word())
    }

    /// Whether whoever has these factors can go it. A word that is not known here is never met.
    #[must_use]
    pub fn is_met_by(&self, factors: &[Factor]) -> bool {
        self.words().all(|word| Factor::from_word(word).is_some_and(|factor| factors.contains(&factor)))
    }

    /// Whether exactly these factors make it, in any order.
    #[must_use]
    pub fn is(&self, factors: &[Factor]) -> bool {
        self.is_met_by(factors) && factors.iter().all(|factor| self.needs(*factor))
    }

    pub(crate) fn value(&self) -> Value {
        Value::Array(self.words().map(|word| Value::Text(word.to_owned())).collect())
    }
}

/// The ways in a member of a message: at least one, none twice.
pub(crate) fn ways(r: &mut Reader, key: u64) -> Result<Vec<Way>, FormatError> {
    let refused = r.refuse(Defect::Value(key));
    let mut ways = Vec::new();
    for value in r.array(key, WAYS_MAX)? {
        let words = value.into_array().map_err(|_| r.refuse(Defect::Type(key)))?;
        let words = words.iter().map(Value::as_text).collect::<Option<Vec<_>>>();
        let way = Way::of_words(words.ok_or(r.refuse(Defect::Type(key)))?).ok_or(refused)?;
        if ways.contains(&way) {
            return Err(refused);
        }
        ways.push(way);
    }
    if ways.is_empty() { Err(refused) } else { Ok(ways) }
}

/// Which biometric key: `H(["msgpay biometric key v1", suite, public key])`, in the key's own suite.
#[must_use]
pub fn biometric_kid(crypto: &dyn Primitives, suite: SuiteId, public_key: &[u8; 65]) -> Digest {
    let key = vec![suite.number().into(), Value::Bytes(public_key.to_vec())];
    crypto.hash(suite, &labelled("msgpay biometric key v1", key))
}

/// What the biometric key signs: `["msgpay biometric request v1", suite of the request, kid, request digest]`.
#[must_use]
pub fn biometric_message(suite: SuiteId, kid: &Digest, request_digest: &Digest) -> Vec<u8> {
    let bytes = |digest: &Digest| Value::Bytes(digest.to_vec());
    labelled("msgpay biometric request v1", vec![suite.number().into(), bytes(kid), bytes(request_digest)])
}

#[cfg(test)]
mod tests;
