//! What comes back for a request that may have paid. Only a receipt that the institution signed for exactly this
//! request concludes anything.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use msgpay_wire::{
    problem::Problem,
    receipt::{self, Verdict},
    request::SubmissionAnswer,
};

use crate::{
    config::Institution,
    host::{Answer, NoAnswer},
    outcome::{EnrolmentOutcome, Outcome, Reason, Receipt, SetupOutcome, Todo, Why},
    records::OpenRequest,
    trust::{self, Crypto},
};

/// The shortest and longest wait that an institution can ask for, in milliseconds.
const RETRY_MS: (u64, u64) = (200, 10_000);

/// What an answer tells.
pub(super) enum Heard {
    /// The signed word on this request.
    Receipt(Box<Signed>),
    /// Taken and not decided; ask again after so many milliseconds.
    Working(u64),
    /// Nothing that can be believed.
    Nothing,
}

/// A receipt that was verified and binds this request.
pub(super) struct Signed {
    receipt: receipt::Receipt,
    bytes: Vec<u8>,
}

/// Hears an answer to `open`.
pub(super) fn hear(
    institution: &Institution,
    open: &OpenRequest,
    answer: Result<Answer, NoAnswer>,
    now_s: u64,
) -> Heard {
    let Ok(answer) = answer else { return Heard::Nothing };
    let bytes = match (answer.status, SubmissionAnswer::read(&answer.body)) {
        (200, Ok(SubmissionAnswer::Receipt(bytes))) => bytes,
        (202, Ok(SubmissionAnswer::Working { retry_after_ms })) => {
            return Heard::Working(retry_after_ms.clamp(RETRY_MS.0, RETRY_MS.1));
        }
        (400.., _) => match problem(&answer).and_then(|problem| problem.receipt) {
            Some(text) => URL_SAFE_NO_PAD.decode(text).unwrap_or_default(),
            None => return Heard::Nothing,
        },
        _ => return Heard::Nothing,
    };
    match verified(institution, open, &bytes, now_s) {
        Some(receipt) => Heard::Receipt(Box::new(Signed { receipt, bytes })),
        None => Heard::Nothing,
    }
}

fn verified(
    institution: &Institution,
    open: &OpenRequest,
    bytes: &[u8],
    now_s: u64,
) -> Option<receipt::Receipt> {
    let roots = trust::roots(institution).only(open.suite);
    let (receipt, signer) = receipt::Receipt::open(&Crypto, &roots, bytes, now_s).ok()?;
    // `open` has compared the institution with the one whose roots these are.
    let binds = receipt.suite == open.suite
        && receipt.device_id == open.device_id
        && receipt.pay_order_no == open.subject_no
        && receipt.order_digest == open.order_digest
        && receipt.request_digest == open.request_digest
        && signer.kid >= open.receipt_kid_min
        // Both times are the institution's; nothing concludes a request before its nonce was issued.
        && receipt.time >= open.issued_s;
    binds.then_some(receipt)
}

/// Why a launch or an activation was refused. The code is a hint for the next sentence only: nothing of this kind of
/// request can move money, and nothing is concluded from it.
pub(super) fn refusal(answer: &Answer) -> Reason {
    match problem(answer) {
        Some(problem) => Reason::of_code(&problem.code),
        None => Reason::new(Todo::TryAgain, Why::AnswerNotGenuine),
    }
}

fn problem(answer: &Answer) -> Option<Problem> {
    let json = answer.content_type.split(';').next().is_some_and(|t| t.trim() == "application/problem+json");
    if json { Problem::read(&answer.body) } else { None }
}

impl Signed {
    pub(super) fn outcome(self) -> Outcome {
        match self.receipt.verdict {
            Verdict::Success => Outcome::Paid(self.plain()),
            Verdict::Fail | Verdict::Void => Outcome::NotPaid(self.reason()),
        }
    }

    pub(super) fn setup_outcome(self) -> SetupOutcome {
        match self.receipt.verdict {
            Verdict::Success => SetupOutcome::Set(self.plain()),
            Verdict::Fail | Verdict::Void => SetupOutcome::NotSet(self.reason()),
        }
    }

    pub(super) fn enrolment_outcome(self) -> EnrolmentOutcome {
        match self.receipt.verdict {
            Verdict::Success => EnrolmentOutcome::Enrolled(self.plain()),
            Verdict::Fail | Verdict::Void => EnrolmentOutcome::NotEnrolled(self.reason()),
        }
    }

    fn reason(self) -> Reason {
        let mut reason = match self.receipt.verdict {
            Verdict::Void => Reason::new(Todo::TryAgain, Why::Voided),
            _ => Reason::of_code(&self.receipt.reason),
        };
        reason.tries_left = self.receipt.tries_left.and_then(|left| u32::try_from(left).ok());
        reason.receipt = Some(self.plain());
        reason
    }

    fn plain(self) -> Receipt {
        Receipt {
            institution: self.receipt.institution_id,
            subject_no: self.receipt.pay_order_no,
            time: i64::try_from(self.receipt.time).unwrap_or(i64::MAX),
            attempt: self.receipt.attempt,
            signed: self.bytes,
        }
    }
}
