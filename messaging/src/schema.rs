//! The published schemas (draft-07), compiled once. They are the net under [`crate::rules`]: whatever the
//! named rules don't name is refused here with its path and keyword.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use crate::rules::Defect;

/// Which document is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Schema {
    /// A GSMA Chatbot root object (V1.0.4 p49–66).
    ChatbotMessage,
    /// A Chatbot's persistent menu.
    ChatbotMenu,
    /// Dialect A, Chatbot to operator (V1.0.4 p34).
    MaapOutbound,
    /// Dialect A, operator to Chatbot (V1.0.4 p70).
    MaapInbound,
    /// Dialect A, delivery report (V1.0.4 p76).
    MaapDelivery,
}

impl Schema {
    /// The file's name without its ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ChatbotMessage => "gsma-chatbot-message",
            Self::ChatbotMenu => "chatbot-menu",
            Self::MaapOutbound => "maap-outbound",
            Self::MaapInbound => "maap-inbound",
            Self::MaapDelivery => "maap-delivery",
        }
    }

    /// Everything in `document` that the schema refuses; empty when it is accepted. A schema that can't
    /// be compiled refuses every document.
    #[must_use]
    pub fn check(self, document: &Value) -> Vec<Defect> {
        let compiled: &LazyLock<Option<Validator>> = match self {
            Self::ChatbotMessage => &CHATBOT_MESSAGE,
            Self::ChatbotMenu => &CHATBOT_MENU,
            Self::MaapOutbound => &MAAP_OUTBOUND,
            Self::MaapInbound => &MAAP_INBOUND,
            Self::MaapDelivery => &MAAP_DELIVERY,
        };
        let Some(validator) = compiled.as_ref() else {
            return vec![Defect::Schema { at: String::new(), keyword: "$schema".to_owned() }];
        };
        validator
            .iter_errors(document)
            .map(|e| Defect::Schema {
                at: e.instance_path().to_string(),
                keyword: e.kind().keyword().to_owned(),
            })
            .collect()
    }
}

fn compile(text: &str) -> Option<Validator> {
    let schema = serde_json::from_str::<Value>(text).ok()?;
    jsonschema::draft7::options().should_validate_formats(true).build(&schema).ok()
}

static CHATBOT_MESSAGE: LazyLock<Option<Validator>> =
    LazyLock::new(|| compile(include_str!("../schemas/gsma-chatbot-message.schema.json")));
static CHATBOT_MENU: LazyLock<Option<Validator>> =
    LazyLock::new(|| compile(include_str!("../schemas/chatbot-menu.schema.json")));
static MAAP_OUTBOUND: LazyLock<Option<Validator>> =
    LazyLock::new(|| compile(include_str!("../schemas/maap-outbound.schema.json")));
static MAAP_INBOUND: LazyLock<Option<Validator>> =
    LazyLock::new(|| compile(include_str!("../schemas/maap-inbound.schema.json")));
static MAAP_DELIVERY: LazyLock<Option<Validator>> =
    LazyLock::new(|| compile(include_str!("../schemas/maap-delivery.schema.json")));
