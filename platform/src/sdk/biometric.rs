//! Enrolling a biometric key: `POST /sdk/v1/biometric-setups`, then `POST /sdk/v1/biometrics` with password and new key.

use std::sync::Arc;

use axum::{Extension, extract::State};
use msgpay_wire::{
    problem::Code,
    request::{Enrolment, Setup},
    summary::BiometricSummary,
};

use super::{answer::allowed, payment::answered, setting::Setting};
use crate::{
    config::Biometric,
    http::{device::DeviceCall, reply::Reply},
    platform::Platform,
};

pub(super) async fn begin(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let asked = Setup::read(call.body()).map_err(Reply::unreadable)?;
    let device = call.device();
    let rules = rules(&platform)?;
    allowed(&platform, device, asked.suite)?;
    let setting = Setting::begin(&platform, device).await?;
    let summary = BiometricSummary {
        institution_id: platform.institution().id.clone(),
        wallet_id: device.wallet_id.clone(),
        setup_no: setting.setup_no.clone(),
        mobile_masked: setting.mobile_masked.clone(),
        expires: setting.expires,
        alone_fen_max: u64::try_from(rules.alone_fen_max).map_err(|_| Reply::internal("policy"))?,
    };
    let (offer, row) = setting.offer(&platform, device, &asked, summary.encode())?;
    let issued = platform.store().issue_enrolment(row).await.map_err(|_| Reply::internal("store"))?;
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
