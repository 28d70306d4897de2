//! Cards that say how an order stands: paid, not paid, paid before, closed.

use super::{Buttons, date_time, hour_minute, shortened, yuan};
use crate::{
    gsma::{CardContent, OpenUrl, Suggestion, ViewMode},
    postback::Verb,
};

/// The order was paid (T/CAICI 92 §6.1.1(4)).
#[derive(Debug, Clone, Copy)]
pub struct SuccessCard<'a> {
    /// The merchant's name.
    pub merchant: &'a str,
    /// The amount, fen.
    pub amount_fen: i64,
    /// When it was paid, Unix seconds.
    pub paid_at: u64,
    /// The payment order number.
    pub pay_order_no: &'a str,
    /// The merchant's order number.
    pub merchant_order_no: &'a str,
    /// The merchant's page about the order; without one the button asks in the chat.
    pub order_page: Option<&'a str>,
    /// Whether the merchant takes refund requests here.
    pub refunds: bool,
    /// Whether the merchant hands out receipts here.
    pub receipts: bool,
}

impl SuccessCard<'_> {
    /// The card.
    #[must_use]
    pub fn content(&self, buttons: Buttons<'_>) -> CardContent {
        let mut suggestions = vec![match self.order_page {
            Some(page) => Suggestion::open("查看订单", OpenUrl::webview(page, ViewMode::Full), "order.view"),
            None => buttons.reply("查看订单", Verb::OrderQuery),
        }];
        if self.refunds {
            suggestions.push(buttons.reply("申请退款", Verb::RefundApply));
        }
        if self.receipts {
            suggestions.push(buttons.reply("电子凭证", Verb::ReceiptGet));
        }
        CardContent {
            media: None,
            title: Some(format!("支付成功 ¥{}", yuan(self.amount_fen))),
            description: Some(format!(
                "收款方：{}\n支付时间：{}\n支付订单号：{}\n商户订单号：{}",
                self.merchant,
                date_time(self.paid_at),
                shortened(self.pay_order_no),
                self.merchant_order_no,
            )),
            suggestions: Some(suggestions),
        }
    }

    /// The short message for devices without 5G messages. `sign` is the merchant's short name.
    #[must_use]
    pub fn sms(&self, sign: &str) -> String {
        format!("【{sign}】支付成功{}元，订单{}。", yuan(self.amount_fen), self.merchant_order_no)
    }
}

/// A payment failed and the order still stands.
#[derive(Debug, Clone, Copy)]
pub struct FailedCard<'a> {
    /// Why, with the code, `付款账户余额不足（5G-3004）`; `None` when the platform didn't say.
    pub reason: Option<&'a str>,
    /// Until when the order can be paid, Unix seconds.
    pub pay_before: u64,
    /// A page to pay on; without one the button asks for a fresh card in the chat.
    pub retry_page: Option<&'a str>,
    /// Whether another institution can be chosen.
    pub other_institutions: bool,
}

impl FailedCard<'_> {
    /// The card.
    #[must_use]
    pub fn content(&self, buttons: Buttons<'_>) -> CardContent {
        let valid = format!("订单仍有效至 {}，未扣款。", hour_minute(self.pay_before));
        let mut suggestions = vec![match self.retry_page {
            Some(page) => Suggestion::open(
                "重新支付",
                OpenUrl::webview(page, ViewMode::Tall),
                buttons.data(Verb::PayRetry),
            ),
            None => buttons.reply("重新支付", Verb::PayRetry),
        }];
        if self.other_institutions {
            suggestions.push(buttons.reply("换支付方式", Verb::InstitutionList));
        }
        suggestions.push(buttons.reply("取消订单", Verb::OrderCancel));
        CardContent {
            media: None,
            title: Some("支付未成功".to_owned()),
            description: Some(match self.reason {
                Some(reason) => format!("原因：{reason}。{valid}"),
                None => valid,
            }),
            suggestions: Some(suggestions),
        }
    }
}

/// The order was paid before; no new payment is started (T/CAICI 92 §6.1.1(2)).
#[derive(Debug, Clone, Copy)]
pub struct AlreadyPaidCard<'a> {
    /// The merchant's order number.
    pub merchant_order_no: &'a str,
    /// When it was paid, Unix seconds.
    pub paid_at: u64,
    /// The amount, fen.
    pub amount_fen: i64,
    /// Whether the merchant takes refund requests here.
    pub refunds: bool,
}

impl AlreadyPaidCard<'_> {
    /// The card.
    #[must_use]
    pub fn content(&self, buttons: Buttons<'_>) -> CardContent {
        let mut suggestions = vec![buttons.reply("查看订单", Verb::OrderQuery)];
        if self.refunds {
            suggestions.push(buttons.reply("申请退款", Verb::RefundApply));
        }
        CardContent {
            media: None,
            title: Some("该订单已支付".to_owned()),
            description: Some(format!(
                "订单 {} 已于 {} 支付成功 {} 元，无需重复支付。",
                self.merchant_order_no,
                hour_minute(self.paid_at),
                yuan(self.amount_fen),
            )),
            suggestions: Some(suggestions),
        }
    }
}

/// The order lapsed unpaid.
#[derive(Debug, Clone, Copy)]
pub struct ClosedCard;

impl ClosedCard {
    /// The card.
    #[must_use]
    pub fn content(self, buttons: Buttons<'_>) -> CardContent {
        CardContent {
            media: None,
            title: Some("订单已关闭".to_owned()),
            description: Some("超过支付有效期，订单已关闭，未扣款。如仍需购买请重新下单。".to_owned()),
            suggestions: Some(vec![buttons.reply("重新下单", Verb::OrderRecreate)]),
        }
    }
}
