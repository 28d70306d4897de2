//! Enrolling a biometric key: `POST /sdk/v1/biometric-setups`, then `POST /sdk/v1/biometrics` with password and new key.

use std::sync::Arc;

use axum::{Extension, extract::State};
use msgpay_wire::{
    problem::Code,
    request::{Enrolment, Setup},
    summary::BiometricSummary,
};

use super::{
    answer::{Offer, allowed, seconds},
    payment::answered,
};
use crate::{
    config::Biometric,
    http::{device::DeviceCall, reply::Reply},
    ids, mask,
    platform::Platform,
    store::NewSetup,
};

/// How long the enrolment may take.
const SETUP_MS_MAX: i64 = 180_000;

pub(super) async fn begin(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let asked = Setup::read(call.body()).map_err(Reply::unreadable)?;
    let device = call.device();
    let rules = rules(&platform)?;
    allowed(&platform, device, asked.suite)?;
    let mobile = platform
        .store()
        .mobile_of(&device.user_id)
        .await
        .map_err(|_| Reply::internal("store"))?
        .ok_or_else(|| Reply::internal("user"))?;
    let setup_no = ids::setup_no().map_err(|_| Reply::internal("randomness"))?;
    let until_ms = platform.clock().now_ms() + SETUP_MS_MAX;
    let summary = BiometricSummary {
        institution_id: platform.institution().id.clone(),
        wallet_id: device.wallet_id.clone(),
        setup_no: setup_no.clone(),
        mobile_masked: mask::mobile(&mobile),
        expires: seconds(until_ms.div_euclid(1000))?,
        alone_fen_max: u64::try_from(rules.alone_fen_max).map_err(|_| Reply::internal("policy"))?,
    };
    let offer = Offer::prepare(&platform, asked.suite, b"", asked.client_nonce, summary.encode(), until_ms)?;
    let issued = platform
        .store()
        .issue_enrolment(NewSetup {
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

pub(super) async fn enrol(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let asked = Enrolment::read(call.body()).map_err(Reply::unreadable)?;
    rules(&platform)?;
    answered(platform.payments().enrol_biometric(call.device(), asked).await)
}

fn rules(platform: &Platform) -> Result<Biometric, Reply> {
    let none = || Reply::because(Code::NotAllowed, "Nothing is paid by a biometric here.");
    platform.policy().biometric.ok_or_else(none)
}
