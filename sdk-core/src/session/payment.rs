//! One payment, from a link to the institution's word.
//!
//! ```text
//! ToLaunch ─ Launching ─ Reviewing ─ Entering, Confirming ─ ToSubmit ─┬─ InFlight ─ Concluded
//!     └──────────┴────────────┴──────────┴────────────────────────────│── Concluded(Cancelled, NotPaid)
//!                                        Unresolved ◄── no answer ────┤
//!                                        Working ◄── 202 ─────────────┘
//!                          Unresolved, Working ─ resolve ─ ToResolve ─ InFlight
//! ```
//! `Entering`, `Confirming` or both, as the policy says (`entering.rs`). Behind `ToSubmit` there is no way back to a new
//! submission: only `resolve`, until a receipt is verified.

use std::{fmt, sync::Arc};

use msgpay_wire::{entry::EntryPurpose, request::Resolve};

use super::{
    Core,
    confirmation::{Confirmation, Unconfirmed},
    entering::{Entering, Next},
    launched::NotLaunched,
    link::{Launching, Reviewing},
    review::{self, Review},
    submission::Submission,
    verdict::{self, Heard},
};
use crate::{
    failure::Misuse,
    host::{Answer, NoAnswer, Request},
    keypad::{Entry, SealedEntry},
    outcome::{Outcome, Reason, Todo, Why},
    records::OpenRequest,
};

/// What a payment wants now. Asking again gives the same, but a request is given out once.
#[derive(Debug)]
pub enum Step {
    /// Send this once, then call [`Payment::answered`].
    Send(Request),
    /// Show this, then call [`Payment::accept`] or [`Payment::cancel`].
    Review(Review),
    /// Have the password typed, then call [`Payment::entered`] or [`Payment::cancel`].
    EnterPassword(Entry),
    /// Have the phone release the biometric key for this one message, then call [`Payment::confirmed`]; or
    /// [`Payment::by_password`], [`Payment::biometric_lost`], [`Payment::cancel`].
    ConfirmBiometric(Confirmation),
    /// The institution works on it: call [`Payment::resolve`] after this time.
    Working {
        /// Milliseconds to wait.
        retry_after_ms: u64,
    },
    /// The request may have paid and no answer came. Only [`Payment::resolve`] goes on.
    Unresolved {
        /// The institution.
        institution: String,
        /// The order.
        pay_order_no: String,
    },
    /// The end.
    Concluded(Outcome),
}

/// A payment session.
pub struct Payment {
    core: Arc<Core>,
    state: State,
}

enum State {
    ToLaunch(Launching),
    Launching(Launching),
    Reviewing(Reviewing),
    Entering(Entering),
    Confirming(Box<Unconfirmed>),
    ToSubmit(Box<Submission>),
    ToResolve(OpenRequest),
    InFlight(OpenRequest),
    Working(OpenRequest, u64),
    Unresolved(OpenRequest),
    Concluded(Outcome),
}

impl Payment {
    pub(super) fn launch(core: Arc<Core>, link: &str) -> Result<Self, Misuse> {
        let state = match Launching::believe(&core, link) {
            Ok(launching) => match launching.open_request(&core)? {
                Some(open) => State::ToResolve(open),
                None => State::ToLaunch(launching),
            },
            Err(not_launched) => State::ended(not_launched)?,
        };
        Ok(Self { core, state })
    }

    pub(super) fn resume(core: Arc<Core>, institution: &str, pay_order_no: &str) -> Result<Self, Misuse> {
        let open = OpenRequest::find(&*core.host.vault, institution, pay_order_no)?;
        let open = open.ok_or(Misuse::NothingOpen)?;
        core.institution(&open.institution)?;
        Ok(Self { core, state: State::ToResolve(open) })
    }

