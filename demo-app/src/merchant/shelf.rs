//! What the coffee shop sells.

use msgpay_messaging::cards::Goods;

/// The demo's goods.
#[must_use]
pub fn shelf() -> Vec<Goods> {
    let goods = |number: &str, name: &str, description: &str, price_fen| Goods {
        number: number.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        price_fen,
        picture: None,
    };
    vec![
        goods("SKU-LT-01", "拿铁礼盒", "冷萃拿铁六瓶装，当日现萃，顺丰冷链送达。", 12_850),
        goods("SKU-BN-02", "云南日晒豆", "孟连日晒中烘 250 克，红糖与莓果。", 6_800),
        goods("SKU-PS-03", "海盐可颂", "清晨现烤一只，配黄油。", 1_600),
    ]
}
