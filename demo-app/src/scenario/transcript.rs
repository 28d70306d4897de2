//! From recorded messages to the steps of T/CAICI 92 Annex B.3. Nothing here knows what a script intended.

use std::sync::Arc;

use msgpay_wire::annex_c::Notice;
use msgpay_wire::request::Submission;
use serde::Serialize;

use crate::recorder::{Direction, Party, Record};
use crate::view::Text;

/// A step of Annex B.3, native payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The user picks goods in the merchant's Chatbot.
    Pick = 1,
    /// The merchant orders at the platform.
    Order = 2,
    /// The platform accepts, and the SDK is launched.
    Launch = 3,
    /// The user pays in the SDK.
    Pay = 4,
    /// The platform concludes: the SDK shows the result, the merchant is notified.
    Conclude = 5,
    /// The merchant shows the result.
    Show = 6,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 6] = [Self::Pick, Self::Order, Self::Launch, Self::Pay, Self::Conclude, Self::Show];

    /// `B.3(4)`.
    #[must_use]
    pub fn id(self) -> String {
        format!("B.3({})", self as u8)
    }
}

/// What a recorded message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Its step; `None` for set-up and housekeeping.
    pub step: Option<Step>,
    /// A short title.
    pub what: Text,
}

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `B.3(4)`, or `setup`.
    pub step: String,
    /// Who sent it.
    pub party: Party,
    /// To whom.
    pub to: Party,
    /// What it is.
    pub what: String,
    /// Milliseconds since the scenario began.
    pub at_ms: i64,
}

/// Whether this record is the one that counts of the two that both ends may have made: the reader's own, or the
/// sender's where the reader is a process without a tap.
#[must_use]
pub fn is_readers(record: &Record) -> bool {
    record.tap == record.to || matches!(record.to, Party::Platform | Party::Bank)
}

/// The transcript of a run: what each reader received, in order.
#[must_use]
pub fn lines(records: &[Arc<Record>]) -> Vec<Line> {
    let began = records.first().map_or(0, |record| record.at_ms);
    records
        .iter()
        .filter(|record| is_readers(record))
        .filter_map(|record| {
            let reading = read(record)?;
            Some(Line {
                step: reading.step.map_or_else(|| "setup".to_owned(), Step::id),
                party: record.from,
                to: record.to,
                what: reading.what.en,
                at_ms: record.at_ms - began,
            })
        })
        .collect()
}

