//! An order as the book holds it.

use std::fmt;

pub use msgpay_wire::annex_c::OrderStatus;

/// Whether money was taken, returned since or not: such an order is never paid again.
pub fn was_paid(status: OrderStatus) -> bool {
    matches!(
        status,
        OrderStatus::Success
            | OrderStatus::RefundProcessing
            | OrderStatus::PartialRefund
            | OrderStatus::Refund
    )
}

/// An order with everything that Annex C asks back.
#[derive(Clone, PartialEq, Eq)]
pub struct Order {
    /// The platform's number.
    pub pay_order_no: String,
    /// `yyyyMMdd` in China, the day the platform accepted it.
    pub create_date: String,
    /// Who is paid.
    pub merchant_id: String,
    /// The merchant's number.
    pub merchant_order_no: String,
    /// `yyyyMMdd` as the merchant said.
    pub order_date: String,
    /// `transactionType`.
    pub transaction_type: String,
    /// `businessType`.
    pub business_type: String,
    /// Where the notice goes.
    pub bank_return_url: String,
    /// The name that the merchant claimed in the order.
    pub merchant_name: String,
    /// The name under which the merchant is registered: what is shown and signed.
    pub registered_name: String,
    /// Fen, always positive.
    pub amount_fen: i64,
    /// Always `CNY`.
    pub ccy: String,
    /// The payer.
    pub user_id: String,
    /// The payer's mobile number, opened for this reading.
    pub mobile_no: String,
    /// `goodsNo`.
    pub goods_no: Option<String>,
    /// `goodsName`.
    pub goods_name: Option<String>,
    /// `goodsDescription`.
    pub goods_description: Option<String>,
    /// Where it stands; an unpaid order past its expiry reads `CLOSED`.
    pub status: OrderStatus,
    /// It may be begun before this moment, unix ms.
    pub expire_at_ms: i64,
    /// Accepted at, unix ms.
    pub created_at_ms: i64,
    /// Paid at, unix ms.
    pub paid_at_ms: Option<i64>,
    /// The attempt that paid it.
    pub paid_attempt: Option<String>,
}

/// Without the payer's number and what was ordered.
impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("pay_order_no", &self.pay_order_no)
            .field("merchant_id", &self.merchant_id)
            .field("merchant_order_no", &self.merchant_order_no)
            .field("amount_fen", &self.amount_fen)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
