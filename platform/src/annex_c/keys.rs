//! The keys for HTTP message signatures: a merchant learns the next one before it signs.

use std::sync::Arc;

use axum::{Extension, extract::State};
use msgpay_wire::{
    http_keys::{HttpKey, HttpKeys, KeysQuery},
    problem::Code,
};

use crate::{
    http::{merchant::MerchantCall, reply::Reply},
    platform::Platform,
};

/// `POST /v1/keys/query`. A key announces keys of its own suite only.
pub(super) async fn query(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<MerchantCall>,
) -> Result<Reply, Reply> {
    let query = KeysQuery::read(call.body())
        .map_err(|refusal| Reply::because(Code::Malformed, refusal.to_string()))?;
    if query.merchant_id != call.merchant().id {
        return Err(Reply::because(Code::NotAllowed, "merchantId: is not the merchant that signed"));
    }
    let (store, nonce) = (platform.store(), call.nonce());
    let fresh =
        store.use_http_nonce(&nonce.key_id, &nonce.nonce).await.map_err(|_| Reply::internal("store"))?;
    if !fresh {
        return Err(Reply::problem(Code::Replay));
    }
    let (keys, now_s) = (platform.keys(), platform.clock().now_s());
    let listed = keys.http_all(call.suite(), now_s).map(|key| HttpKey {
        key_id: key.key_id.clone(),
        suite: key.suite,
        public_key: key.public_key(),
        not_before: key.good().start,
        not_after: key.good().end,
    });
    let answer = HttpKeys { institution_id: platform.institution().id.clone(), keys: listed.collect() };
    Ok(Reply::json(answer.encode()).announcing())
}
