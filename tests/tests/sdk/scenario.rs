//! `tests/scenarios/sdk.json`; the file says what its words mean.

use msgpay_tests::source::workspace;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct All {
    #[serde(rename = "about")]
    _about: Vec<String>,
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) given: Vec<Given>,
    pub(crate) fen: Option<i64>,
    pub(crate) parts: Vec<Part>,
    pub(crate) books: Books,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Given {
    Activated,
    Password,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    pub(crate) session: Kind,
    pub(crate) link: Option<String>,
    pub(crate) code: Option<String>,
    #[serde(default)]
    pub(crate) restart: bool,
    #[serde(default)]
    pub(crate) clock_ahead_s: i64,
    pub(crate) fault: Option<Fault>,
    pub(crate) fault_off: Option<Fault>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) ends: Ends,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Pay,
    Resolve,
    Password,
    Enrol,
    Activate,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    Keystore,
    Vault,
    EnrolmentChanged,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    pub(crate) at: String,
    #[serde(rename = "do")]
    pub(crate) what: Do,
    #[serde(default)]
    pub(crate) digits: String,
    pub(crate) cut: Option<Half>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Do {
    Accept,
    Cancel,
    Type,
    EraseAndType,
    CancelTyping,
    Wipe,
    Capture,
    Ask,
    Leave,
    Sign,
    ByPassword,
    KeyLost,
    Die,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Half {
    Request,
    Answer,
}

/// Absent things are not judged, but for outcome and error: one of them there is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ends {
    pub(crate) outcome: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) todo: Option<String>,
    pub(crate) why: Option<String>,
    pub(crate) tries_left: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Books {
    pub(crate) debits: Option<usize>,
    pub(crate) open: usize,
}

pub(crate) fn all() -> Vec<Scenario> {
    let text = std::fs::read_to_string(workspace().join("tests/scenarios/sdk.json")).unwrap();
    let All { scenarios, .. } = serde_json::from_str(&text).unwrap();
    scenarios
}
