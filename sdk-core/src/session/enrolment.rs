//! Enrolling a biometric key: shown, allowed by the password, made in the phone, concluded by a receipt.
//!
//! An unlocked phone is not enough: the password says that it is the payer who enrols, and the institution counts a wrong
//! one as at a payment. The new key signs the request itself, so that it is held and a finger or face was there. Until
//! the institution's receipt an earlier key stays in use. No money moves, so an open request is not put on record.

use std::{fmt, sync::Arc};

use msgpay_wire::{entry::EntryPurpose, request, summary::BiometricSummary};

use super::{
    Core,
    confirmation::{Confirmation, Unconfirmed},
    launched::{Asked, Launched, NotLaunched, not_genuine},
    review::{self, BiometricReview, Reviewed},
    submission::{Call, Packaged, Submission},
    verdict::{self, Heard},
};
use crate::{
    environment::{self, Cleared},
    failure::{HostFault, Misuse},
    host::{Answer, Guard, NoAnswer, Request},
    keypad::{Entry, Kind, SealedEntry},
    outcome::{EnrolmentOutcome, Reason, Todo, Why},
    outgoing,
    records::{BiometricKey, Membership, OpenRequest},
    trust,
};

/// What an enrolment wants now. Asking again gives the same, but a request is given out once.
#[derive(Debug)]
pub enum EnrolmentStep {
    /// Send this once, then call [`BiometricEnrolment::answered`].
    Send(Request),
    /// Show this, then call [`BiometricEnrolment::accept`] or [`BiometricEnrolment::cancel`].
    Review(BiometricReview),
    /// Have the wallet's password typed, then call [`BiometricEnrolment::entered`].
    EnterPassword(Entry),
    /// Have the phone release the new key for this one message, then call [`BiometricEnrolment::confirmed`].
    ConfirmBiometric(Confirmation),
    /// The end.
    Concluded(EnrolmentOutcome),
}

/// A session that enrols a biometric key.
pub struct BiometricEnrolment {
    core: Arc<Core>,
    /// Made when it is first asked for; forgotten with the session unless the institution has taken it.
    staged: Option<BiometricKey>,
    state: State,
}

enum State {
    ToBegin(Asked),
    Beginning(Asked),
    Reviewing(Reviewing),
    Entering(Entering),
    /// The password is sealed; the key is not made yet.
    Typed(Box<Submission>),
    Confirming(Box<Unconfirmed>),
    ToSubmit(Box<Submission>),
    InFlight {
        open: OpenRequest,
        key: BiometricKey,
    },
    Concluded(EnrolmentOutcome),
}

struct Reviewing {
    launched: Launched,
    cleared: Cleared,
    review: BiometricReview,
}

struct Entering {
    launched: Launched,
    cleared: Cleared,
    reviewed: Reviewed,
    setup_no: String,
}

impl BiometricEnrolment {
    pub(super) fn begin(core: Arc<Core>, institution: &str) -> Result<Self, Misuse> {
        let suite = super::first_suite(core.institution(institution)?)?;
        let membership = Membership::find(&*core.host.vault, institution)?.ok_or(Misuse::NotActivated)?;
        let asked = Asked::without_link(&core, membership, suite)?;
        Ok(Self { core, staged: None, state: State::ToBegin(asked) })
    }

    /// What is to be done now.
    ///
    /// # Errors
    /// [`Misuse::AnswerExpected`] while a request is in flight; [`Misuse::Host`] when keystore or vault failed (a phone
    /// without a finger or face enrolled makes no such key): then the step can be asked for again.
    pub fn step(&mut self) -> Result<EnrolmentStep, Misuse> {
        self.end_if_too_long();
        self.make_key()?;
        match &self.state {
            State::ToBegin(_) | State::ToSubmit(_) => self.send().map(EnrolmentStep::Send),
            State::Beginning(_) | State::InFlight { .. } => Err(Misuse::AnswerExpected),
            State::Reviewing(reviewing) => Ok(EnrolmentStep::Review(reviewing.review.clone())),
            State::Entering(entering) => {
                let clock = self.core.host.clock.clone();
                Ok(EnrolmentStep::EnterPassword(entering.launched.entry(EntryPurpose::Password, clock)))
            }
            State::Typed(_) => Err(Misuse::OutOfTurn),
            State::Confirming(unconfirmed) => {
                Ok(EnrolmentStep::ConfirmBiometric(unconfirmed.confirmation(false)))
            }
            State::Concluded(outcome) => Ok(EnrolmentStep::Concluded(outcome.clone())),
        }
    }

