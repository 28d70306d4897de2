//! The counter: what the user gets to see, as cards and words.

use msgpay_messaging::{
    address::TelUri,
    cards::{AlreadyPaidCard, Buttons, ClosedCard, Envelope, FailedCard, PayCard, SuccessCard},
    gsma::Suggestion,
    model::{MessageIds, Outbound},
    postback::Verb,
};

use super::{
    Shop,
    desk::{DeskError, Talk},
    store::{DueCard, Order, OrderState},
};
use crate::net;

/// How long a button is answered, seconds. None of them moves money.
const BUTTON_S: u64 = 7 * 86_400;

impl Shop {
    /// Says something in words.
    pub(super) async fn words(
        &self,
        talk: &Talk,
        words: impl Into<String>,
        chips: Vec<Suggestion>,
    ) -> Result<(), DeskError> {
        let envelope = self.answer(talk)?;
        self.send(envelope.payment_words(words, chips)).await
    }

    pub(super) async fn send_pay_card(
        &self,
        talk: &Talk,
        order: &Order,
        link: &str,
    ) -> Result<(), DeskError> {
        let card = PayCard {
            merchant: &self.config.name,
            goods: &format!("{} ×1", order.goods_name),
            amount_fen: order.amount_fen,
            pay_order_no: number_of(order),
            pay_url: link,
            pay_before: seconds(order.expires_at),
        };
        let card = card.content(self.order_buttons(order));
        let envelope = self.answer(talk)?;
        self.send(envelope.payment(card, None, self.order_chips(order))).await
    }

    /// The card of an order that can't be paid any more; starts nothing.
    pub(super) async fn show_final(&self, talk: &Talk, order: &Order) -> Result<(), DeskError> {
        let buttons = self.order_buttons(order);
        let card = match order.state {
            OrderState::Success => AlreadyPaidCard {
                merchant_order_no: &order.order_no,
                paid_at: seconds(order.paid_at.unwrap_or_default()),
                amount_fen: order.amount_fen,
                refunds: false,
            }
            .content(buttons),
            _ => ClosedCard.content(buttons),
        };
        let envelope = self.answer(talk)?;
        self.send(envelope.payment(card, None, Vec::new())).await
    }

    /// Sends a result card. The same card has the same `messageId` in every try.
    pub(super) async fn send_result(&self, due: DueCard) -> Result<(), DeskError> {
        let order = &due.order;
        let buttons = self.order_buttons(order);
        let (card, sms) = match due.kind {
            OrderState::Success => {
                let card = SuccessCard {
                    merchant: &self.config.name,
                    amount_fen: order.amount_fen,
                    paid_at: seconds(order.paid_at.unwrap_or_default()),
                    pay_order_no: number_of(order),
                    merchant_order_no: &order.order_no,
                    order_page: None,
                    refunds: false,
                    receipts: false,
                };
                (card.content(buttons), Some(card.sms(&self.config.short_name)))
            }
            OrderState::Fail => {
                let card = FailedCard {
                    reason: None,
                    pay_before: seconds(order.expires_at),
                    retry_page: None,
                    other_institutions: false,
                };
                (card.content(buttons), None)
            }
            _ => (ClosedCard.content(buttons), None),
        };
        let envelope = Envelope {
            ids: MessageIds {
                message_id: due.message_id,
                conversation_id: order.conversation.clone(),
                contribution_id: due.contribution_id,
            },
            in_reply_to: None,
            to: order.tel.clone(),
            from: self.config.chatbot.clone(),
        };
        self.send(envelope.payment(card, sms, Vec::new())).await
    }

    pub(super) async fn send(&self, message: Outbound) -> Result<(), DeskError> {
        let message = message.validate()?;
        Ok(self.operator.send(&message).await?)
    }

    pub(super) fn answer(&self, talk: &Talk) -> Result<Envelope, DeskError> {
        Ok(Envelope {
            ids: MessageIds {
                message_id: net::uuid()?,
                conversation_id: talk.conversation.clone(),
                contribution_id: net::uuid()?,
            },
            in_reply_to: Some(talk.contribution.clone()),
            to: talk.tel.clone(),
            from: self.config.chatbot.clone(),
        })
    }

    pub(super) fn buttons<'a>(&'a self, sender: &'a TelUri, reference: &'a str) -> Buttons<'a> {
        let expires = self.now_s().saturating_add(BUTTON_S);
        Buttons { keys: &self.postbacks, sender, reference, expires }
    }

    pub(super) fn order_buttons<'a>(&'a self, order: &'a Order) -> Buttons<'a> {
        self.buttons(&order.tel, number_of(order))
    }

    pub(super) fn order_chips(&self, order: &Order) -> Vec<Suggestion> {
        let buttons = self.order_buttons(order);
        vec![buttons.reply("查询订单", Verb::OrderQuery), buttons.reply("重新获取付款卡", Verb::PayRetry)]
    }

    pub(super) fn shop_chips(&self, talk: &Talk) -> Vec<Suggestion> {
        vec![self.buttons(&talk.tel, "").reply("看看有什么", Verb::GoodsList)]
    }
}

/// The number that buttons and cards use: the platform's, or ours while it has none.
pub(super) fn number_of(order: &Order) -> &str {
    order.pay_order_no.as_deref().unwrap_or(&order.order_no)
}

pub(super) fn seconds(unix: i64) -> u64 {
    u64::try_from(unix).unwrap_or(0)
}
