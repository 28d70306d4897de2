//! The error body of every interface: `application/problem+json` (RFC 9457) with a code.
//!
//! Annex C of T/CAICI 92 defines no error body. The classes follow UnionPay's habit: 1xxx the message, 2xxx the
//! order, 3xxx the payer, 4xxx refunds, 5xxx the platform or the bank behind it.

use serde::{Deserialize, Serialize};

/// The media type.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What the caller should do about a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same request will fail again.
    No,
    /// The same request may be sent again.
    Yes,
    /// The result is not known: ask first, then repeat the same request.
    QueryFirst,
    /// The user has to do something first.
    User,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $retry:ident, $title:literal, $todo:literal;)*) => {
        /// A problem's code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }
        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// `5G-nnnn`.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$name => $code,)* } }
            /// HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status,)* } }
            /// Whether to try again.
            #[must_use]
            pub const fn retry(self) -> Retry { match self { $(Self::$name => Retry::$retry,)* } }
            /// Short words for people, Chinese.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title,)* } }
            /// Whose fault it is and what to do, English, for the engineer who reads the log.
            #[must_use]
            pub const fn detail(self) -> &'static str { match self { $(Self::$name => $todo,)* } }
        }
    };
}

codes! {
    /// A field is missing or malformed.
    Malformed = "5G-1001", 400, No, "请求格式错误", "The request is malformed; correct it before sending again.";
    /// The signature does not fit.
    Signature = "5G-1002", 401, No, "签名错误", "The signature does not cover or fit the message; check key, digest and covered headers.";
    /// Outside the time window, or the nonce was used before.
    Replay = "5G-1003", 401, No, "请求超时或重复", "Set the clock, take a new nonce and sign again.";
    /// Key expired, revoked or unknown.
    Key = "5G-1004", 401, No, "密钥无效", "The key is unknown, expired or revoked; use one that is registered and current.";
    /// The caller may not do this.
    NotAllowed = "5G-1005", 403, No, "未开通或无权限", "The caller is not allowed to do this or the mode is not opened; ask the institution.";
    /// Another suite of algorithms than key, launch or policy allow.
    Suite = "5G-1006", 403, No, "密码套件不符", "Made in another suite of algorithms than its key, its launch or the institution's policy allows; use the suite that the policy names.";
    /// Body larger than the interface takes.
    TooLarge = "5G-1413", 413, No, "请求过大", "Send a smaller body.";
    /// The request did not arrive in time.
    TooSlow = "5G-1408", 408, Yes, "请求超时", "The request arrived too slowly; send it again.";
    /// No such interface.
    NoSuchInterface = "5G-1404", 404, No, "接口不存在", "Check method and path.";
    /// The same order number with other content.
    Conflict = "5G-1409", 409, No, "订单号重复", "This order number exists with other content; use a new number.";
    /// Too many requests.
    Rate = "5G-1429", 429, Yes, "请求过于频繁", "Wait as long as Retry-After says.";
    /// Unknown order.
    OrderUnknown = "5G-2001", 404, No, "订单不存在", "No such order of this caller.";
    /// Already paid.
    AlreadyPaid = "5G-2002", 409, No, "订单已支付", "The order is paid; do not start it again.";
    /// Closed or expired.
    Closed = "5G-2003", 410, No, "订单已关闭", "The order is closed or expired; place a new one.";
    /// In progress.
    InProgress = "5G-2004", 409, QueryFirst, "支付处理中", "A payment of this order is under way; query its result.";
    /// Wrong password, tries left.
    WrongPassword = "5G-3001", 422, User, "支付密码错误", "The payer may try again.";
    /// Locked after wrong tries.
    Locked = "5G-3002", 423, User, "支付密码已锁定", "The payer has to wait or reset the password.";
    /// Account state.
    Account = "5G-3003", 422, User, "账户状态异常", "The payer's account cannot be used; ask the institution.";
    /// Not enough money.
    Balance = "5G-3004", 422, User, "余额不足", "The payer needs another way to pay.";
    /// Over a limit.
    Limit = "5G-3005", 422, User, "超出限额", "The amount is over the payer's limit.";
    /// Refused by risk control.
    Risk = "5G-3006", 403, No, "交易存在风险", "Refused by risk control; ask the institution.";
    /// New password too easy to guess.
    WeakPassword = "5G-3008", 422, User, "密码过于简单", "The payer has to choose another password.";
    /// The two entries differ.
    PasswordsDiffer = "5G-3009", 422, User, "两次输入不一致", "The payer has to enter the new password twice alike.";
    /// No password is set yet, or one is set already.
    PasswordState = "5G-3010", 409, User, "支付密码状态不符", "Set the password first; or, if one is set, reset it through the identity check.";
    /// Activation code wrong, used or expired.
    Activation = "5G-3011", 422, User, "激活码无效", "The payer needs a new activation code.";
    /// An entry could not be opened.
    Unopenable = "5G-3012", 422, User, "加密数据无效", "The sealed entry does not belong to this order, nonce or key; launch again.";
    /// Nonce unknown, used, expired or of another device.
    NonceSpent = "5G-3013", 409, User, "会话已失效", "The nonce is used, expired or of another device; resolve, then launch again.";
    /// The factors are those of no way that this launch allows.
    Factors = "5G-3014", 422, User, "支付要素不符", "The request carries other factors than its launch allows; launch again and use one of the policy's ways.";
    /// The biometric signature does not fit, or its key is not enrolled.
    Biometric = "5G-3015", 422, User, "生物识别验证失败", "The biometric key's signature does not fit this request, or the key is not enrolled for this device; use the password, or enrol again.";
    /// Internal error, result unknown.
    Internal = "5G-5000", 500, QueryFirst, "系统错误", "The platform failed; query, then send the same request again.";
    /// Bank error, result unknown.
    Channel = "5G-5001", 502, QueryFirst, "渠道异常", "The bank behind the platform failed; query, then send the same request again.";
    /// Not now.
    Unavailable = "5G-5003", 503, Yes, "系统繁忙", "Wait as long as Retry-After says, then send the same request again.";
}

impl Code {
    /// The code of a text.
    #[must_use]
    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.code() == text)
    }
}

/// The body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI that names the problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short words for people.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// `5G-nnnn`.
    pub code: String,
    /// Whether the same request may be sent again.
    pub retryable: bool,
    /// Whose fault and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request's trace number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Base64url of a signed FAIL receipt, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

impl Problem {
    /// A problem of a code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            kind: format!("urn:msgpay:problem:{}", &code.code()[3..]),
            title: code.title().to_owned(),
            status: code.status(),
            code: code.code().to_owned(),
            retryable: matches!(code.retry(), Retry::Yes | Retry::QueryFirst),
            detail: Some(code.detail().to_owned()),
            instance: None,
            receipt: None,
        }
    }
    /// The same with more exact words, which must hold nothing of the sender's.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
    /// The body's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
    /// Reads a body; an answer that is none gives `None`.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}
