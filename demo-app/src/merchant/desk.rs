//! The desk: the one place that decides what an order becomes and which card the user gets.
//!
//! Unpaid orders may be started again any number of times, under the same number (T/CAICI 92 §6.1.1(1)); a
//! paid one never (§6.1.1(2)). What settles an order is the platform's signed word, by C.3 or C.2, and
//! nothing that a user or the operator sends.

use std::sync::Arc;

use msgpay_messaging::{
    address::TelUri,
    cards::{Goods, goods_card, hour_minute, yuan},
    rules::Defects,
};
use msgpay_wire::{
    annex_c::{BusinessType, NewOrder, OrderStatus, Query, TransactionType},
    money::{AmountError, Fen},
    problem::Code,
};

use super::{
    Shop, china,
    counter::seconds,
    operator::SendFailed,
    platform::PlatformFailed,
    store::{Fresh, Order, OrderState, Settled, StoreError},
};
use crate::net;

/// How long an order may be paid, seconds.
const ORDER_S: i64 = 30 * 60;
/// An open order with less than this to live is not offered again.
const LEFT_S_MIN: i64 = 90;
/// Why the desk could not serve.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeskError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Platform(#[from] PlatformFailed),
    #[error(transparent)]
    Send(#[from] SendFailed),
    #[error("a card of ours breaks the rules: {0}")]
    Card(#[from] Defects),
    #[error("a price of ours is no amount: {0}")]
    Price(#[from] AmountError),
    #[error("the system's randomness failed")]
    Randomness(#[from] msgpay_crypto::Error),
}

/// The conversation in which the user is answered.
#[derive(Debug, Clone)]
pub(super) struct Talk {
    pub(super) tel: TelUri,
    pub(super) conversation: String,
    /// The uplink that is answered.
    pub(super) contribution: String,
}

impl Shop {
    /// Shows what is sold.
    pub(super) async fn show_goods(&self, talk: &Talk) -> Result<(), DeskError> {
        let Some(message) = goods_card(&self.config.goods, self.buttons(&talk.tel, "")) else {
            return Ok(());
        };
        let envelope = self.answer(talk)?;
        self.send(envelope.plain(message, Vec::new())).await
    }

    /// The user picked goods: their open order of it, or a new one, gets its pay card.
    pub(super) async fn pick(&self, talk: &Talk, goods_no: &str) -> Result<(), DeskError> {
        let Some(goods) = self.goods(goods_no) else { return self.show_goods(talk).await };
        let order = self.open_order(&talk.tel, &talk.conversation, goods).await?;
        self.place(talk, &order).await
    }

    /// The order of these goods that is open for the user, or a new one.
    async fn open_order(&self, tel: &TelUri, conversation: &str, goods: &Goods) -> Result<Order, DeskError> {
        let now = self.config.clock.now_s();
        let day = china::day(now);
        let tail: [u8; 4] = msgpay_crypto::random::make()?;
        let fresh = Fresh {
            order_no: format!("M{day}A{}", hex::encode_upper(tail)),
            order_date: day,
            tel,
            conversation,
            goods,
            expires_at: now.saturating_add(ORDER_S),
        };
        Ok(self.store.open_order(fresh, LEFT_S_MIN).await?)
    }

    /// Orders something of this price for somebody who has no chat open: the platform's order and the link that a pay
    /// card would carry.
    pub(super) async fn order_at_the_desk(
        &self,
        tel: &TelUri,
        price_fen: i64,
    ) -> Result<(String, String), DeskError> {
        let number: [u8; 8] = msgpay_crypto::random::make()?;
        let goods = Goods {
            number: hex::encode(number),
            name: "柜台订单".to_owned(),
            description: "柜台订单".to_owned(),
            price_fen,
            picture: None,
        };
        let order = self.open_order(tel, &net::uuid()?, &goods).await?;
        let (accepted, link) = self.platform.order(&self.new_order(&order)?, self.expiry(&order)).await?;
        let noted =
            self.store.accepted(&order.order_no, &accepted.pay_order_no, &accepted.create_date).await?;
        if noted { Ok((accepted.pay_order_no, link)) } else { Err(PlatformFailed::Unfit.into()) }
    }

    /// The user wants to pay an order, perhaps again.
    pub(super) async fn pay_again(&self, talk: &Talk, number: Option<&str>) -> Result<(), DeskError> {
        let order = match number {
            Some(number) => self.store.order_of(number, &talk.tel).await?,
            None => self.store.newest(&talk.tel, true).await?,
        };
        match order {
            None => self.words(talk, "没有待支付的订单，请先选购。", self.shop_chips(talk)).await,
            Some(order) if order.state.is_open() => self.place(talk, &order).await,
            Some(order) => self.show_final(talk, &order).await,
        }
    }

    /// The user opened the SDK from a pay card. Only a card that has outlived its order is answered.
    pub(super) async fn opened(&self, talk: &Talk, number: &str) -> Result<(), DeskError> {
        match self.store.order_of(number, &talk.tel).await? {
            Some(order) if !order.state.is_open() => self.show_final(talk, &order).await,
            _ => Ok(()),
        }
    }

    /// The user asks how an order stands: the platform is asked first.
    pub(super) async fn how_is(&self, talk: &Talk, number: Option<&str>) -> Result<(), DeskError> {
        let order = match number {
            Some(number) => self.store.order_of(number, &talk.tel).await?,
            None => self.store.newest(&talk.tel, false).await?,
        };
        let Some(order) = order else {
            return self.words(talk, "还没有订单，请先选购。", self.shop_chips(talk)).await;
        };
        let order = self.refreshed(order).await?;
        if !order.state.is_open() {
            return self.show_final(talk, &order).await;
        }
        let words = format!(
            "订单 {} 待支付 ¥{}，请在 {} 前付款。",
            order.order_no,
            yuan(order.amount_fen),
            hour_minute(seconds(order.expires_at)),
        );
        let chips = self.order_chips(&order);
        self.words(talk, words, chips).await
    }

    /// The user gives an unpaid order up. The interface has no call for that, so it lapses by itself.
    pub(super) async fn cancel(&self, talk: &Talk, number: &str) -> Result<(), DeskError> {
        let Some(order) = self.store.order_of(number, &talk.tel).await? else { return Ok(()) };
        let order = self.refreshed(order).await?;
        if !order.state.is_open() {
            return self.show_final(talk, &order).await;
        }
        self.store.give_up(&order.order_no).await?;
        let words = format!(
            "好的，订单 {} 未扣款，不付款即可，将在 {} 自动关闭。",
            order.order_no,
            hour_minute(seconds(order.expires_at)),
        );
        self.words(talk, words, self.shop_chips(talk)).await
    }

    /// The user wants the same goods once more after an order was closed.
    pub(super) async fn recreate(&self, talk: &Talk, number: &str) -> Result<(), DeskError> {
        match self.store.order_of(number, &talk.tel).await? {
            Some(order) => self.pick(talk, &order.goods_no.clone()).await,
            None => self.show_goods(talk).await,
        }
    }

    /// Takes the platform's word on an order (verified by the caller) and makes its card due.
    pub(super) async fn learn(
        &self,
        order_no: &str,
        status: OrderStatus,
        paid_at: Option<i64>,
    ) -> Result<Option<Settled>, DeskError> {
        let (result, paid_at) = match status {
            OrderStatus::WaitPay | OrderStatus::Paying => return Ok(None),
            OrderStatus::Fail => (OrderState::Fail, None),
            OrderStatus::Closed => (OrderState::Closed, None),
            // A refund follows a payment: for the order it was paid.
            OrderStatus::Success
            | OrderStatus::RefundProcessing
            | OrderStatus::PartialRefund
            | OrderStatus::Refund => {
                (OrderState::Success, Some(paid_at.unwrap_or_else(|| self.config.clock.now_s())))
            }
        };
        let ids = (net::uuid()?, net::uuid()?);
        let settled = self.store.settle(order_no, result, paid_at, ids).await?;
        self.wake.notify_one();
        Ok(Some(settled))
    }

    /// Asks the platform about an order (C.2) and takes its word.
    pub(super) async fn ask_about(&self, order: &Order) -> Result<(), DeskError> {
        let (Some(pay_order_no), Some(create_date)) = (&order.pay_order_no, &order.create_date) else {
            return Ok(());
        };
        let answer = self
            .platform
            .query(&Query {
                pay_order_no: pay_order_no.clone(),
                create_date: create_date.clone(),
                mobile_no: order.tel.mobile().unwrap_or_default().to_owned(),
                merchant_order_no: order.order_no.clone(),
                merchant_id: self.config.id.clone(),
            })
            .await?;
        if answer.order_amount.get() != order.amount_fen {
            return Err(PlatformFailed::Unfit.into());
        }
        let paid_at = china::unix(&answer.payment_date, &answer.payment_time);
        self.learn(&order.order_no, answer.order_status, paid_at).await.map(drop)
    }

    /// C.1 for an order that may be paid, then its pay card.
    async fn place(&self, talk: &Talk, order: &Order) -> Result<(), DeskError> {
        match self.platform.order(&self.new_order(order)?, self.expiry(order)).await {
            Ok((accepted, link)) => {
                let noted = self
                    .store
                    .accepted(&order.order_no, &accepted.pay_order_no, &accepted.create_date)
                    .await?;
                if !noted {
                    return Err(PlatformFailed::Unfit.into());
                }
                let order = Order { pay_order_no: Some(accepted.pay_order_no), ..order.clone() };
                self.send_pay_card(talk, &order, &link).await
            }
            // Settled meanwhile: a signed C.2 says how.
            Err(PlatformFailed::Problem(Code::AlreadyPaid | Code::Closed | Code::InProgress)) => {
                let order = self.refreshed(order.clone()).await?;
                if order.state.is_open() {
                    self.words(talk, "该订单正在处理，结果以消息为准，请勿重复支付。", Vec::new()).await
                } else {
                    self.show_final(talk, &order).await
                }
            }
            Err(failed) => {
                let words = match &failed {
                    PlatformFailed::Problem(Code::Account) => {
                        "您还没有开通支付账户，请先开通后再下单。未扣款。"
                    }
                    _ => "下单暂未成功，未扣款。请稍后再试。",
                };
                self.words(talk, words, self.order_chips(order)).await?;
                Err(failed.into())
            }
        }
    }

    fn new_order(&self, order: &Order) -> Result<NewOrder, DeskError> {
        Ok(NewOrder {
            transaction_type: TransactionType::Password,
            business_type: BusinessType::Native,
            bank_return_url: self.return_url.clone(),
            merchant_order_no: order.order_no.clone(),
            merchant_name: self.config.name.clone(),
            order_date: order.order_date.clone(),
            order_amount: Fen::new(order.amount_fen)?,
            currency: Some("CNY".to_owned()),
            merchant_id: self.config.id.clone(),
            mobile_no: order.tel.mobile().unwrap_or_default().to_owned(),
            goods_no: Some(order.goods_no.clone()),
            goods_name: Some(order.goods_name.clone()),
            goods_description: Some(format!("{} ×1", order.goods_name)),
        })
    }

    /// `Msgpay-Expire`, unless the order has too little left for the platform to take it.
    fn expiry(&self, order: &Order) -> Option<String> {
        let left = order.expires_at.saturating_sub(self.config.clock.now_s());
        (left >= LEFT_S_MIN).then(|| china::rfc3339(order.expires_at))
    }

    /// The order as the platform has it now; as it was if the platform doesn't answer.
    async fn refreshed(&self, order: Order) -> Result<Order, DeskError> {
        if order.state.is_open() {
            match self.ask_about(&order).await {
                Ok(()) | Err(DeskError::Platform(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(self.store.order(&order.order_no).await?.unwrap_or(order))
    }

    fn goods(&self, number: &str) -> Option<&Goods> {
        self.config.goods.iter().find(|goods| goods.number == number)
    }

    /// Does `work` behind the answer that was already given. What fails is told in words, if that works.
    pub(super) fn serve(
        self: &Arc<Self>,
        talk: Talk,
        work: impl Future<Output = Result<(), DeskError>> + Send + 'static,
    ) {
        let shop = Arc::clone(self);
        self.put_to_work(async move {
            // A platform that failed was told of already, where it was asked.
            if let Err(DeskError::Store(_) | DeskError::Card(_) | DeskError::Price(_)) = work.await {
                let _ = shop.words(&talk, "暂时无法处理，请稍后再试。未扣款。", Vec::new()).await;
            }
        });
    }
}
