//! Return codes of the operators (V1.0.4 p85) and which of our defects each stands for.

use crate::rules::{Defect, Defects};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $words:literal;)*) => {
        /// A return code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All codes of this build.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The number on the wire.
            #[must_use]
            pub fn number(self) -> i32 {
                match self { $(Self::$name => $number,)* }
            }

            /// Words beside the number.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

codes! {
    /// Busy: try again later.
    Busy = -1, "system busy";
    /// The operator's own failure.
    Internal = -2, "internal error";
    /// Success.
    Ok = 0, "success";
    /// A parameter is wrong.
    Parameter = 20002, "parameter error";
    /// The request is wrong.
    Request = 20003, "request error";
    /// Too many today.
    DayLimit = 30001, "daily limit reached";
    /// The callback check of the notify address failed.
    CallbackCheck = 30006, "callback check failed";
    /// The sender isn't the Chatbot of the path.
    SenderMismatch = 30008, "chatbotId differs from senderAddress";
    /// Wrong account or secret.
    BadAppKey = 40001, "appKey or token is wrong";
    /// A part of a kind that can't be sent.
    MessageType = 40008, "message type is not allowed";
    /// A token that was never issued, or was ended by a newer one.
    BadToken = 40014, "accessToken is wrong";
    /// Too many buttons.
    ButtonCount = 40016, "too many buttons";
    /// A button of no known kind.
    ButtonType = 40017, "button type is wrong";
    /// Button words too long.
    ButtonName = 40018, "button name is too long";
    /// Postback too long.
    ButtonKey = 40019, "button key is too long";
    /// An address that a button may not open.
    ButtonUrl = 40020, "button url is not allowed";
    /// Text too long.
    TextLength = 40021, "text is too long";
    /// No token.
    TokenMissing = 41001, "accessToken is missing";
    /// No account.
    AppIdMissing = 41002, "appId is missing";
    /// No secret.
    AppKeyMissing = 41004, "appKey is missing";
    /// The token is too old.
    TokenExpired = 42001, "accessToken has expired";
    /// Wrong method.
    NeedsGet = 43001, "GET is needed";
    /// No body.
    EmptyPost = 44002, "POST body is empty";
    /// Too fast.
    Rate = 45001, "too many calls";
    /// The subscriber is unknown.
    UserUnknown = 46001, "user is unknown";
    /// Not JSON.
    BadJson = 47001, "JSON is wrong";
    /// The Chatbot may not do this.
    NotAuthorised = 48001, "not authorised";
}

impl Code {
    /// The code of this number, if this build knows it.
    #[must_use]
    pub fn of(number: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// The code with which an operator refuses a message that has these defects.
    #[must_use]
    pub fn refusing(defects: &Defects) -> Self {
        defects
            .list()
            .iter()
            .map(Self::of_defect)
            .find(|code| *code != Self::Parameter)
            .unwrap_or(Self::Parameter)
    }

    fn of_defect(defect: &Defect) -> Self {
        match defect {
            Defect::ButtonCount { .. } | Defect::ChipCount { .. } => Self::ButtonCount,
            Defect::ActionKinds { .. } => Self::ButtonType,
            Defect::ButtonTextTooLong { .. } => Self::ButtonName,
            Defect::PostbackTooLong { .. } => Self::ButtonKey,
            Defect::UrlScheme { .. } => Self::ButtonUrl,
            Defect::ContentUndecodable { .. } => Self::BadJson,
            _ => Self::Parameter,
        }
    }
}
