//! The native pay card (Annex B.3 step 3): its button hands a `msgpay:` link to the payment SDK.

use super::{Buttons, hour_minute, tail, yuan};
use crate::{
    gsma::{CardContent, OpenUrl, Suggestion},
    postback::Verb,
};

/// An unpaid order to be paid in the SDK.
#[derive(Debug, Clone, Copy)]
pub struct PayCard<'a> {
    /// The merchant's name.
    pub merchant: &'a str,
    /// What is bought, `拿铁礼盒 ×1`.
    pub goods: &'a str,
    /// The amount, fen.
    pub amount_fen: i64,
    /// The payment order number.
    pub pay_order_no: &'a str,
    /// The `msgpay:` link of the C.1 answer, opaque to the merchant.
    pub pay_url: &'a str,
    /// When the order lapses, Unix seconds.
    pub pay_before: u64,
}

impl PayCard<'_> {
    /// The card.
    #[must_use]
    pub fn content(&self, buttons: Buttons<'_>) -> CardContent {
        let amount = yuan(self.amount_fen);
        CardContent {
            media: None,
            title: Some(format!("待支付 ¥{amount}")),
            description: Some(format!(
                "商户：{}\n商品：{}\n订单尾号：{}\n请在 {} 前付款，点按钮由内置支付 SDK 安全收银",
                self.merchant,
                self.goods,
                tail(self.pay_order_no),
                hour_minute(self.pay_before),
            )),
            suggestions: Some(vec![
                Suggestion::open(
                    format!("支付{amount}元"),
                    OpenUrl::browser(self.pay_url),
                    buttons.data(Verb::SdkOpen),
                ),
                buttons.reply("取消订单", Verb::OrderCancel),
            ]),
        }
    }
}
