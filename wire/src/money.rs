//! Money: whole fen, never a float.

use std::fmt;

/// An amount in fen (1/100 yuan), `1..=999_999_999_999`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fen(i64);

/// Why a text or number is not an amount. The sender is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Anything but digits with at most one point: sign, exponent, space, letters, a string where a number must be.
    #[error("not a plain decimal number")]
    NotDecimal,
    /// More than two digits behind the point.
    #[error("more than two decimals")]
    TooFine,
    /// Zero or less.
    #[error("not above zero")]
    NotPositive,
    /// More than 9,999,999,999.99 yuan.
    #[error("above the largest amount")]
    TooLarge,
}

impl Fen {
    /// The largest amount: 9,999,999,999.99 yuan.
    pub const MAX: i64 = 999_999_999_999;

    /// An amount of `fen`.
    ///
    /// # Errors
    /// [`AmountError::NotPositive`], [`AmountError::TooLarge`].
    pub const fn new(fen: i64) -> Result<Self, AmountError> {
        if fen <= 0 {
            Err(AmountError::NotPositive)
        } else if fen > Self::MAX {
            Err(AmountError::TooLarge)
        } else {
            Ok(Self(fen))
        }
    }

    /// Reads the raw text of a JSON number in yuan, digit by digit (`128.5`, `128.50`, `128`).
    ///
    /// # Errors
    /// [`AmountError`]; a JSON string, exponent or sign is refused ([`AmountError::NotDecimal`], `-…` as
    /// [`AmountError::NotPositive`]).
    pub fn from_yuan_text(text: &str) -> Result<Self, AmountError> {
        if let Some(rest) = text.strip_prefix('-') {
            let plain = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            return Err(if plain { AmountError::NotPositive } else { AmountError::NotDecimal });
        }
        let (yuan, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(yuan) || !digits(part) || (yuan.len() > 1 && yuan.starts_with('0')) {
            return Err(AmountError::NotDecimal);
        }
        if part.len() > 2 {
            return Err(AmountError::TooFine);
        }
        if yuan.len() > 10 {
            return Err(AmountError::TooLarge);
        }
        let number = |s: &str| s.bytes().fold(0i64, |n, b| n * 10 + i64::from(b - b'0'));
        let cents = number(part) * if part.len() == 1 { 10 } else { 1 };
        Self::new(number(yuan) * 100 + cents)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// Yuan with two decimals: `128.50`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl TryFrom<u64> for Fen {
    type Error = AmountError;
    fn try_from(fen: u64) -> Result<Self, AmountError> {
        i64::try_from(fen).map_err(|_| AmountError::TooLarge).and_then(Self::new)
    }
}

impl From<Fen> for u64 {
    fn from(fen: Fen) -> Self {
        fen.0.unsigned_abs()
    }
}

#[cfg(test)]
mod tests;
