//! msgpay-sdk-core

mod face;

pub use face::{FaceSize, Picture};
#[cfg(feature = "specimen")]
pub use face::specimen;
