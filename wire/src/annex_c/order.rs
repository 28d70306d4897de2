//! C.1: the merchant orders.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{BodyError, amount, fields, raw_amount, read, write};
use crate::money::Fen;

/// `transactionType`: what kind of transaction it is. The values are ours, the standard lists none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransactionType {
    /// `01`: payment with the password.
    Password,
    /// `02`: password-free payment.
    PasswordFree,
}

impl TransactionType {
    /// The value on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Password => "01",
            Self::PasswordFree => "02",
        }
    }
    /// The type of a value.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Password, Self::PasswordFree].into_iter().find(|t| t.code() == code)
    }
}

/// `businessType`: in which of the four modes the user pays (T/CAICI 92 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BusinessType {
    /// Webview.
    Webview,
    /// Payment Chatbot.
    Chatbot,
    /// Native SDK.
    Native,
    /// Aggregated, over the webview.
    AggWebview,
    /// Aggregated, over the payment Chatbot.
    AggChatbot,
    /// Aggregated, over the native SDK.
    AggNative,
}

impl BusinessType {
    const ALL: [Self; 6] =
        [Self::Webview, Self::Chatbot, Self::Native, Self::AggWebview, Self::AggChatbot, Self::AggNative];

    /// The value on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Webview => "WEBVIEW",
            Self::Chatbot => "CHATBOT",
            Self::Native => "NATIVE",
            Self::AggWebview => "AGG_WEBVIEW",
            Self::AggChatbot => "AGG_CHATBOT",
            Self::AggNative => "AGG_NATIVE",
        }
    }
    /// The type of a value.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }
}

/// Table C.1, request, as JSON carries it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OrderRaw {
    transaction_type: String,
    business_type: String,
    bank_return_url: String,
    merchant_order_no: String,
    merchant_name: String,
    order_date: String,
    order_amount: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    currency: Option<String>,
    merchant_id: String,
    mobile_no: String,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    goods_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    goods_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    goods_description: Option<String>,
}

/// An optional field may be absent, but not `null`.
pub(super) fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// An order, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// `transactionType`.
    pub transaction_type: TransactionType,
    /// `businessType`.
    pub business_type: BusinessType,
    /// `bankReturnUrl`: where the result is to be notified; its host is checked by the platform.
    pub bank_return_url: String,
    /// `merchantOrderNo`, 6–64 of `[0-9A-Za-z_|*@-]`.
    pub merchant_order_no: String,
    /// `merchantName`, as the merchant states it.
    pub merchant_name: String,
    /// `orderDate`, `yyyyMMdd`.
    pub order_date: String,
    /// `orderAmount`.
    pub order_amount: Fen,
    /// `currency`; absent means CNY, and it is the only one.
    pub currency: Option<String>,
    /// `merchantId`.
    pub merchant_id: String,
    /// `mobileNo`, 11 digits.
    pub mobile_no: String,
    /// `goodsNo`.
    pub goods_no: Option<String>,
    /// `goodsName`.
    pub goods_name: Option<String>,
    /// `goodsDescription`.
    pub goods_description: Option<String>,
}