    /// What is to be done now.
    ///
    /// # Errors
    /// [`Misuse::AnswerExpected`] while a request is in flight; [`Misuse::Host`] when keystore or vault failed: then
    /// nothing was given out, and the step can be asked for again.
    pub fn step(&mut self) -> Result<Step, Misuse> {
        self.end_if_too_long();
        match &self.state {
            State::ToSubmit(_) => self.submit(),
            State::ToLaunch(_) | State::ToResolve(_) => self.send().map(Step::Send),
            State::Launching(_) | State::InFlight(_) => Err(Misuse::AnswerExpected),
            State::Reviewing(reviewing) => Ok(Step::Review(reviewing.review.clone())),
            State::Entering(entering) => {
                let clock = self.core.host.clock.clone();
                Ok(Step::EnterPassword(entering.launched.entry(EntryPurpose::Password, clock)))
            }
            State::Confirming(unconfirmed) => {
                let or_password = unconfirmed.submission().cleared.way_without_biometric().is_some();
                Ok(Step::ConfirmBiometric(unconfirmed.confirmation(or_password)))
            }
            State::Working(_, retry_after_ms) => Ok(Step::Working { retry_after_ms: *retry_after_ms }),
            State::Unresolved(open) => Ok(unresolved(open)),
            State::Concluded(outcome) => Ok(Step::Concluded(outcome.clone())),
        }
    }

    /// The answer to the request that was given out, or that none came.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`]; [`Misuse::Host`] when the vault failed at a launch: the session is then cancelled.
    pub fn answered(&mut self, answer: Result<Answer, NoAnswer>) -> Result<(), Misuse> {
        match &self.state {
            State::Launching(launching) => {
                let answered = launching.answered(&self.core, answer);
                self.state = State::Concluded(Outcome::Cancelled);
                self.state = match answered {
                    Ok(reviewing) => State::Reviewing(reviewing),
                    Err(not_launched) => State::ended(not_launched)?,
                };
            }
            State::InFlight(open) => {
                let institution = self.core.institution(&open.institution)?;
                self.state = match verdict::hear(institution, open, answer, self.core.now_s()) {
                    Heard::Receipt(signed) => {
                        let _alone = self.core.alone();
                        // A record that stays is harmless: the next question gives the same receipt.
                        let _stays = open.forget(&*self.core.host.vault);
                        State::Concluded(signed.outcome())
                    }
                    Heard::Working(after_ms) => State::Working(open.clone(), after_ms),
                    Heard::Nothing => State::Unresolved(open.clone()),
                };
            }
            _ => return Err(Misuse::OutOfTurn),
        }
        Ok(())
    }

    /// The user saw this order and wants to pay it.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`], [`Misuse::OtherSession`].
    pub fn accept(&mut self, review: &Review) -> Result<(), Misuse> {
        self.end_if_too_long();
        match self.take() {
            State::Reviewing(reviewing) if *review == reviewing.review => {
                let Reviewing { launched, cleared, review: shown } = reviewing;
                let reviewed = review::accept(&review.order_digest, &launched.answer.summary_digest)
                    .ok_or(Misuse::OtherSession)?;
                let next = Next::of(launched, cleared, reviewed, shown.pay_order_no);
                self.state = next.map_or(State::not_paid(Todo::OtherWay, Why::NotAllowed), State::from);
                Ok(())
            }
            State::Reviewing(reviewing) => {
                self.state = State::Reviewing(reviewing);
                Err(Misuse::OtherSession)
            }
            other => self.out_of_turn(other),
        }
    }

    /// The password was typed and sealed.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`], [`Misuse::OtherSession`] for an entry of another launch; then a new entry is needed.
    pub fn entered(&mut self, sealed: SealedEntry) -> Result<(), Misuse> {
        self.end_if_too_long();
        let moved = match self.take() {
            State::Entering(entering) => entering.entered(sealed),
            other => return self.out_of_turn(other),
        };
        self.moved(moved.map_err(|entering| (State::Entering(*entering), Misuse::OtherSession)))
    }

