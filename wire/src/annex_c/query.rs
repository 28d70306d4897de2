//! C.2: the merchant asks how an order stands.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::order::present;
use super::{BodyError, amount, fields, raw_amount, read, write};
use crate::money::Fen;

/// `orderStatus`: the states of an order. The same words in code, on the wire and in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Taken, nobody has paid yet.
    WaitPay,
    /// The user is verified; the bank is working, or its word is not known.
    Paying,
    /// The money was taken.
    Success,
    /// Finally failed.
    Fail,
    /// Expired or cancelled.
    Closed,
    /// A refund is under way.
    RefundProcessing,
    /// Partly given back.
    PartialRefund,
    /// All given back.
    Refund,
}

impl OrderStatus {
    const ALL: [Self; 8] = [
        Self::WaitPay,
        Self::Paying,
        Self::Success,
        Self::Fail,
        Self::Closed,
        Self::RefundProcessing,
        Self::PartialRefund,
        Self::Refund,
    ];

    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::WaitPay => "WAIT_PAY",
            Self::Paying => "PAYING",
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
            Self::Closed => "CLOSED",
            Self::RefundProcessing => "REFUND_PROCESSING",
            Self::PartialRefund => "PARTIAL_REFUND",
            Self::Refund => "REFUND",
        }
    }
    /// The state of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// Table C.2, request, as JSON carries it. `mobileNo` is a number here, and only here.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct QueryRaw {
    pay_order_no: String,
    create_date: String,
    mobile_no: u64,
    merchant_order_no: String,
    merchant_id: String,
}

/// A query, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// `payOrderNo`.
    pub pay_order_no: String,
    /// `createDate`, `yyyyMMdd`.
    pub create_date: String,
    /// `mobileNo`, 11 digits.
    pub mobile_no: String,
    /// `merchantOrderNo`.
    pub merchant_order_no: String,
    /// `merchantId`.
    pub merchant_id: String,
}

impl Query {
    /// Reads and checks a request body.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        let raw: QueryRaw = read(bytes)?;
        let query = Self {
            mobile_no: raw.mobile_no.to_string(),
            pay_order_no: raw.pay_order_no,
            create_date: raw.create_date,
            merchant_order_no: raw.merchant_order_no,
            merchant_id: raw.merchant_id,
        };
        fields::number_text("payOrderNo", &query.pay_order_no, 64)?;
        fields::date("createDate", &query.create_date)?;
        fields::mobile("mobileNo", &query.mobile_no)?;
        fields::number_text("merchantOrderNo", &query.merchant_order_no, 64)?;
        fields::number_text("merchantId", &query.merchant_id, 32)?;
        Ok(query)
    }

    /// The request body.
    ///
    /// # Errors
    /// [`BodyError::Field`] for a `mobile_no` that is not a number.
    pub fn encode(&self) -> Result<Vec<u8>, BodyError> {
        fields::mobile("mobileNo", &self.mobile_no)?;
        Ok(write(&QueryRaw {
            pay_order_no: self.pay_order_no.clone(),
            create_date: self.create_date.clone(),
            mobile_no: self.mobile_no.parse().unwrap_or_default(),
            merchant_order_no: self.merchant_order_no.clone(),
            merchant_id: self.merchant_id.clone(),
        }))
    }
}

/// Table C.2, answer. `payment_date` and `payment_time` are mandatory in the table: empty while unpaid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryAnswer {
    /// `transactionType`.
    pub transaction_type: String,
    /// `businessType`.
    pub business_type: String,
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
    /// `goodsNo`.
    pub goods_no: Option<String>,
    /// `goodsName`.
    pub goods_name: Option<String>,
    /// `goodsDescription`.
    pub goods_description: Option<String>,
    /// `paymentDate`, `yyyyMMdd`, UTC+8; empty while unpaid.
    pub payment_date: String,
    /// `paymentTime`, `HHmmss`, UTC+8; empty while unpaid.
    pub payment_time: String,
    /// `fee`.
    pub fee: Option<Fen>,
    /// `payOrderNo`.
    pub pay_order_no: String,
    /// `orderStatus`.
    pub order_status: OrderStatus,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct QueryAnswerRaw {
    transaction_type: String,
    business_type: String,
    merchant_order_no: String,
    merchant_name: String,
    order_date: String,
    order_amount: Box<RawValue>,
    currency: String,
    merchant_id: String,
    mobile_no: String,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    goods_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    goods_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    goods_description: Option<String>,
    payment_date: String,
    payment_time: String,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    fee: Option<Box<RawValue>>,
    pay_order_no: String,
    order_status: String,
}

impl QueryAnswer {
    /// The answer body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        write(&QueryAnswerRaw {
            transaction_type: self.transaction_type.clone(),
            business_type: self.business_type.clone(),
            merchant_order_no: self.merchant_order_no.clone(),
            merchant_name: self.merchant_name.clone(),
            order_date: self.order_date.clone(),
            order_amount: raw_amount(self.order_amount),
            currency: "CNY".to_owned(),
            merchant_id: self.merchant_id.clone(),
            mobile_no: self.mobile_no.clone(),
            goods_no: self.goods_no.clone(),
            goods_name: self.goods_name.clone(),
            goods_description: self.goods_description.clone(),
            payment_date: self.payment_date.clone(),
            payment_time: self.payment_time.clone(),
            fee: self.fee.map(raw_amount),
            pay_order_no: self.pay_order_no.clone(),
            order_status: self.order_status.word().to_owned(),
        })
    }

    /// Reads and checks an answer body.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        let raw: QueryAnswerRaw = read(bytes)?;
        fields::currency(&raw.currency)?;
        if !raw.payment_date.is_empty() || !raw.payment_time.is_empty() {
            fields::date("paymentDate", &raw.payment_date)?;
            fields::time_of_day("paymentTime", &raw.payment_time)?;
        }
        Ok(Self {
            order_amount: amount("orderAmount", &raw.order_amount)?,
            fee: raw.fee.map(|fee| amount("fee", &fee)).transpose()?,
            order_status: OrderStatus::from_word(&raw.order_status)
                .ok_or(BodyError::Field { field: "orderStatus", rule: "must be a state of an order" })?,
            transaction_type: raw.transaction_type,
            business_type: raw.business_type,
            merchant_order_no: raw.merchant_order_no,
            merchant_name: raw.merchant_name,
            order_date: raw.order_date,
            merchant_id: raw.merchant_id,
            mobile_no: raw.mobile_no,
            goods_no: raw.goods_no,
            goods_name: raw.goods_name,
            goods_description: raw.goods_description,
            payment_date: raw.payment_date,
            payment_time: raw.payment_time,
            pay_order_no: raw.pay_order_no,
        })
    }
}
