//! What a button may make the client do. Each action has exactly one member with one sub-member.

use serde::{Deserialize, Serialize};

use super::Postback;

/// A suggested action: its words, its postback and one action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionSuggestion {
    /// The button's words, ≤ 25 bytes of UTF-8.
    pub display_text: String,
    /// What comes back with the tap; a client may leave it out, so nothing may depend on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postback: Option<Postback>,
    /// The action itself.
    #[serde(flatten)]
    pub action: Action,
}

/// The kinds of action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Open an address.
    UrlAction(UrlAction),
    /// Call a number.
    DialerAction(DialerAction),
    /// Show or ask for a place.
    MapAction(MapAction),
    /// Make a calendar entry.
    CalendarAction(CalendarAction),
    /// Start a message to another number.
    ComposeAction(ComposeAction),
    /// Ask for device data.
    DeviceAction(DeviceAction),
    /// Ask the user to change a setting.
    SettingsAction(SettingsAction),
}

/// `urlAction`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UrlAction {
    /// Open it.
    OpenUrl(OpenUrl),
}

/// `openUrl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenUrl {
    /// The address.
    pub url: String,
    /// Where to open it. Live senders leave it out; that reads as the browser.
    #[serde(default)]
    pub application: Application,
    /// Height of the web view; only with `webview`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view_mode: Option<ViewMode>,
    /// Parameters of the web view, 1 to 200 characters; only with `webview`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<String>,
}

impl OpenUrl {
    /// An address handed to the system: a browser page, or a custom scheme such as `msgpay:`.
    #[must_use]
    pub fn browser(url: impl Into<String>) -> Self {
        Self { url: url.into(), application: Application::Browser, view_mode: None, parameters: None }
    }

    /// A page in a web view over the conversation.
    #[must_use]
    pub fn webview(url: impl Into<String>, view_mode: ViewMode) -> Self {
        Self {
            url: url.into(),
            application: Application::Webview,
            view_mode: Some(view_mode),
            parameters: None,
        }
    }
}

/// Who opens an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Application {
    /// The system.
    #[default]
    Browser,
    /// The messaging client itself.
    Webview,
}

/// Height of a web view (lower case in GSMA JSON).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ViewMode {
    /// The whole screen.
    Full,
    /// Half of it.
    Half,
    /// Three quarters of it.
    Tall,
}

/// `dialerAction`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DialerAction {
    /// A plain call.
    DialPhoneNumber(Dial),
    /// A call with a subject.
    DialEnrichedCall(EnrichedCall),
    /// A video call.
    DialVideoCall(Dial),
}

/// A number to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dial {
    /// The number.
    pub phone_number: String,
    /// A page for clients that can't call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_url: Option<String>,
}

/// A number to call with a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnrichedCall {
    /// The number.
    pub phone_number: String,
    /// ≤ 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// A page for clients that can't call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_url: Option<String>,
}

/// `mapAction`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MapAction {
    /// Show a place.
    ShowLocation(ShowLocation),
    /// Ask the user for theirs.
    RequestLocationPush(Empty),
}

/// A place to show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShowLocation {
    /// Where.
    pub location: Location,
    /// A page for clients without a map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_url: Option<String>,
}

/// A place: coordinates, or words to search for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// `calendarAction`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CalendarAction {
    /// Make an entry.
    CreateCalendarEvent(CalendarEvent),
}

/// An entry of a calendar; times are RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarEvent {
    /// Its start.
    pub start_time: String,
    /// Its end.
    pub end_time: String,
    /// 1 to 100 characters.
    pub title: String,
    /// 1 to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A page for clients without a calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_url: Option<String>,
}

/// `composeAction`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ComposeAction {
    /// A text message.
    ComposeTextMessage(TextMessage),
    /// A recording.
    ComposeRecordingMessage(Recording),
}

/// A text message to start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextMessage {
    /// To whom.
    pub phone_number: String,
    /// ≤ 100 characters.
    pub text: String,
}

/// A recording to start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recording {
    /// To whom.
    pub phone_number: String,
    /// Sound or film.
    #[serde(rename = "type")]
    pub kind: RecordingType,
}

/// Kind of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RecordingType {
    /// Sound.
    Audio,
    /// Film.
    Video,
}

/// `deviceAction`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeviceAction {
    /// Ask for model, version and battery.
    RequestDeviceSpecifics(Empty),
}

/// `settingsAction`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SettingsAction {
    /// Ask the user to show their number.
    DisableAnonymization(Empty),
    /// Ask the user to allow displayed notifications.
    EnableDisplayedNotifications(Empty),
}

/// An object without members, `{}`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Empty {}
