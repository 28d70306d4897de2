//! Setting a wallet's password: shown, typed twice, sealed twice, concluded by a receipt.
//!
//! Whether the two entries are equal and the password is good, only the institution can tell: the handset does not
//! know a single character. No money moves here, so an open request is not put on record: setting again is safe.

use std::{fmt, sync::Arc};

use msgpay_wire::{entry::EntryPurpose, request, summary::PasswordSummary};

use super::{
    Core,
    launched::{Asked, Launched, NotLaunched, not_genuine},
    review::{self, PasswordReview, Reviewed},
    submission::{Call, Packaged, Submission},
    verdict::{self, Heard},
};
use crate::{
    environment::{self, Cleared},
    failure::Misuse,
    host::{Answer, NoAnswer, Request},
    keypad::{Entry, Kind, SealedEntry},
    outcome::{Reason, SetupOutcome, Todo, Why},
    records::{Membership, OpenRequest},
    trust,
};

/// What the setting of a password wants now. Asking again gives the same, but a request is given out once.
#[derive(Debug)]
pub enum SetupStep {
    /// Send this once, then call [`PasswordSetup::answered`].
    Send(Request),
    /// Show this, then call [`PasswordSetup::accept`] or [`PasswordSetup::cancel`].
    Review(PasswordReview),
    /// Have it typed, then call [`PasswordSetup::entered`]: [`Entry::purpose`] tells the first from the second.
    EnterPassword(Entry),
    /// The end.
    Concluded(SetupOutcome),
}

/// A session that sets a password.
pub struct PasswordSetup {
    core: Arc<Core>,
    state: State,
}

enum State {
    ToBegin(Asked),
    Beginning(Asked),
    Reviewing(Reviewing),
    Entering(Entering),
    ToSubmit(Box<Submission>),
    InFlight(OpenRequest),
    Concluded(SetupOutcome),
}

struct Reviewing {
    launched: Launched,
    cleared: Cleared,
    review: PasswordReview,
}

struct Entering {
    launched: Launched,
    cleared: Cleared,
    reviewed: Reviewed,
    setup_no: String,
    packaged: Packaged,
    /// What is typed now.
    purpose: EntryPurpose,
}

impl PasswordSetup {
    pub(super) fn begin(core: Arc<Core>, institution: &str) -> Result<Self, Misuse> {
        let suite = super::first_suite(core.institution(institution)?)?;
        let membership = Membership::find(&*core.host.vault, institution)?.ok_or(Misuse::NotActivated)?;
        let asked = Asked::without_link(&core, membership, suite)?;
        Ok(Self { core, state: State::ToBegin(asked) })
    }

    /// What is to be done now.
    ///
    /// # Errors
    /// [`Misuse::AnswerExpected`] while a request is in flight; [`Misuse::Host`] when keystore or vault failed: then
    /// nothing was given out, and the step can be asked for again.
    pub fn step(&mut self) -> Result<SetupStep, Misuse> {
        self.end_if_too_long();
        match &self.state {
            State::ToBegin(_) | State::ToSubmit(_) => self.send().map(SetupStep::Send),
            State::Beginning(_) | State::InFlight(_) => Err(Misuse::AnswerExpected),
            State::Reviewing(reviewing) => Ok(SetupStep::Review(reviewing.review.clone())),
            State::Entering(entering) => {
                let clock = self.core.host.clock.clone();
                Ok(SetupStep::EnterPassword(entering.launched.entry(entering.purpose, clock)))
            }
            State::Concluded(outcome) => Ok(SetupStep::Concluded(outcome.clone())),
        }
    }

    /// The answer to the request that was given out, or that none came.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`]; [`Misuse::Host`] when the vault failed: the session is then cancelled.
    pub fn answered(&mut self, answer: Result<Answer, NoAnswer>) -> Result<(), Misuse> {
        self.state = match &self.state {
            State::Beginning(asked) => match begun(&self.core, asked, answer) {
                Ok(reviewing) => State::Reviewing(reviewing),
                Err(NotLaunched::Reason(reason)) => State::Concluded(SetupOutcome::NotSet(*reason)),
                Err(NotLaunched::Host(fault)) => {
                    self.state = State::Concluded(SetupOutcome::Cancelled);
                    return Err(fault.into());
                }
            },
            State::InFlight(open) => {
                let institution = self.core.institution(&open.institution)?;
                State::Concluded(match verdict::hear(institution, open, answer, self.core.now_s()) {
                    Heard::Receipt(signed) => signed.setup_outcome(),
                    Heard::Working(_) | Heard::Nothing => SetupOutcome::Unresolved,
                })
            }
            _ => return Err(Misuse::OutOfTurn),
        };
        Ok(())
    }

