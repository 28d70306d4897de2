//! C.3: the platform tells the merchant a result.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::query::OrderStatus;
use super::{BodyError, amount, fields, raw_amount, read, write};
use crate::money::Fen;

/// Table C.3, request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `merchantOrderNo`.
    pub merchant_order_no: String,
    /// `merchantName`.
    pub merchant_name: String,
    /// `orderDate`, `yyyyMMdd`.
    pub order_date: String,
    /// `orderAmount`.
    pub order_amount: Fen,
    /// `merchantId`.
    pub merchant_id: String,
    /// `mobileNo`.
    pub mobile_no: String,
    /// `paymentDate`, `yyyyMMdd`, UTC+8.
    pub payment_date: String,
    /// `paymentTime`, `HHmmss`, UTC+8.
    pub payment_time: String,
    /// `payOrderNo`.
    pub pay_order_no: String,
    /// `orderStatus`.
    pub order_status: OrderStatus,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NoticeRaw {
    merchant_order_no: String,
    merchant_name: String,
    order_date: String,
    order_amount: Box<RawValue>,
    merchant_id: String,
    mobile_no: String,
    payment_date: String,
    payment_time: String,
    pay_order_no: String,
    order_status: String,
}

impl Notice {
    /// The request body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        write(&NoticeRaw {
            merchant_order_no: self.merchant_order_no.clone(),
            merchant_name: self.merchant_name.clone(),
            order_date: self.order_date.clone(),
            order_amount: raw_amount(self.order_amount),
            merchant_id: self.merchant_id.clone(),
            mobile_no: self.mobile_no.clone(),
            payment_date: self.payment_date.clone(),
            payment_time: self.payment_time.clone(),
            pay_order_no: self.pay_order_no.clone(),
            order_status: self.order_status.word().to_owned(),
        })
    }

    /// Reads and checks a request body.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        let raw: NoticeRaw = read(bytes)?;
        fields::date("paymentDate", &raw.payment_date)?;
        fields::time_of_day("paymentTime", &raw.payment_time)?;
        Ok(Self {
            order_amount: amount("orderAmount", &raw.order_amount)?,
            order_status: OrderStatus::from_word(&raw.order_status)
                .ok_or(BodyError::Field { field: "orderStatus", rule: "must be a state of an order" })?,
            merchant_order_no: raw.merchant_order_no,
            merchant_name: raw.merchant_name,
            order_date: raw.order_date,
            merchant_id: raw.merchant_id,
            mobile_no: raw.mobile_no,
            payment_date: raw.payment_date,
            payment_time: raw.payment_time,
            pay_order_no: raw.pay_order_no,
        })
    }
}

/// Table C.3, answer: `noticeResult`, `SUCCESS` or `FAIL`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoticeAnswer {
    /// `noticeResult`.
    pub notice_result: String,
}

impl NoticeAnswer {
    /// The answer that ends the notices.
    #[must_use]
    pub fn success() -> Self {
        Self { notice_result: "SUCCESS".to_owned() }
    }
    /// Whether the merchant has taken the notice.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.notice_result == "SUCCESS"
    }
    /// The answer body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        write(self)
    }
    /// Reads an answer body.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        read(bytes)
    }
}
