//! Setting a wallet's password: `POST /sdk/v1/password-setups`, then `POST /sdk/v1/passwords` with two entries.

use std::sync::Arc;

use axum::{Extension, extract::State};
use msgpay_wire::{
    request::{Setup, Submission},
    summary::PasswordSummary,
};

use super::{
    answer::{Offer, allowed, seconds},
    payment::answered,
};
use crate::{
    http::{device::DeviceCall, reply::Reply},
    ids, mask,
    platform::Platform,
    store::NewSetup,
};

/// How long the setting may take.
const SETUP_MS_MAX: i64 = 180_000;

pub(super) async fn begin(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let asked = Setup::read(call.body()).map_err(Reply::unreadable)?;
    let device = call.device();
    allowed(&platform, device, asked.suite)?;
    let mobile = platform
        .store()
        .mobile_of(&device.user_id)
        .await
        .map_err(|_| Reply::internal("store"))?
        .ok_or_else(|| Reply::internal("user"))?;
    let setup_no = ids::setup_no().map_err(|_| Reply::internal("randomness"))?;
    let until_ms = platform.clock().now_ms() + SETUP_MS_MAX;
    let summary = PasswordSummary {
        institution_id: platform.institution().id.clone(),
        wallet_id: device.wallet_id.clone(),
        setup_no: setup_no.clone(),
        mobile_masked: mask::mobile(&mobile),
        expires: seconds(until_ms.div_euclid(1000))?,
    };
    let offer = Offer::prepare(&platform, asked.suite, b"", asked.client_nonce, summary.encode(), until_ms)?;
    let issued = platform
        .store()
        .issue_setup(NewSetup {
            nonce: offer.server_nonce,
            device_id: device.device_id.clone(),
            setup_no,
            order_digest: offer.summary_digest,
            summary: offer.summary.clone(),
            token_digest: offer.token_digest,
            client_nonce: offer.client_nonce,
            suite: offer.suite.number(),
            kid: offer.seal_kid,
            expires_at_ms: offer.expires_at_ms,
        })
        .await
        .map_err(|_| Reply::internal("store"))?;
    offer.sign(&platform, device, issued)
}

pub(super) async fn set(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let asked = Submission::read(call.body()).map_err(Reply::unreadable)?;
    answered(platform.payments().set_password(call.device(), asked).await)
}
