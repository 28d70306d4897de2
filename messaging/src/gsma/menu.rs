//! A Chatbot's persistent menu (`chatbot_menu_schema`). The operators allow two levels: ≤ 3 entries at
//! the first, ≤ 5 at the second (V1.0.4 p14); [`crate::rules::check_menu`] holds that.

use serde::{Deserialize, Serialize};

use super::{ActionSuggestion, Reply};

/// The document: `{"menu":{"entries":[…]}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MenuRoot {
    /// The menu.
    pub menu: Menu,
}

/// The first level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Menu {
    /// Its entries.
    pub entries: Vec<MenuEntry>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MenuEntry {
    /// Sends words back.
    Reply(Reply),
    /// Makes the client do something.
    Action(ActionSuggestion),
    /// Opens the next level.
    Menu(SubMenu),
}

/// The second level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubMenu {
    /// Its words, ≤ 25 bytes of UTF-8.
    pub display_text: String,
    /// Its entries.
    pub entries: Vec<MenuEntry>,
}
