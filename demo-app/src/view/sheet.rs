//! The payment SDK's sheet: activation, review, keypad, waiting, result.

use serde::{Deserialize, Serialize};

use super::{Blob, Text};

/// The SDK's sheet. One sheet changes its content; it never jumps to a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sheet {
    /// Down.
    #[default]
    Hidden,
    /// First start: link this phone by an activation code.
    Activate(Activate),
    /// What will be paid, as the institution signed it.
    Review(Review),
    /// Password entry on the SDK's own keypad.
    Keypad(Keypad),
    /// The phone's own prompt for a finger or face.
    Touch(Touch),
    /// Waiting for an answer.
    Working(Working),
    /// The end of a payment or of the set-up, or a state that is not known yet.
    Result(Outcome),
}

/// Activation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activate {
    /// Institution's registered name.
    pub institution: Text,
    /// Characters of a code.
    pub length: usize,
    /// A code that a text message brought, offered above the field as phones do.
    pub suggested: Option<String>,
    /// An attempt is under way.
    pub busy: bool,
    /// Why the last attempt did not work.
    pub problem: Option<Problem>,
}

/// The order as the institution signed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Fen.
    pub amount_fen: i64,
    /// Registered name of the payee.
    pub payee: String,
    /// Name that the merchant gives itself, when it differs.
    pub claimed: Option<String>,
    /// What for.
    pub item: String,
    /// Last characters of the payment order number.
    pub order_tail: String,
    /// Unix milliseconds.
    pub expires_at_ms: u64,
    /// How it is paid: `示例钱包余额`.
    pub funding: String,
}

/// Review of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Institution's registered name.
    pub institution: Text,
    /// The order.
    pub order: Order,
    /// Why this screen is shown again.
    pub problem: Option<Problem>,
}

/// The keypad: slots and pictures, no labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keypad {
    /// Institution's registered name.
    pub institution: Text,
    /// What the entry is for.
    pub purpose: EntryPurpose,
    /// The order, when it is a payment.
    pub order: Option<Order>,
    /// Changes whenever the keypad is opened anew with another shuffle.
    pub opening: u64,
    /// Every key.
    pub slots: Vec<Slot>,
    /// Characters entered so far; which ones nobody here knows.
    pub entered: usize,
    /// Characters wanted.
    pub wanted: usize,
    /// Taps are taken. False while the entry is being sealed.
    pub ready: bool,
    /// For instance the tries left after a wrong password.
    pub problem: Option<Problem>,
}

/// A finger or face is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    /// Institution's registered name.
    pub institution: Text,
    /// The order, when it is a payment.
    pub order: Option<Order>,
    /// The password may be typed instead.
    pub or_password: bool,
}

/// What an entry is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryPurpose {
    /// Authorise a payment.
    #[default]
    Pay,
    /// Choose a password.
    New,
    /// The same again.
    Repeat,
    /// Allow a biometric key.
    Enrol,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Slot number, what a press sends.
    pub id: u8,
    /// From the top, 0-based.
    pub row: u8,
    /// From the left, 0-based.
    pub col: u8,
    /// Columns covered.
    pub span: u8,
    /// What the key does.
    pub function: SlotFunction,
    /// Picture for character keys.
    pub face: Option<Face>,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotFunction {
    /// Enters its character.
    Character,
    /// Takes the last one back.
    Delete,
    /// Takes all back.
    Clear,
    /// Ends the entry.
    Confirm,
}

/// An 8-bit alpha picture, row by row, `w * h` bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// Pixels.
    pub w: u32,
    /// Pixels.
    pub h: u32,
    /// Coverage, 0 = nothing, 255 = full ink.
    pub alpha: Blob,
}

/// Waiting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// Institution's registered name.
    pub institution: Text,
    /// What is being waited for.
    pub text: Text,
    /// The order, when it is a payment.
    pub order: Option<Order>,
}

/// The end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Institution's registered name; it signed what is shown, unless the state is not known.
    pub institution: Text,
    /// Which end.
    pub state: OutcomeState,
    /// The order, when it was a payment.
    pub order: Option<Order>,
    /// Unix milliseconds, from the receipt. An unpaid end without it is not shown as signed by the institution.
    pub at_ms: Option<u64>,
    /// For `NotPaid` and `Unresolved`: what happened, whether money moved, what to do.
    pub problem: Option<Problem>,
    /// A query is under way: the button waits.
    pub busy: bool,
    /// "Try again" is sensible: `Tap::Retry` starts a new launch of the same order.
    pub can_retry: bool,
}

/// Which end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeState {
    /// Signed receipt SUCCESS.
    Paid,
    /// Signed receipt FAIL or VOID, or a refusal before anything was sent.
    NotPaid,
    /// No answer: may be asked about, never sent again.
    #[default]
    Unresolved,
    /// The password is set (receipt SUCCESS of a set-up).
    PasswordSet,
    /// The biometric key is taken (receipt SUCCESS of an enrolment).
    BiometricSet,
}

/// What went wrong, in the order a payer asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What happened, with the money's state: `密码不正确，未扣款`.
    pub what: Text,
    /// What to do now.
    pub todo: Text,
    /// Code of the institution, when there is one (`5G-3001`).
    pub code: Option<String>,
}
