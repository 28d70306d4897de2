//! What an application outside this program needs of a stage: its configuration, a code, an order.

use super::{Stage, StageError, folder::SdkFiles, parties};

impl Stage {
    /// What an application outside this program is configured with: the text of the SDK's configuration, leading through
    /// the relay, and the files that it names.
    ///
    /// # Errors
    /// [`StageError`].
    pub fn sdk_files(&self) -> Result<SdkFiles, StageError> {
        self.folder.sdk_files(self.relay.address().port())
    }

    /// An activation code for the subscriber, as the institution's counter gives one.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn code(&self) -> Result<String, StageError> {
        self.activation_code().await
    }

    /// An order of this price for the subscriber: `payOrderNo` and its payment link.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn order(&self, price_fen: i64) -> Result<(String, String), StageError> {
        let merchant = self.merchant.as_ref().ok_or(StageError::NotRunning("the merchant"))?;
        let tel = parties::subscriber()?;
        merchant.order_at_the_desk(&tel, price_fen).await.map_err(StageError::Merchant)
    }
}