    /// The biometric key has signed what [`Step::ConfirmBiometric`] asked for.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`]; [`Misuse::OtherSession`] for a signature by another key or over another message.
    pub fn confirmed(&mut self, signature: [u8; 64]) -> Result<(), Misuse> {
        self.end_if_too_long();
        let moved = match self.take() {
            State::Confirming(unconfirmed) => unconfirmed.confirmed(signature),
            other => return self.out_of_turn(other),
        };
        let moved = moved.map(|submission| Next::Submit(Box::new(submission)));
        self.moved(moved.map_err(|unconfirmed| (State::Confirming(unconfirmed), Misuse::OtherSession)))
    }

    /// The payer types the password instead of giving the biometric, where the institution's rules let him.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`]; [`Misuse::NoOtherWay`]: the step stays.
    pub fn by_password(&mut self) -> Result<(), Misuse> {
        self.end_if_too_long();
        let moved = match self.take() {
            State::Confirming(unconfirmed) => Next::by_password(unconfirmed),
            other => return self.out_of_turn(other),
        };
        self.moved(moved.map_err(|unconfirmed| (State::Confirming(unconfirmed), Misuse::NoOtherWay)))
    }

    /// The phone no longer has the biometric key that [`Step::ConfirmBiometric`] asks for: another finger or face was
    /// enrolled in it. The handset forgets the key ([`MsgPay::membership`](crate::MsgPay::membership) then says so) and
    /// the payment goes on by password, or ends with [`Why::BiometricLost`] where the rules have no such way.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`]; [`Misuse::Host`] when the vault failed: the step stays.
    pub fn biometric_lost(&mut self) -> Result<(), Misuse> {
        let State::Confirming(unconfirmed) = &self.state else { return Err(Misuse::OutOfTurn) };
        let (of, lost) = (unconfirmed.submission().institution(), unconfirmed.key_name());
        self.core.forget_biometric(of, |key| key.name == lost)?;
        if let Err(Misuse::NoOtherWay) = self.by_password() {
            self.state = State::not_paid(Todo::OtherWay, Why::BiometricLost);
        }
        Ok(())
    }

    /// Goes on, or back to the state that was.
    fn moved(&mut self, moved: Result<Next, (State, Misuse)>) -> Result<(), Misuse> {
        let (state, moved) = match moved {
            Ok(next) => (next.into(), Ok(())),
            Err((state, misuse)) => (state, Err(misuse)),
        };
        self.state = state;
        moved
    }

