//! Named rules over a dialect A send body: what surrounds the parts, and what the parts demand of it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{Defect, walk};
use crate::{address::TelUri, gsma, postback};

pub(super) fn outbound(body: &Value, found: &mut Vec<Defect>) {
    let mut about = About::default();
    for (i, part) in walk::array(&body["messageList"]).iter().enumerate() {
        let at = format!("/messageList/{i}/contentText");
        let content = &part["contentText"];
        match part["contentType"].as_str() {
            Some(gsma::BOT_MESSAGE | gsma::BOT_SUGGESTION) => match decoded(part) {
                Some(root) => {
                    walk::root(&root, &at, found);
                    if content.is_string() {
                        // What hides in base64 meets the schema too.
                        found.extend(crate::schema::Schema::ChatbotMessage.check(&root));
                        walk::no_empty_member(&root, &at, found);
                    }
                    about.learn(&root);
                }
                None => found.push(Defect::ContentUndecodable { at }),
            },
            Some(gsma::TEXT) => match text(part) {
                Some(text) => walk::no_card_number(&text, &at, found),
                None => found.push(Defect::ContentUndecodable { at }),
            },
            _ => {}
        }
    }
    walk::no_card_number(&body["smsContent"], "/smsContent", found);
    let sms = body["smsSupported"] == true;
    if sms && body.get("smsContent").is_none() {
        found.push(Defect::SmsTextMissing);
    }
    let recipients = walk::array(&body["destinationAddress"]);
    for (i, to) in recipients.iter().enumerate() {
        if to.as_str().is_none_or(|to| TelUri::parse(to).is_err()) {
            found.push(Defect::AddressNotTel { at: format!("/destinationAddress/{i}") });
        }
    }
    let traffic = body.get("trafficType");
    let known = ["advertisement", "payment", "premium", "subscription", "token"];
    if traffic.is_some_and(|t| !t.as_str().is_some_and(|t| known.contains(&t))) {
        found.push(Defect::TrafficUnknown);
    }
    if about.payment && traffic.is_none_or(|t| t != "payment") {
        found.push(Defect::PaymentTrafficMissing);
    }
    if about.payment && recipients.len() != 1 {
        found.push(Defect::PaymentRecipients { recipients: recipients.len() });
    }
    if about.confirm && (sms || body["storeSupported"] == true) {
        found.push(Defect::ConfirmCouldBeStale);
    }
}

/// The words of a text part, decoded from base64 where the sender chose that.
fn text(part: &Value) -> Option<Value> {
    match part["contentText"].as_str() {
        Some(text) if part["contentEncoding"] == "base64" => {
            String::from_utf8(bytes(text)?).ok().map(Value::from)
        }
        _ => Some(part["contentText"].clone()),
    }
}

fn bytes(base64: &str) -> Option<Vec<u8>> {
    STANDARD.decode(base64.split_ascii_whitespace().collect::<String>()).ok()
}

/// The JSON object of a part, decoded from base64 where the sender chose that.
fn decoded(part: &Value) -> Option<Value> {
    match &part["contentText"] {
        Value::Object(_) => Some(part["contentText"].clone()),
        Value::String(text) if part["contentEncoding"] == "base64" => {
            serde_json::from_slice(&bytes(text)?).ok()
        }
        _ => None,
    }
}

/// What a message is about, told from its buttons: the only part of it that acts.
#[derive(Default)]
struct About {
    payment: bool,
    confirm: bool,
}

impl About {
    fn learn(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match (name.as_str(), member.as_str()) {
                        ("data", Some(data)) => {
                            if let Ok(token) = postback::read_unverified(data) {
                                self.payment |= token.verb.is_payment();
                                self.confirm |= token.verb.is_confirm();
                            }
                        }
                        ("url", Some(url)) => self.payment |= url.starts_with("msgpay:"),
                        _ => self.learn(member),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }
}
