//! C.1: a merchant orders (T/CAICI 92 Annex B.3 steps 2 and 3).

use std::sync::Arc;

use axum::{Extension, extract::State};
use msgpay_wire::{
    Fen,
    annex_c::{self, BusinessType, OrderAccepted, TransactionType},
    launch::{LaunchToken, Link, wallet_binding},
    problem::Code,
    trust::{Purpose, Signer as _},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    domain::Order,
    http::{merchant::MerchantCall, reply::Reply},
    keys::BuiltIn,
    notify::fence::Target,
    platform::Platform,
    store::{Created, NewOrder, Wallet},
};

/// The order's expiry, RFC 3339; between one minute and seven days ahead.
const EXPIRE: &str = "msgpay-expire";
const EXPIRE_MS_MIN: i64 = 60_000;
const EXPIRE_MS_MAX: i64 = 7 * 86_400_000;
/// A launch token lives as long as its order, at most this.
const TOKEN_S_MAX: i64 = 30 * 60;

/// `POST /v1/pay/orders`.
pub(super) async fn create(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<MerchantCall>,
) -> Result<Reply, Reply> {
    let order = annex_c::NewOrder::read(call.body())
        .map_err(|refusal| Reply::because(Code::Malformed, refusal.to_string()))?;
    let expire_at_ms = expiry(&call, platform.clock().now_ms())?;
    check_allowed(&platform, &call, &order)?;
    let wallet = wallet_of(&platform, &order.mobile_no).await?;
    let created = platform
        .store()
        .create_order(NewOrder {
            http_nonce: Some(call.nonce().clone()),
            merchant_id: order.merchant_id,
            merchant_order_no: order.merchant_order_no,
            order_date: order.order_date,
            transaction_type: order.transaction_type.code().to_owned(),
            business_type: order.business_type.code().to_owned(),
            bank_return_url: order.bank_return_url,
            merchant_name: order.merchant_name,
            amount_fen: order.order_amount.get(),
            mobile_no: order.mobile_no,
            goods_no: order.goods_no,
            goods_name: order.goods_name,
            goods_description: order.goods_description,
            expire_at_ms,
        })
        .await
        .map_err(|_| Reply::internal("store"))?;
    match created {
        Created::New(order) | Created::Replay(order) => accepted(&platform, &order, &wallet),
        Created::Conflict => Err(Reply::problem(Code::Conflict)),
        Created::AlreadyPaid(_) => Err(Reply::problem(Code::AlreadyPaid)),
        Created::Closed(_) => Err(Reply::problem(Code::Closed)),
        Created::MerchantStopped => Err(Reply::problem(Code::NotAllowed)),
        Created::NonceReplayed => Err(Reply::problem(Code::Replay)),
        Created::DateRefused => {
            Err(Reply::because(Code::Malformed, "orderDate: must be today in China (UTC+8), or one day off"))
        }
    }
}

fn expiry(call: &MerchantCall, now_ms: i64) -> Result<Option<i64>, Reply> {
    let value = match call.headers(EXPIRE).as_slice() {
        [] => return Ok(None),
        [value] => *value,
        _ => return Err(Reply::because(Code::Malformed, "Msgpay-Expire: may stand once")),
    };
    let refused =
        || Reply::because(Code::Malformed, "Msgpay-Expire: must be RFC 3339, 1 minute to 7 days ahead");
    let at = value
        .to_str()
        .ok()
        .and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok())
        .ok_or_else(refused)?;
    let at_ms = i64::try_from(at.unix_timestamp_nanos() / 1_000_000).map_err(|_| refused())?;
    let ahead = at_ms.saturating_sub(now_ms);
    if (EXPIRE_MS_MIN..=EXPIRE_MS_MAX).contains(&ahead) { Ok(Some(at_ms)) } else { Err(refused()) }
}

/// What this merchant may order here.
fn check_allowed(platform: &Platform, call: &MerchantCall, order: &annex_c::NewOrder) -> Result<(), Reply> {
    let merchant = call.merchant();
    if order.merchant_id != merchant.id {
        return Err(Reply::because(Code::NotAllowed, "merchantId: is not the merchant that signed"));
    }
    if order.business_type != BusinessType::Native {
        return Err(Reply::because(Code::NotAllowed, "businessType: only NATIVE is opened"));
    }
    if order.transaction_type != TransactionType::Password {
        return Err(Reply::because(Code::NotAllowed, "transactionType: only 01 is opened"));
    }
    if order.order_amount.get() > platform.policy().fen_max {
        return Err(Reply::because(Code::Limit, "orderAmount: is over the largest single payment"));
    }
    Target::judge(&order.bank_return_url, &merchant.notify_host_allow)
        .map_err(|refusal| Reply::because(Code::Malformed, format!("bankReturnUrl: {refusal}")))?;
    Ok(())
}

async fn wallet_of(platform: &Platform, mobile_no: &str) -> Result<Wallet, Reply> {
    platform
        .store()
        .wallet_of_mobile(mobile_no)
        .await
        .map_err(|_| Reply::internal("store"))?
        .filter(|wallet| wallet.active)
        .ok_or_else(|| Reply::because(Code::Account, "mobileNo: has no active wallet at this institution"))
}

/// The answer, with a link that only this payer's handset can use. A repeated order gets a fresh link.
fn accepted(platform: &Platform, order: &Order, wallet: &Wallet) -> Result<Reply, Reply> {
    let order_amount = Fen::new(order.amount_fen).map_err(|_| Reply::internal("amount"))?;
    let pay_url = link(platform, order, wallet)?;
    Ok(Reply::json(
        OrderAccepted {
            pay_order_no: order.pay_order_no.clone(),
            create_date: order.create_date.clone(),
            merchant_id: order.merchant_id.clone(),
            merchant_order_no: order.merchant_order_no.clone(),
            merchant_name: order.merchant_name.clone(),
            order_amount,
            result: "SUCCESS".to_owned(),
            pay_url: Some(pay_url),
        }
        .encode(),
    ))
}

fn link(platform: &Platform, order: &Order, wallet: &Wallet) -> Result<String, Reply> {
    let now_s = platform.clock().now_s();
    let nonce = msgpay_crypto::random::make().map_err(|_| Reply::internal("randomness"))?;
    let expires = order.expire_at_ms.div_euclid(1000).min(now_s + TOKEN_S_MAX);
    let suite = platform.policy().preferred();
    let token = LaunchToken {
        institution_id: platform.institution().id.clone(),
        merchant_id: order.merchant_id.clone(),
        pay_order_no: order.pay_order_no.clone(),
        wallet_binding: wallet_binding(&BuiltIn, suite, &wallet.wallet_id, &nonce),
        nonce,
        suite,
        expires: u64::try_from(expires).map_err(|_| Reply::internal("clock"))?,
    };
    let keys = platform.keys();
    let signer = keys.signer(Purpose::Launch, suite, now_s).map_err(|_| Reply::internal("launch key"))?;
    let token = signer.sign_object(token.payload()).map_err(|_| Reply::internal("launch key"))?;
    Ok(Link { pay_order_no: order.pay_order_no.clone(), token }.text())
}