    /// Takes the state out; nothing was sent in what stands in its place.
    fn take(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Concluded(Outcome::Cancelled))
    }

    /// Puts a state back that did not expect a call; a session that has ended takes any.
    fn out_of_turn(&mut self, state: State) -> Result<(), Misuse> {
        let concluded = matches!(state, State::Concluded(_));
        self.state = state;
        if concluded { Ok(()) } else { Err(Misuse::OutOfTurn) }
    }

    /// Asks about a request whose result is not known.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`] when nothing is open.
    pub fn resolve(&mut self) -> Result<(), Misuse> {
        match &self.state {
            State::Unresolved(open) | State::Working(open, _) => {
                self.state = State::ToResolve(open.clone());
                Ok(())
            }
            _ => Err(Misuse::OutOfTurn),
        }
    }

    /// Turns back. Gives the outcome: what has left cannot be called back and is then [`Outcome::Unresolved`].
    pub fn cancel(&mut self) -> Outcome {
        let outcome = match &self.state {
            State::Concluded(outcome) => outcome.clone(),
            State::ToResolve(open)
            | State::InFlight(open)
            | State::Working(open, _)
            | State::Unresolved(open) => {
                let (institution, pay_order_no) = (open.institution.clone(), open.subject_no.clone());
                return Outcome::Unresolved { institution, pay_order_no };
            }
            _ => Outcome::Cancelled,
        };
        self.state = State::Concluded(outcome.clone());
        outcome
    }

    /// Whether this is the end.
    pub fn is_concluded(&self) -> bool {
        matches!(self.state, State::Concluded(_))
    }

    /// Makes the request that is due, and moves on only when it can be given out.
    fn send(&mut self) -> Result<Request, Misuse> {
        let core = self.core.clone();
        match self.take() {
            State::ToLaunch(mut launching) => {
                launching.asked.at_ms = core.host.clock.boot_ms();
                let request = launching.request(&core);
                self.state =
                    if request.is_ok() { State::Launching(launching) } else { State::ToLaunch(launching) };
                request
            }
            State::ToResolve(open) => {
                let path = format!("/sdk/v1/payments/{}/resolve", open.subject_no);
                let body = Resolve { server_nonce: open.server_nonce, request_digest: open.request_digest };
                let request = core.signed(&open.institution, open.device(), &path, body.encode());
                self.state = if request.is_ok() { State::InFlight(open) } else { State::Unresolved(open) };
                Ok(request?)
            }
            other => {
                self.state = other;
                Err(Misuse::OutOfTurn)
            }
        }
    }

    /// Signs the request that can pay and puts it on record before it is given out, so that no death of the process
    /// loses it. When another session of this handset has sent one for the order meanwhile, this one pays no more.
    fn submit(&mut self) -> Result<Step, Misuse> {
        let core = self.core.clone();
        let _alone = core.alone();
        let State::ToSubmit(submission) = &self.state else { return Err(Misuse::OutOfTurn) };
        let vault = &*core.host.vault;
        if let Some(open) = OpenRequest::find(vault, submission.institution(), &submission.subject_no)? {
            let step = unresolved(&open);
            self.state = State::Unresolved(open);
            return Ok(step);
        }
        let (open, request) = submission.sign(&core)?;
        open.keep(vault)?;
        self.state = State::InFlight(open);
        Ok(Step::Send(request))
    }

    /// Before anything that could pay was sent, an old nonce ends the session.
    fn end_if_too_long(&mut self) {
        let clock = &*self.core.host.clock;
        let over = match &self.state {
            State::Reviewing(reviewing) => reviewing.launched.took_too_long(clock),
            State::Entering(entering) => entering.launched.took_too_long(clock),
            State::Confirming(unconfirmed) => unconfirmed.submission().took_too_long(&self.core),
            State::ToSubmit(submission) => submission.took_too_long(&self.core),
            _ => false,
        };
        if over {
            self.state = State::not_paid(Todo::TryAgain, Why::TookTooLong);
        }
    }
}

fn unresolved(open: &OpenRequest) -> Step {
    Step::Unresolved { institution: open.institution.clone(), pay_order_no: open.subject_no.clone() }
}

impl From<Next> for State {
    fn from(next: Next) -> Self {
        match next {
            Next::Enter(entering) => Self::Entering(*entering),
            Next::Confirm(unconfirmed) => Self::Confirming(unconfirmed),
            Next::Submit(submission) => Self::ToSubmit(submission),
        }
    }
}

impl State {
    fn not_paid(todo: Todo, why: Why) -> Self {
        Self::Concluded(Outcome::NotPaid(Reason::new(todo, why)))
    }

    fn ended(not_launched: NotLaunched) -> Result<Self, Misuse> {
        match not_launched {
            NotLaunched::Reason(reason) => Ok(Self::Concluded(Outcome::NotPaid(*reason))),
            NotLaunched::Host(fault) => Err(fault.into()),
        }
    }
}

impl fmt::Debug for Payment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::ToLaunch(_) => "to launch",
            State::Launching(_) => "launching",
            State::Reviewing(_) => "reviewing",
            State::Entering(_) => "entering",
            State::Confirming(_) => "confirming",
            State::ToSubmit(_) => "to submit",
            State::ToResolve(_) => "to resolve",
            State::InFlight(_) => "in flight",
            State::Working(..) => "working",
            State::Unresolved(_) => "unresolved",
            State::Concluded(_) => "concluded",
        };
        write!(f, "Payment({state})")
    }
}