/// Reads a record. `None` for what says nothing about the story (reports, directory look-ups, streams being opened).
#[must_use]
pub fn read(record: &Record) -> Option<Reading> {
    let (method_and_path, response) = (record.what.as_str(), record.direction == Direction::Response);
    let path = method_and_path.split_once(' ').map_or(method_and_path, |(_, path)| path);
    let path = path.split('?').next().unwrap_or(path);
    let reading = |step: Option<Step>, zh: &str, en: &str| Some(Reading { step, what: Text::new(zh, en) });
    let refused = response && record.status.is_some_and(|status| status >= 300);
    match (path, response) {
        ("/v1/pay/orders", false) => reading(Some(Step::Order), "下单 C.1", "C.1 order"),
        ("/v1/pay/orders", true) if refused => reading(Some(Step::Order), "下单被拒", "C.1 order refused"),
        ("/v1/pay/orders", true) => {
            reading(Some(Step::Launch), "受理，返回支付链接", "C.1 accepted, with a link")
        }
        ("/v1/pay/orders/query", false) => reading(None, "查询订单 C.2", "C.2 query"),
        ("/v1/pay/orders/query", true) => reading(None, "订单状态 C.2", "C.2 answer"),
        ("/v1/keys/query", false) => reading(None, "查询平台的签名公钥", "Platform's keys asked for"),
        ("/v1/keys/query", true) => reading(None, "平台的签名公钥（已签名）", "Platform's keys, signed"),
        ("/sdk/v1/activations", false) => reading(None, "激活手机", "Activation"),
        ("/sdk/v1/activations", true) => reading(None, "激活结果（已签名）", "Activation answer, signed"),
        ("/sdk/v1/password-setups", false) => reading(None, "申请设置密码", "Password setting asked for"),
        ("/sdk/v1/password-setups", true) => {
            reading(None, "设置密码摘要（已签名）", "Password summary, signed")
        }
        ("/sdk/v1/passwords", false) => reading(None, "新密码（两份密封）", "New password, sealed twice"),
        ("/sdk/v1/passwords", true) => reading(None, "密码设置结果", "Password setting answered"),
        ("/sdk/v1/biometric-setups", false) => {
            reading(None, "申请启用生物识别", "Biometric enrolment asked for")
        }
        ("/sdk/v1/biometric-setups", true) => {
            reading(None, "启用说明（已签名）", "What the key will allow, signed")
        }
        ("/sdk/v1/biometrics", false) => {
            reading(None, "新公钥与密封的密码", "New public key, password sealed")
        }
        ("/sdk/v1/biometrics", true) => reading(None, "生物识别启用结果", "Biometric enrolment answered"),
        ("/sdk/v1/launches", false) => reading(Some(Step::Launch), "SDK 启动", "SDK launch"),
        ("/sdk/v1/launches", true) if refused => {
            reading(Some(Step::Launch), "启动被拒", "SDK launch refused")
        }
        ("/sdk/v1/launches", true) => {
            reading(Some(Step::Launch), "订单摘要（已签名）", "Order summary, signed")
        }
        ("/sdk/v1/payments", false) if is_touched(record) => {
            reading(Some(Step::Pay), "两把密钥的签名", "Signed by two keys")
        }
        ("/sdk/v1/payments", false) => {
            reading(Some(Step::Pay), "密封的密码与签名", "Sealed password, signed")
        }
        ("/sdk/v1/payments", true) => reading(Some(Step::Conclude), answer_zh(record), answer_en(record)),
        (p, false) if is_resolve(p) => reading(Some(Step::Conclude), "查询支付结果", "Resolve"),
        (p, true) if is_resolve(p) => reading(Some(Step::Conclude), answer_zh(record), answer_en(record)),
        _ if record.from == Party::Platform && record.to == Party::Merchant && !response => {
            Notice::read(&record.body).ok()?;
            reading(Some(Step::Conclude), "支付结果通知 C.3", "C.3 notice")
        }
        _ if record.from == Party::Merchant && record.to == Party::Platform && response => {
            reading(Some(Step::Conclude), "通知应答 C.3", "C.3 notice answered")
        }
        _ if !response => message(record),
        _ => None,
    }
}

fn is_resolve(path: &str) -> bool {
    path.starts_with("/sdk/v1/payments/") && path.ends_with("/resolve")
}

fn answer_zh(record: &Record) -> &'static str {
    match record.status {
        Some(200) => "签名凭据",
        Some(202) => "处理中",
        _ => "未付款",
    }
}

fn answer_en(record: &Record) -> &'static str {
    match record.status {
        Some(200) => "Signed receipt",
        Some(202) => "Working",
        _ => "Refused",
    }
}

/// A 5G message: what it is, by what stands in it.
fn message(record: &Record) -> Option<Reading> {
    let body = std::str::from_utf8(&record.body).ok()?;
    let has = |part: &str| body.contains(part);
    let reading = |step: Option<Step>, zh: &str, en: &str| Some(Reading { step, what: Text::new(zh, en) });
    let towards_user =
        matches!((record.from, record.to), (Party::Merchant, Party::Maap) | (Party::Maap, Party::Client));
    let towards_merchant =
        matches!((record.from, record.to), (Party::Client, Party::Maap) | (Party::Maap, Party::Merchant));
    if towards_user && has("generalPurposeCard") {
        return if has("msgpay://") {
            reading(Some(Step::Launch), "支付卡片", "Native pay card")
        } else if has("支付成功") {
            reading(Some(Step::Show), "支付结果卡片", "Result card: paid")
        } else if has("支付未成功") {
            reading(Some(Step::Show), "支付结果卡片", "Result card: not paid")
        } else if has("已支付") {
            reading(Some(Step::Show), "已支付提示卡片", "Already-paid card")
        } else {
            reading(Some(Step::Pick), "商品卡片", "Goods card")
        };
    }
    if towards_merchant && has("\"messageList\"") {
        return if has("sdk.open") {
            reading(Some(Step::Launch), "用户点击支付", "The user taps pay")
        } else {
            reading(Some(Step::Pick), "用户消息", "The user's message")
        };
    }
    None
}

/// Whether a payment carries no entry, but the biometric key's signature.
fn is_touched(record: &Record) -> bool {
    Submission::read(&record.body).is_ok_and(|submission| submission.packaged.is_empty())
}

#[cfg(test)]
mod tests;
