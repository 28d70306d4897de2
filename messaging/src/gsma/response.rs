//! What comes back from the user's client: taps and device data.

use serde::{Deserialize, Serialize};

use super::Reply;

/// A tap. An action's tap may come **without** its postback, so correctness may not depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Response {
    /// A suggested reply was chosen.
    Reply(Reply),
    /// An action was carried out.
    Action(Reply),
}

/// `sharedData`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedData {
    /// The device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_specifics: Option<DeviceSpecifics>,
}

/// The device as its client describes it. Limits of the schema are not enforced on receipt: the
/// specification's own example breaks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceSpecifics {
    /// Model, 1 to 10 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_model: Option<String>,
    /// System version, 1 to 20 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_version: Option<String>,
    /// Client maker, 1 to 4 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_vendor: Option<String>,
    /// Client version, 1 to 15 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_version: Option<String>,
    /// Battery, minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery_remaining_minutes: Option<u64>,
}