impl NewOrder {
    /// Reads and checks a request body.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        let raw: OrderRaw = read(bytes)?;
        let order = Self {
            transaction_type: TransactionType::from_code(&raw.transaction_type)
                .ok_or(BodyError::Field { field: "transactionType", rule: "must be 01 or 02" })?,
            business_type: BusinessType::from_code(&raw.business_type).ok_or(BodyError::Field {
                field: "businessType",
                rule: "must be WEBVIEW, CHATBOT, NATIVE, AGG_WEBVIEW, AGG_CHATBOT or AGG_NATIVE",
            })?,
            order_amount: amount("orderAmount", &raw.order_amount)?,
            bank_return_url: raw.bank_return_url,
            merchant_order_no: raw.merchant_order_no,
            merchant_name: raw.merchant_name,
            order_date: raw.order_date,
            currency: raw.currency,
            merchant_id: raw.merchant_id,
            mobile_no: raw.mobile_no,
            goods_no: raw.goods_no,
            goods_name: raw.goods_name,
            goods_description: raw.goods_description,
        };
        order.check()?;
        Ok(order)
    }

    fn check(&self) -> Result<(), BodyError> {
        fields::text("bankReturnUrl", &self.bank_return_url, 512)?;
        if self.merchant_order_no.len() < 6 {
            return Err(BodyError::Field { field: "merchantOrderNo", rule: "must have 6 to 64 characters" });
        }
        fields::number_text("merchantOrderNo", &self.merchant_order_no, 64)?;
        fields::text("merchantName", &self.merchant_name, 64)?;
        fields::date("orderDate", &self.order_date)?;
        self.currency.as_deref().map_or(Ok(()), fields::currency)?;
        fields::number_text("merchantId", &self.merchant_id, 32)?;
        fields::mobile("mobileNo", &self.mobile_no)?;
        fields::optional("goodsNo", self.goods_no.as_deref(), 64)?;
        fields::optional("goodsName", self.goods_name.as_deref(), 64)?;
        fields::optional("goodsDescription", self.goods_description.as_deref(), 128)
    }

    /// The request body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        write(&OrderRaw {
            transaction_type: self.transaction_type.code().to_owned(),
            business_type: self.business_type.code().to_owned(),
            bank_return_url: self.bank_return_url.clone(),
            merchant_order_no: self.merchant_order_no.clone(),
            merchant_name: self.merchant_name.clone(),
            order_date: self.order_date.clone(),
            order_amount: raw_amount(self.order_amount),
            currency: self.currency.clone(),
            merchant_id: self.merchant_id.clone(),
            mobile_no: self.mobile_no.clone(),
            goods_no: self.goods_no.clone(),
            goods_name: self.goods_name.clone(),
            goods_description: self.goods_description.clone(),
        })
    }
}

/// Table C.1, answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderAccepted {
    /// `payOrderNo`.
    pub pay_order_no: String,
    /// `createDate`, `yyyyMMdd`.
    pub create_date: String,
    /// `merchantId`.
    pub merchant_id: String,
    /// `merchantOrderNo`.
    pub merchant_order_no: String,
    /// `merchantName`.
    pub merchant_name: String,
    /// `orderAmount`.
    pub order_amount: Fen,
    /// `result`, `SUCCESS`: the order is taken.
    pub result: String,
    /// `payUrl`: for native payment a `msgpay://` link.
    pub pay_url: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OrderAcceptedRaw {
    pay_order_no: String,
    create_date: String,
    merchant_id: String,
    merchant_order_no: String,
    merchant_name: String,
    order_amount: Box<RawValue>,
    result: String,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    pay_url: Option<String>,
}

impl OrderAccepted {
    /// The answer body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        write(&OrderAcceptedRaw {
            pay_order_no: self.pay_order_no.clone(),
            create_date: self.create_date.clone(),
            merchant_id: self.merchant_id.clone(),
            merchant_order_no: self.merchant_order_no.clone(),
            merchant_name: self.merchant_name.clone(),
            order_amount: raw_amount(self.order_amount),
            result: self.result.clone(),
            pay_url: self.pay_url.clone(),
        })
    }

    /// Reads an answer body.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        let raw: OrderAcceptedRaw = read(bytes)?;
        fields::number_text("payOrderNo", &raw.pay_order_no, 64)?;
        fields::date("createDate", &raw.create_date)?;
        Ok(Self {
            order_amount: amount("orderAmount", &raw.order_amount)?,
            pay_order_no: raw.pay_order_no,
            create_date: raw.create_date,
            merchant_id: raw.merchant_id,
            merchant_order_no: raw.merchant_order_no,
            merchant_name: raw.merchant_name,
            result: raw.result,
            pay_url: raw.pay_url,
        })
    }
}
