//! The two addresses of a conversation: a subscriber's `tel:` URI and a Chatbot's `sip:` URI.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not an address. The sender of the text is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not `tel:+` and 5 to 18 digits.
    #[error("a subscriber address is `tel:+` followed by 5 to 18 digits")]
    Tel,
    /// Not `sip:name@domain`.
    #[error("a Chatbot address is `sip:name@domain` without port or parameters")]
    Sip,
    /// Not an 11-digit mobile number of mainland China.
    #[error("a mobile number has 11 digits and starts with 1")]
    Mobile,
}

/// A subscriber's address, `tel:+8619900001234`. Its `Debug` shows only the last four digits.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TelUri(String);

impl TelUri {
    /// Reads `tel:+<5 to 18 digits>` (the pattern of dialect A, V1.0.4 p34).
    ///
    /// # Errors
    /// [`AddressError::Tel`] for anything else; visual separators are not accepted.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let digits = text.strip_prefix("tel:+").ok_or(AddressError::Tel)?;
        let ok = (5..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if ok { Ok(Self(text.to_owned())) } else { Err(AddressError::Tel) }
    }

    /// The address of a mainland mobile number, 11 digits as Annex C's `mobileNo` has it.
    ///
    /// # Errors
    /// [`AddressError::Mobile`] unless it is 11 digits that start with 1.
    pub fn from_mobile(mobile: &str) -> Result<Self, AddressError> {
        let ok = mobile.len() == 11 && mobile.starts_with('1') && mobile.bytes().all(|b| b.is_ascii_digit());
        if ok { Ok(Self(format!("tel:+86{mobile}"))) } else { Err(AddressError::Mobile) }
    }

    /// The whole URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The 11 digits of a mainland number; `None` for any other country.
    #[must_use]
    pub fn mobile(&self) -> Option<&str> {
        self.0.strip_prefix("tel:+86").filter(|d| d.len() == 11)
    }
}

impl fmt::Debug for TelUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = self.0.len().saturating_sub(4);
        write!(f, "tel:…{}", &self.0[tail..])
    }
}

impl TryFrom<String> for TelUri {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<TelUri> for String {
    fn from(uri: TelUri) -> String {
        uri.0
    }
}

/// A Chatbot's address, `sip:106509990001@botplatform.rcs.example.cn`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChatbotUri(String);

impl ChatbotUri {
    /// Reads `sip:name@domain` (the pattern of dialect A, V1.0.4 p34).
    ///
    /// # Errors
    /// [`AddressError::Sip`] for anything else.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (name, domain) =
            text.strip_prefix("sip:").and_then(|rest| rest.split_once('@')).ok_or(AddressError::Sip)?;
        let name_ok = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let domain_ok = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
        if name.is_empty()
            || domain.is_empty()
            || !name.bytes().all(name_ok)
            || !domain.bytes().all(domain_ok)
        {
            return Err(AddressError::Sip);
        }
        Ok(Self(text.to_owned()))
    }

    /// The whole URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The access number, the part before `@`.
    #[must_use]
    pub fn access_number(&self) -> &str {
        let rest = &self.0["sip:".len()..];
        rest.split_once('@').map_or(rest, |(name, _)| name)
    }

    /// The URI as one path segment, `sip%3A106509990001%40botplatform…` (dialect A §2, `chatbotId`).
    #[must_use]
    pub fn path_segment(&self) -> String {
        self.0.replace(':', "%3A").replace('@', "%40")
    }
}

impl TryFrom<String> for ChatbotUri {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<ChatbotUri> for String {
    fn from(uri: ChatbotUri) -> String {
        uri.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_number_and_its_uri_are_one_thing() {
        let uri = TelUri::from_mobile("19900001234").unwrap();
        assert_eq!(uri.as_str(), "tel:+8619900001234");
        assert_eq!(uri.mobile(), Some("19900001234"));
        assert_eq!(TelUri::parse("tel:+441632960961").unwrap().mobile(), None);
        for bad in ["+8619900001234", "29900001234", "1990000123", "1990000123x", ""] {
            assert_eq!(TelUri::from_mobile(bad), Err(AddressError::Mobile), "{bad}");
        }
        for bad in ["19900001234", "tel:8619900001234", "tel:+", "tel:+1 2", "tel:+1234567890123456789"] {
            assert_eq!(TelUri::parse(bad), Err(AddressError::Tel), "{bad}");
        }
    }

    #[test]
    fn debug_text_hides_the_number() {
        let uri = TelUri::from_mobile("19900001234").unwrap();
        assert_eq!(format!("{uri:?}"), "tel:…1234");
    }

    #[test]
    fn a_chatbot_address_becomes_one_path_segment() {
        let uri = ChatbotUri::parse("sip:106509990001@botplatform.rcs.example.cn").unwrap();
        assert_eq!(uri.access_number(), "106509990001");
        assert_eq!(uri.path_segment(), "sip%3A106509990001%40botplatform.rcs.example.cn");
        for bad in
            ["106509990001@a.cn", "sip:@a.cn", "sip:1@", "sip:1@a.cn:5060", "sip:1@a.cn;x=1", "sip:a/b@c"]
        {
            assert_eq!(ChatbotUri::parse(bad), Err(AddressError::Sip), "{bad}");
        }
    }
}
