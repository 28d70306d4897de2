//! `POST /sdk/v1/launches`: a link becomes a signed summary, a nonce and a key to seal to.

use std::sync::Arc;

use axum::{Extension, extract::State};
use msgpay_wire::{
    Fen,
    launch::{LaunchToken, wallet_binding},
    problem::Code,
    request::Launch,
    summary::Summary,
    trust::{Distrust, Purpose},
};

use super::answer::{Offer, allowed, seconds};
use crate::{
    domain::Order,
    http::{device::DeviceCall, reply::Reply},
    keys::BuiltIn,
    platform::Platform,
    store::{Device, NewLaunch},
};

/// Bytes of the item text in a summary.
const ITEM_BYTES_MAX: usize = 512;

pub(super) async fn launch(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let asked = Launch::read(call.body()).map_err(Reply::unreadable)?;
    let device = call.device();
    let token = judge_token(&platform, device, &asked.token)?;
    allowed(&platform, device, token.suite)?;
    let order = platform
        .store()
        .order(&token.pay_order_no)
        .await
        .map_err(|_| Reply::internal("store"))?
        .ok_or_else(|| Reply::problem(Code::OrderUnknown))?;
    if order.merchant_id != token.merchant_id {
        return Err(Reply::because(Code::NotAllowed, "The link is of another merchant than the order."));
    }
    if order.amount_fen > platform.policy().fen_max {
        return Err(Reply::problem(Code::Limit));
    }
    let has_biometric = platform.store().biometric_key(&device.device_id).await;
    let has_biometric = has_biometric.map_err(|_| Reply::internal("store"))?.is_some();
    let ways = platform.policy().ways(order.amount_fen, has_biometric);
    if ways.is_empty() {
        return Err(Reply::because(
            Code::Limit,
            "The amount is over the limit of a device without a biometric key; enrol one, or pay another way.",
        ));
    }
    let summary = summary(&platform, device, &order).await?;
    let mut offer = Offer::prepare(
        &platform,
        token.suite,
        &asked.token,
        asked.client_nonce,
        summary,
        order.expire_at_ms,
    )?;
    offer.ways = ways;
    // The store decides, in the transaction that records the nonce, whether the order is this device's to pay.
    let issued = platform
        .store()
        .issue_launch(NewLaunch {
            nonce: offer.server_nonce,
            device_id: device.device_id.clone(),
            pay_order_no: order.pay_order_no,
            order_digest: offer.summary_digest,
            summary: offer.summary.clone(),
            token_digest: offer.token_digest,
            client_nonce: offer.client_nonce,
            suite: offer.suite.number(),
            kid: offer.seal_kid,
            expires_at_ms: offer.expires_at_ms,
            ways: offer.ways.clone(),
        })
        .await
        .map_err(|_| Reply::internal("store"))?;
    offer.sign(&platform, device, issued)
}

fn judge_token(platform: &Platform, device: &Device, bytes: &[u8]) -> Result<LaunchToken, Reply> {
    let now = seconds(platform.clock().now_s())?;
    let keys = platform.keys();
    let opened = LaunchToken::open(&BuiltIn, keys.roots(), bytes, now);
    let (token, key) = opened.map_err(|distrust| match distrust {
        Distrust::Format(refused) => Reply::unreadable(refused),
        Distrust::Suite => Reply::problem(Code::Suite),
        Distrust::KeyTime => {
            Reply::because(Code::Closed, "The link is too old; ask the merchant for a new one.")
        }
        _ => Reply::because(
            Code::Signature,
            "The link is not one of this institution, or was altered; open the payment from the chat again.",
        ),
    })?;
    // The root's word on a key outlasts the institution's own: what was taken out of the manifest signs no more.
    if !platform.keys().holds(Purpose::Launch, key.suite, key.kid) {
        return Err(Reply::because(
            Code::Signature,
            "The link is signed by a key that was withdrawn; ask the merchant for a new one.",
        ));
    }
    if token.expires <= now {
        return Err(Reply::because(Code::Closed, "The link has expired; ask the merchant for a new one."));
    }
    if wallet_binding(&BuiltIn, token.suite, &device.wallet_id, &token.nonce) != token.wallet_binding {
        return Err(Reply::because(Code::NotAllowed, "This order is for another wallet."));
    }
    Ok(token)
}

/// What the payer will be shown: the registered name, the platform's own record of the amount.
async fn summary(platform: &Platform, device: &Device, order: &Order) -> Result<Vec<u8>, Reply> {
    let wallet = platform
        .store()
        .wallet(&device.wallet_id)
        .await
        .map_err(|_| Reply::internal("store"))?
        .filter(|wallet| wallet.active)
        .ok_or_else(|| Reply::problem(Code::Account))?;
    let claimed_name = (order.merchant_name != order.registered_name).then(|| order.merchant_name.clone());
    let item = [&order.goods_name, &order.goods_description]
        .into_iter()
        .find_map(|text| text.as_deref())
        .unwrap_or(&order.merchant_order_no);
    let summary = Summary {
        institution_id: platform.institution().id.clone(),
        wallet_id: wallet.wallet_id,
        pay_order_no: order.pay_order_no.clone(),
        payee_id: order.merchant_id.clone(),
        payee_name: order.registered_name.clone(),
        amount: Fen::new(order.amount_fen).map_err(|_| Reply::internal("amount"))?,
        item: cut(item, ITEM_BYTES_MAX).to_owned(),
        expires: seconds(order.expire_at_ms.div_euclid(1000))?,
        claimed_name,
        funding: wallet.funding_text,
    };
    Ok(summary.encode())
}

/// The longest head of `text` that fits, cut between characters.
fn cut(text: &str, bytes_max: usize) -> &str {
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= bytes_max).last();
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_long_item_is_cut_between_characters() {
        assert_eq!(super::cut("拿铁", 5), "拿");
        assert_eq!(super::cut("拿铁", 6), "拿铁");
        assert_eq!(super::cut("abc", 512), "abc");
    }
}