    /// The answer to the request that was given out, or that none came.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`]; [`Misuse::Host`] when the vault failed: the session is then at its end, and enrolling again
    /// puts it right.
    pub fn answered(&mut self, answer: Result<Answer, NoAnswer>) -> Result<(), Misuse> {
        match self.take() {
            State::Beginning(asked) => {
                self.state = match begun(&self.core, &asked, answer) {
                    Ok(reviewing) => State::Reviewing(reviewing),
                    Err(NotLaunched::Reason(reason)) => State::not_enrolled(*reason),
                    Err(NotLaunched::Host(fault)) => return Err(fault.into()),
                };
            }
            State::InFlight { open, key } => {
                self.state = State::Concluded(EnrolmentOutcome::Unresolved);
                let institution = self.core.institution(&open.institution)?;
                let heard = verdict::hear(institution, &open, answer, self.core.now_s());
                if let Heard::Receipt(signed) = heard {
                    let outcome = signed.enrolment_outcome();
                    let enrolled = matches!(outcome, EnrolmentOutcome::Enrolled(_));
                    if !enrolled || self.take_over(&open, key)? {
                        self.state = State::Concluded(outcome);
                    }
                }
            }
            other => {
                self.state = other;
                return Err(Misuse::OutOfTurn);
            }
        }
        Ok(())
    }

    /// The user saw what the key will allow and wants it.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`], [`Misuse::OtherSession`].
    pub fn accept(&mut self, review: &BiometricReview) -> Result<(), Misuse> {
        self.end_if_too_long();
        match self.take() {
            State::Reviewing(reviewing) if *review == reviewing.review => {
                let Reviewing { launched, cleared, review: shown } = reviewing;
                let reviewed = review::accept(&review.order_digest, &launched.answer.summary_digest)
                    .ok_or(Misuse::OtherSession)?;
                let setup_no = shown.setup_no;
                self.state = State::Entering(Entering { launched, cleared, reviewed, setup_no });
                Ok(())
            }
            State::Reviewing(reviewing) => {
                self.state = State::Reviewing(reviewing);
                Err(Misuse::OtherSession)
            }
            other => self.out_of_turn(other),
        }
    }

    /// The wallet's password was typed and sealed.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`], [`Misuse::OtherSession`] for an entry of another session.
    pub fn entered(&mut self, sealed: SealedEntry) -> Result<(), Misuse> {
        self.end_if_too_long();
        match self.take() {
            State::Entering(entering) => {
                let mut packaged = Packaged::default();
                if !packaged.add(sealed, EntryPurpose::Password, &entering.launched) {
                    self.state = State::Entering(entering);
                    return Err(Misuse::OtherSession);
                }
                let Entering { launched, cleared, reviewed, setup_no: subject_no } = entering;
                let (call, confirmed) = (Call::Biometric, None);
                let submission =
                    Submission { call, subject_no, launched, reviewed, cleared, packaged, confirmed };
                self.state = State::Typed(Box::new(submission));
                Ok(())
            }
            other => self.out_of_turn(other),
        }
    }

    /// The new key has signed what [`EnrolmentStep::ConfirmBiometric`] asked for.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`]; [`Misuse::OtherSession`] for a signature by another key or over another message.
    pub fn confirmed(&mut self, signature: [u8; 64]) -> Result<(), Misuse> {
        self.end_if_too_long();
        match self.take() {
            State::Confirming(unconfirmed) => match unconfirmed.confirmed(signature) {
                Ok(submission) => {
                    self.state = State::ToSubmit(Box::new(submission));
                    Ok(())
                }
                Err(unconfirmed) => {
                    self.state = State::Confirming(unconfirmed);
                    Err(Misuse::OtherSession)
                }
            },
            other => self.out_of_turn(other),
        }
    }

    /// Turns back. Gives the outcome.
    pub fn cancel(&mut self) -> EnrolmentOutcome {
        let outcome = match &self.state {
            State::Concluded(outcome) => outcome.clone(),
            State::InFlight { .. } => EnrolmentOutcome::Unresolved,
            _ => EnrolmentOutcome::Cancelled,
        };
        self.state = State::Concluded(outcome.clone());
        outcome
    }

    /// Makes the key once the password is typed: nobody who cannot type it makes the phone ask for a finger.
    fn make_key(&mut self) -> Result<(), Misuse> {
        let State::Typed(submission) = &self.state else { return Ok(()) };
        let institution = self.core.institution(submission.institution())?;
        let (name, suite) = (outgoing::key_name("biometric", &institution.id)?, institution.device_suite);
        let public_key = self.core.host.keystore.make_key(&name, suite, Guard::Biometric)?;
        let key = BiometricKey { name, suite, public_key };
        self.staged = Some(key.clone());
        if let State::Typed(submission) = self.take() {
            self.state = State::Confirming(Box::new(Unconfirmed::new(*submission, key)));
        }
        Ok(())
    }

