//! Setting a wallet's password: `POST /sdk/v1/password-setups`, then `POST /sdk/v1/passwords` with two entries.

use std::sync::Arc;

use axum::{Extension, extract::State};
use msgpay_wire::{
    request::{Setup, Submission},
    summary::PasswordSummary,
};

use super::{answer::allowed, payment::answered, setting::Setting};
use crate::{
    http::{device::DeviceCall, reply::Reply},
    platform::Platform,
};

pub(super) async fn begin(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let asked = Setup::read(call.body()).map_err(Reply::unreadable)?;
    let device = call.device();
    allowed(&platform, device, asked.suite)?;
    let setting = Setting::begin(&platform, device).await?;
    let summary = PasswordSummary {
        institution_id: platform.institution().id.clone(),
        wallet_id: device.wallet_id.clone(),
        setup_no: setting.setup_no.clone(),
        mobile_masked: setting.mobile_masked.clone(),
        expires: setting.expires,
    };
    let (offer, row) = setting.offer(&platform, device, &asked, summary.encode())?;
    let issued = platform.store().issue_setup(row).await.map_err(|_| Reply::internal("store"))?;
    offer.sign(&platform, device, issued)
}

pub(super) async fn set(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let asked = Submission::read(call.body()).map_err(Reply::unreadable)?;
    answered(platform.payments().set_password(call.device(), asked).await)
}
