//! What the person does on the page.

use serde::{Deserialize, Serialize};

/// What the person does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Tap {
    /// Writes a message.
    Say {
        /// Chat id.
        chat: String,
        /// At most 2000 characters.
        text: String,
    },
    /// Taps a chip or a card's button.
    Suggestion {
        /// Message id.
        message: String,
        /// Place in its list.
        index: usize,
    },
    /// Enters the activation code.
    Activate {
        /// The code.
        code: String,
    },
    /// Review: go on.
    Accept,
    /// Presses a character key.
    Key {
        /// Slot number.
        slot: u8,
    },
    /// Takes one character back.
    Delete,
    /// Takes all back.
    Clear,
    /// Ends the entry.
    Confirm,
    /// Enrols the phone's finger or face.
    Enrol,
    /// Gives the finger or face that the phone asks for.
    Touch,
    /// Types the password instead.
    TypeInstead,
    /// Closes the sheet before the end.
    Cancel,
    /// Result: asks the institution what became of an unresolved payment.
    Query,
    /// Result: pays the same order again.
    Retry,
    /// Result: closes the sheet.
    Done,
    /// The banner was read.
    DismissBanner,
    /// Turns a fault on or off.
    SetFault {
        /// Name.
        name: String,
        /// New state.
        on: bool,
    },
    /// Starts the whole story again.
    Restart,
}
