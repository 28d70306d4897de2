//! Scenarios: a simulated user plays a payment, and what was recorded is judged.

mod dice;
pub mod native;
pub mod promise;
pub mod transcript;
pub mod user;
pub mod witness;

use msgpay_wire::SuiteId;
use msgpay_wire::factors::Factor;
use serde::Serialize;

use crate::fault::Fault;
use crate::stage::{Program, Stage, StageOptions};
use promise::Promise;
use transcript::Line;

/// The scenarios, with the faults that each can be played with.
pub const SCENARIOS: [(&str, &[Fault]); 1] = [("native", &Fault::ALL)];

/// The faults that a payment by the biometric key can be played with: those that are not about typing, nor cut the wire,
/// which knows a payment by the size of its entry.
pub const BY_BIOMETRIC: [Fault; 5] = [
    Fault::MerchantDown,
    Fault::InstitutionLate,
    Fault::InstitutionTwice,
    Fault::InstitutionDeclines,
    Fault::OrderedAgain,
];

/// The last line of a transcript.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// Which scenario.
    pub scenario: &'static str,
    /// In which suite.
    pub suite: &'static str,
    /// By which factor beside the device.
    pub factor: &'static str,
    /// With which fault.
    pub fault: Option<&'static str>,
    /// `passed` if every promise held.
    pub outcome: &'static str,
    /// Milliseconds from the settle commit to the merchant's card on the phone.
    pub told_after_ms: Option<i64>,
    /// Every promise.
    pub promises: Vec<Promise>,
    /// Why it could not be played to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}

impl Verdict {
    /// Whether every promise held.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.outcome == "passed"
    }
}

/// Plays native payment on a stage of its own. `tell` gets each line of the transcript as it is recorded.
pub async fn run_native(
    program: Program,
    suite: SuiteId,
    seed: u64,
    fault: Option<Fault>,
    factor: Factor,
    mut tell: impl FnMut(&Line),
) -> Verdict {
    let options = StageOptions { folder: None, program, opened_fen: native::OPENED_FEN, suite };
    let (played, lines) = match Stage::raise(options).await {
        Ok(mut stage) => {
            let recorder = stage.recorder().clone();
            let played = native::play(&mut stage, seed, fault, factor).await;
            stage.strike().await;
            (played, transcript::lines(&recorder.all()))
        }
        Err(error) => (Err(error.into()), Vec::new()),
    };
    lines.iter().for_each(&mut tell);
    let verdict = |promises: Vec<Promise>, told_after_ms, broken: Option<String>| {
        let held = broken.is_none() && !promises.is_empty() && promises.iter().all(|promise| promise.held);
        let outcome = if held { "passed" } else { "failed" };
        let fault = fault.map(Fault::name);
        let (suite, factor) = (suite.word(), factor.word());
        Verdict { scenario: "native", suite, factor, fault, outcome, told_after_ms, promises, broken }
    };
    match played {
        Ok(played) => verdict(played.promises, played.told_after_ms, None),
        Err(broken) => verdict(Vec::new(), None, Some(broken.to_string())),
    }
}