    /// The user saw whose password it is and wants to set it.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`], [`Misuse::OtherSession`].
    pub fn accept(&mut self, review: &PasswordReview) -> Result<(), Misuse> {
        self.end_if_too_long();
        match self.take() {
            State::Reviewing(reviewing) if *review == reviewing.review => {
                let Reviewing { launched, cleared, review: shown } = reviewing;
                let reviewed = review::accept(&review.order_digest, &launched.answer.summary_digest)
                    .ok_or(Misuse::OtherSession)?;
                self.state = State::Entering(Entering {
                    launched,
                    cleared,
                    reviewed,
                    setup_no: shown.setup_no,
                    packaged: Packaged::default(),
                    purpose: EntryPurpose::PasswordNew,
                });
                Ok(())
            }
            other => {
                let misuse = match &other {
                    State::Reviewing(_) => Err(Misuse::OtherSession),
                    State::Concluded(_) => Ok(()),
                    _ => Err(Misuse::OutOfTurn),
                };
                self.state = other;
                misuse
            }
        }
    }

    /// One of the two entries was typed and sealed.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`], [`Misuse::OtherSession`] for an entry of another setting or of the other turn.
    pub fn entered(&mut self, sealed: SealedEntry) -> Result<(), Misuse> {
        self.end_if_too_long();
        let mut entering = match self.take() {
            State::Entering(entering) => entering,
            other => {
                let concluded = matches!(other, State::Concluded(_));
                self.state = other;
                return if concluded { Ok(()) } else { Err(Misuse::OutOfTurn) };
            }
        };
        if !entering.packaged.add(sealed, entering.purpose, &entering.launched) {
            self.state = State::Entering(entering);
            return Err(Misuse::OtherSession);
        }
        self.state = if entering.purpose == EntryPurpose::PasswordNew {
            State::Entering(Entering { purpose: EntryPurpose::PasswordRepeat, ..entering })
        } else {
            let Entering { launched, cleared, reviewed, setup_no: subject_no, packaged, .. } = entering;
            let (call, confirmed) = (Call::Password, None);
            State::ToSubmit(Box::new(Submission {
                call,
                subject_no,
                launched,
                reviewed,
                cleared,
                packaged,
                confirmed,
            }))
        };
        Ok(())
    }

    /// Turns back. Gives the outcome.
    pub fn cancel(&mut self) -> SetupOutcome {
        let outcome = match &self.state {
            State::Concluded(outcome) => outcome.clone(),
            State::InFlight(_) => SetupOutcome::Unresolved,
            _ => SetupOutcome::Cancelled,
        };
        self.state = State::Concluded(outcome.clone());
        outcome
    }

    fn send(&mut self) -> Result<Request, Misuse> {
        let core = self.core.clone();
        match self.take() {
            State::ToBegin(mut asked) => {
                asked.at_ms = core.host.clock.boot_ms();
                let body = request::Setup { client_nonce: asked.client_nonce, suite: asked.suite };
                let body = body.encode();
                let (institution, device) = (&asked.membership.institution, asked.membership.device());
                let request = core.signed(institution, device, "/sdk/v1/password-setups", body);
                self.state = if request.is_ok() { State::Beginning(asked) } else { State::ToBegin(asked) };
                Ok(request?)
            }
            State::ToSubmit(submission) => match submission.sign(&core) {
                Ok((open, request)) => {
                    self.state = State::InFlight(open);
                    Ok(request)
                }
                Err(fault) => {
                    self.state = State::ToSubmit(submission);
                    Err(fault.into())
                }
            },
            other => {
                self.state = other;
                Err(Misuse::OutOfTurn)
            }
        }
    }

    /// Takes the state out; nothing was sent in what stands in its place.
    fn take(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Concluded(SetupOutcome::Cancelled))
    }

    fn end_if_too_long(&mut self) {
        let clock = &*self.core.host.clock;
        let over = match &self.state {
            State::Reviewing(reviewing) => reviewing.launched.took_too_long(clock),
            State::Entering(entering) => entering.launched.took_too_long(clock),
            State::ToSubmit(submission) => submission.took_too_long(&self.core),
            _ => false,
        };
        if over {
            let reason = Reason::new(Todo::TryAgain, Why::TookTooLong);
            self.state = State::Concluded(SetupOutcome::NotSet(reason));
        }
    }
}

fn begun(core: &Core, asked: &Asked, answer: Result<Answer, NoAnswer>) -> Result<Reviewing, NotLaunched> {
    let answer = answer.map_err(|NoAnswer| Reason::new(Todo::TryAgain, Why::NoConnection))?;
    let institution = core.config.institution(&asked.membership.institution).ok_or_else(not_genuine)?;
    let launched = Launched::open(core, institution, asked, &answer)?;
    let summary = PasswordSummary::read(&launched.summary)?;
    if summary.institution_id != institution.id || summary.wallet_id != asked.membership.wallet_id {
        return Err(not_genuine());
    }
    let now_s = core.now_s();
    if trust::is_over(summary.expires, now_s) {
        return Err(Reason::new(Todo::TryAgain, Why::TookTooLong).into());
    }
    let need = asked.need(Kind::Numeric.word());
    let cleared = environment::judge(&launched.policy, &launched.seen, &need, now_s)?;
    let review = PasswordReview::of(summary, launched.answer.summary_digest, &institution.name);
    Ok(Reviewing { launched, cleared, review })
}

impl fmt::Debug for PasswordSetup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordSetup")
    }
}
