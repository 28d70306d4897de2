//! The account that a PIN's block is bound to.

use std::fmt;

use msgpay_crypto::entry::pin::ACCOUNT_DIGITS;

/// A token for an account, given by the institution together with its leave to take a PIN: 12 to 19 digits.
///
/// It is the account number of the ISO 9564-1 format 4 block and never the card's own number: no typed entry gives its
/// digits out, so none can become a token here.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountToken(Vec<u8>);

impl AccountToken {
    /// Reads the institution's text; `None` for another form.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        (digits && ACCOUNT_DIGITS.contains(&text.len())).then(|| Self(text.as_bytes().to_vec()))
    }

    pub(super) fn digits(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for AccountToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountToken")
    }
}
