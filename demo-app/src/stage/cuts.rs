//! Cutting a hop for good, for those who prove that a payment needs it.

use super::{Stage, StageError};

impl Stage {
    /// Kills the platform as a power cut would and leaves it dead.
    ///
    /// # Errors
    /// [`StageError::NotRunning`] when it is dead already.
    pub async fn kill_platform(&mut self) -> Result<(), StageError> {
        self.platform.take().ok_or(StageError::NotRunning("the platform"))?.kill().await
    }
}