    fn send(&mut self) -> Result<Request, Misuse> {
        let core = self.core.clone();
        match self.take() {
            State::ToBegin(mut asked) => {
                asked.at_ms = core.host.clock.boot_ms();
                let body = request::Setup { client_nonce: asked.client_nonce, suite: asked.suite }.encode();
                let (institution, device) = (&asked.membership.institution, asked.membership.device());
                let request = core.signed(institution, device, "/sdk/v1/biometric-setups", body);
                self.state = if request.is_ok() { State::Beginning(asked) } else { State::ToBegin(asked) };
                Ok(request?)
            }
            State::ToSubmit(submission) => match (submission.sign(&core), &submission.confirmed) {
                (Ok((open, request)), Some(confirmed)) => {
                    self.state = State::InFlight { open, key: confirmed.key().clone() };
                    Ok(request)
                }
                (signed, _) => {
                    self.state = State::ToSubmit(submission);
                    signed?;
                    Err(Misuse::OutOfTurn)
                }
            },
            other => {
                self.state = other;
                Err(Misuse::OutOfTurn)
            }
        }
    }

    /// The institution has taken the key: it goes on record, and the one before it goes. A device that was activated anew
    /// meanwhile does not get a key of the old one: `false`.
    fn take_over(&mut self, open: &OpenRequest, key: BiometricKey) -> Result<bool, HostFault> {
        let core = self.core.clone();
        let _alone = core.alone();
        let vault = &*core.host.vault;
        let membership = Membership::find(vault, &open.institution)?;
        let Some(membership) = membership.filter(|m| m.device_id == open.device_id) else { return Ok(false) };
        let earlier = membership.biometric.clone();
        Membership { biometric: Some(key), ..membership }.keep(vault)?;
        self.staged = None;
        if let Some(earlier) = earlier {
            // A key that stays is of no use to anybody: the institution knows another now.
            let _stays = core.host.keystore.forget_key(&earlier.name);
        }
        Ok(true)
    }

    /// Takes the state out; nothing was sent in what stands in its place.
    fn take(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Concluded(EnrolmentOutcome::Cancelled))
    }

    fn out_of_turn(&mut self, state: State) -> Result<(), Misuse> {
        let concluded = matches!(state, State::Concluded(_));
        self.state = state;
        if concluded { Ok(()) } else { Err(Misuse::OutOfTurn) }
    }

    fn end_if_too_long(&mut self) {
        let clock = &*self.core.host.clock;
        let over = match &self.state {
            State::Reviewing(reviewing) => reviewing.launched.took_too_long(clock),
            State::Entering(entering) => entering.launched.took_too_long(clock),
            State::Typed(submission) | State::ToSubmit(submission) => submission.took_too_long(&self.core),
            State::Confirming(unconfirmed) => unconfirmed.submission().took_too_long(&self.core),
            _ => false,
        };
        if over {
            self.state = State::not_enrolled(Reason::new(Todo::TryAgain, Why::TookTooLong));
        }
    }
}

impl State {
    fn not_enrolled(reason: Reason) -> Self {
        Self::Concluded(EnrolmentOutcome::NotEnrolled(reason))
    }
}

fn begun(core: &Core, asked: &Asked, answer: Result<Answer, NoAnswer>) -> Result<Reviewing, NotLaunched> {
    let answer = answer.map_err(|NoAnswer| Reason::new(Todo::TryAgain, Why::NoConnection))?;
    let institution = core.config.institution(&asked.membership.institution).ok_or_else(not_genuine)?;
    let launched = Launched::open(core, institution, asked, &answer)?;
    let summary = BiometricSummary::read(&launched.summary)?;
    if summary.institution_id != institution.id || summary.wallet_id != asked.membership.wallet_id {
        return Err(not_genuine());
    }
    let now_s = core.now_s();
    if trust::is_over(summary.expires, now_s) {
        return Err(Reason::new(Todo::TryAgain, Why::TookTooLong).into());
    }
    if !launched.policy.allows_device(institution.device_suite, asked.suite) {
        return Err(Reason::new(Todo::AskInstitution, Why::Suite).into());
    }
    let need = asked.need(Kind::Numeric.word());
    let cleared = environment::judge(&launched.policy, &launched.seen, &need, now_s)?;
    let review = BiometricReview::of(summary, launched.answer.summary_digest, &institution.name);
    Ok(Reviewing { launched, cleared, review })
}

impl Drop for BiometricEnrolment {
    /// A key that the institution has not been seen to take is not kept.
    fn drop(&mut self) {
        if let Some(key) = &self.staged {
            // It stays where the keystore cannot remove it now; no session asks for it again.
            let _stays = self.core.host.keystore.forget_key(&key.name);
        }
    }
}

impl fmt::Debug for BiometricEnrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BiometricEnrolment")
    }
}
