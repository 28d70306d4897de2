//! What the settings of a wallet (its password, a biometric key) begin alike with.

use msgpay_wire::request::Setup;

use super::answer::{Offer, seconds};
use crate::{
    http::reply::Reply,
    ids, mask,
    platform::Platform,
    store::{Device, NewSetup},
};

/// How long a setting may take.
const SETTING_MS_MAX: i64 = 180_000;

/// A setting that begins.
pub(super) struct Setting {
    pub(super) setup_no: String,
    /// The wallet's number, for its owner to recognise.
    pub(super) mobile_masked: String,
    /// Unix seconds.
    pub(super) expires: u64,
    until_ms: i64,
}

impl Setting {
    /// Begins one for the wallet of this device.
    ///
    /// # Errors
    /// The answer that says why not.
    pub(super) async fn begin(platform: &Platform, device: &Device) -> Result<Self, Reply> {
        let mobile =
            platform.store().mobile_of(&device.user_id).await.map_err(|_| Reply::internal("store"))?;
        let mobile = mobile.ok_or_else(|| Reply::internal("user"))?;
        let until_ms = platform.clock().now_ms() + SETTING_MS_MAX;
        Ok(Self {
            setup_no: ids::setup_no().map_err(|_| Reply::internal("randomness"))?,
            mobile_masked: mask::mobile(&mobile),
            expires: seconds(until_ms.div_euclid(1000))?,
            until_ms,
        })
    }

    /// What is offered for signing, and the row that is kept of it.
    ///
    /// # Errors
    /// The answer that says why not.
    pub(super) fn offer(
        self,
        platform: &Platform,
        device: &Device,
        asked: &Setup,
        summary: Vec<u8>,
    ) -> Result<(Offer, NewSetup), Reply> {
        let offer = Offer::prepare(platform, asked.suite, b"", asked.client_nonce, summary, self.until_ms)?;
        let row = NewSetup {
            nonce: offer.server_nonce,
            device_id: device.device_id.clone(),
            setup_no: self.setup_no,
            order_digest: offer.summary_digest,
            summary: offer.summary.clone(),
            token_digest: offer.token_digest,
            client_nonce: offer.client_nonce,
            suite: offer.suite.number(),
            kid: offer.seal_kid,
            expires_at_ms: offer.expires_at_ms,
        };
        Ok((offer, row))
    }
}
