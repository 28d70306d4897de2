//! C.2: a merchant asks how its order stands. The answer is the platform's truth; a notice only says that it
//! is worth asking.

use std::sync::Arc;

use axum::{Extension, extract::State};
use msgpay_wire::{
    Fen,
    annex_c::{Query, QueryAnswer},
    problem::Code,
};

use crate::{
    http::{merchant::MerchantCall, reply::Reply},
    ids,
    platform::Platform,
    store::OrderQuery,
};

/// `POST /v1/pay/orders/query`.
pub(super) async fn query(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<MerchantCall>,
) -> Result<Reply, Reply> {
    let query =
        Query::read(call.body()).map_err(|refusal| Reply::because(Code::Malformed, refusal.to_string()))?;
    if query.merchant_id != call.merchant().id {
        return Err(Reply::because(Code::NotAllowed, "merchantId: is not the merchant that signed"));
    }
    let store = platform.store();
    let nonce = call.nonce();
    let fresh =
        store.use_http_nonce(&nonce.key_id, &nonce.nonce).await.map_err(|_| Reply::internal("store"))?;
    if !fresh {
        return Err(Reply::problem(Code::Replay));
    }
    let order = store
        .find_order(&OrderQuery {
            merchant_id: query.merchant_id,
            pay_order_no: query.pay_order_no,
            create_date: query.create_date,
            merchant_order_no: query.merchant_order_no,
            mobile_no: query.mobile_no,
        })
        .await
        .map_err(|_| Reply::internal("store"))?
        .ok_or_else(|| Reply::problem(Code::OrderUnknown))?;
    Ok(Reply::json(
        QueryAnswer {
            order_amount: Fen::new(order.amount_fen).map_err(|_| Reply::internal("amount"))?,
            order_status: order.status,
            transaction_type: order.transaction_type,
            business_type: order.business_type,
            merchant_order_no: order.merchant_order_no,
            merchant_name: order.merchant_name,
            order_date: order.order_date,
            merchant_id: order.merchant_id,
            mobile_no: order.mobile_no,
            goods_no: order.goods_no,
            goods_name: order.goods_name,
            goods_description: order.goods_description,
            // The table has both as mandatory: empty while there is nothing to say.
            payment_date: order.paid_at_ms.map(ids::china_date).unwrap_or_default(),
            payment_time: order.paid_at_ms.map(ids::china_time).unwrap_or_default(),
            fee: None,
            pay_order_no: order.pay_order_no,
        }
        .encode(),
    ))
}
