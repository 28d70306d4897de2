//! Picking goods: one card, or a carousel of 2 to 10.

use super::{Buttons, yuan};
use crate::{
    gsma::{CardContent, CardWidth, Media, Message, Suggestion},
    postback::Verb,
};

/// Something that a merchant sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// The merchant's number for it (`goodsNo`). No `|`.
    pub number: String,
    /// Its name.
    pub name: String,
    /// One line about it.
    pub description: String,
    /// Its price, fen.
    pub price_fen: i64,
    /// Its picture, uploaded to the operator before.
    pub picture: Option<Media>,
}

/// The goods as cards, each with one button that orders it. `buttons.reference` is not used: each button
/// is about its own goods number. Goods beyond the tenth are left out.
///
/// `None` for no goods at all.
#[must_use]
pub fn goods_card(goods: &[Goods], buttons: Buttons<'_>) -> Option<Message> {
    let mut cards: Vec<CardContent> = goods
        .iter()
        .take(10)
        .map(|goods| CardContent {
            media: goods.picture.clone(),
            title: Some(format!("{} ¥{}", goods.name, yuan(goods.price_fen))),
            description: (!goods.description.is_empty()).then(|| goods.description.clone()),
            suggestions: Some(vec![Suggestion::reply(
                format!("下单{}元", yuan(goods.price_fen)),
                buttons.data_about(Verb::GoodsPick, &goods.number),
            )]),
        })
        .collect();
    match cards.len() {
        0 => None,
        1 => cards.pop().map(Message::card),
        _ => Some(Message::carousel(CardWidth::MediumWidth, cards)),
    }
}
