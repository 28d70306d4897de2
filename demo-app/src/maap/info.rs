//! What users are told about a Chatbot: RCC.07's Chatbot information, with the operator's verification.

use msgpay_messaging::address::ChatbotUri;
use serde_json::{Value, json};

/// A Chatbot as the operator's directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatbotInfo {
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Who runs it.
    pub provider: String,
    /// Its categories. Only with `Payment` may it send messages of a payment.
    pub categories: Vec<String>,
    /// The operator vouches for it.
    pub verified: bool,
    /// Until when, Unix seconds.
    pub verified_until: u64,
    /// 0 in service, 1 on trial, 2 suspended.
    pub status: u8,
    /// Call-back number, `tel:` URI.
    pub phone: String,
    /// Its site.
    pub website: String,
    /// Its accent, `#RRGGBB`.
    pub colour: String,
}

impl ChatbotInfo {
    pub(super) fn may_send_payments(&self, now: u64) -> bool {
        let paying = self.categories.iter().any(|category| category == "Payment");
        self.verified && now <= self.verified_until && self.status == 0 && paying
    }

    /// The shape of RCC.07 as live servers answer it, and the operator's `status` beside it.
    pub(super) fn rcc07(&self, uri: &ChatbotUri, operator: &str) -> Value {
        json!({
            "botinfo": {"pcc": {"org-details": {
                "name": {"name-entry": {"display-name": self.name}},
                "org-description": self.description,
                "comm-addr": {"uri-entry": [
                    {"addr-uri-type": "SIP-URI", "addr-uri": uri, "label": "ServiceID"},
                    {"addr-uri-type": "other", "addr-uri": self.phone, "label": "CallbackNumber"},
                ]},
                "category-list": {"category-entry": self.categories},
                "media-list": {"media-entry": [
                    {"media-content": "colour", "label": "Colour", "media": {"content": self.colour}},
                ]},
                "web-resources": {"web-entry": [{"url": self.website, "label": "Website"}]},
            }}},
            "bot-verification": {"verification-info": {
                "verified": self.verified,
                "verified-by": operator,
                "expires": rfc3339(self.verified_until),
            }},
            "status": self.status,
        })
    }

    /// The operator's view for the Chatbot itself (`find/chatBotInfo`, V1.0.4 p17).
    pub(super) fn operator_view(&self, uri: &ChatbotUri, operator: &str) -> Value {
        json!({
            "accessNo": uri.access_number(),
            "domain": uri.as_str().split_once('@').map_or("", |(_, domain)| domain),
            "serviceName": self.name,
            "verified": self.verified,
            "authName": self.provider,
            "authExpires": rfc3339(self.verified_until),
            "authOrg": operator,
            "status": self.status,
            "version": "#=1",
            "provider": self.provider,
            "category": self.categories,
            "serviceDescription": self.description,
            "callBackNumber": self.phone,
            "themeColour": self.colour,
            "serviceWebsite": self.website,
            "errorCode": 0,
            "errorMessage": "success",
        })
    }
}

/// Unix seconds as RFC 3339 in UTC.
pub(super) fn rfc3339(unix: u64) -> String {
    use time::{OffsetDateTime, format_description::well_known::Rfc3339};
    i64::try_from(unix)
        .ok()
        .and_then(|unix| OffsetDateTime::from_unix_timestamp(unix).ok())
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default()
}
