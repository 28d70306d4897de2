//! Plays one scenario with a stage of its own; gives what was not as written.

use std::sync::atomic::Ordering;

use msgpay::{KeypadFault, MsgPayError, NativeKeypad};

use crate::{
    house::House,
    scenario::{Answer, Do, Ends, Fault, Given, Kind, Part, Scenario},
    session::{self, Session, Step},
};

pub(crate) async fn play(scenario: &Scenario) -> Vec<String> {
    let mut player = Player { house: House::raise().await, order: None, wrong: Vec::new() };
    if scenario.given.contains(&Given::Activated) {
        player.house.activate().await;
    }
    if scenario.given.contains(&Given::Password) {
        player.house.set_password().await;
    }
    if let Some(fen) = scenario.fen {
        player.order = Some(player.house.order(fen).await);
    }
    for part in &scenario.parts {
        let ends = player.part(part).await;
        player.judge(&part.ends, &ends);
    }
    player.close_books(scenario).await;
    let Player { house, wrong, .. } = player;
    house.strike().await;
    wrong
}

struct Player {
    house: House,
    order: Option<(String, String)>,
    wrong: Vec<String>,
}

/// What follows an answer.
enum Then {
    GoOn,
    TurnBack,
    Die,
}

impl Player {
    async fn part(&mut self, part: &Part) -> Ends {
        self.house.handset.ahead_ms.store(part.clock_ahead_s * 1000, Ordering::SeqCst);
        if part.restart {
            self.house.open_anew();
        }
        self.fault(part.fault, true);
        self.fault(part.fault_off, false);
        match self.begin(part).await {
            Ok(session) => self.drive(session, &part.answers).await.unwrap_or_else(session::error),
            Err(error) => session::error(error),
        }
    }

    fn fault(&self, fault: Option<Fault>, on: bool) {
        let handset = &self.house.handset;
        match fault {
            None => {}
            Some(Fault::Keystore) => handset.keystore_fails.store(on, Ordering::SeqCst),
            Some(Fault::Vault) => handset.vault_fails.store(on, Ordering::SeqCst),
            Some(Fault::EnrolmentChanged) => handset.enrol_another_finger(),
        }
    }

    async fn begin(&self, part: &Part) -> Result<Session, msgpay::MsgPayError> {
        let (house, institution) = (&self.house, &self.house.institution);
        let (number, link) = self.order.clone().unwrap_or_default();
        Ok(match part.session {
            Kind::Pay => Session::Pay(
                house.msgpay.launch(part.link.as_ref().filter(|text| *text != "order").unwrap_or(&link))?,
            ),
            Kind::Resolve => Session::Pay(house.msgpay.resolve(institution, &number)?),
            Kind::Password => Session::Password(house.msgpay.set_password(institution)?),
            Kind::Enrol => Session::Enrol(house.msgpay.enrol_biometric(institution)?),
            Kind::Activate => {
                let code = match &part.code {
                    Some(code) => code.clone(),
                    None => house.code().await,
                };
                Session::Activate(house.msgpay.activate(institution, &code)?)
            }
        })
    }

    async fn drive(&mut self, session: Session, answers: &[Answer]) -> Result<Ends, msgpay::MsgPayError> {
        let mut answers = answers.iter();
        loop {
            let step = self.house.advance(&session).await?;
            let at = match &step {
                Step::Review(_) => "review",
                Step::EnterPassword(_) => "enter_password",
                Step::ConfirmBiometric(_) => "confirm_biometric",
                Step::Unresolved => "unresolved",
                Step::Concluded(_) | Step::Send(_) | Step::Working(_) => "concluded",
            };
            if let Step::Concluded(ends) = step {
                self.check("answers that no step asked for", &0, &answers.count());
                return Ok(ends);
            }
            let Some(answer) = answers.next() else {
                self.wrong.push(format!("no answer is left for {at}"));
                return session.cancel();
            };
            self.check("step", &answer.at.as_str(), &at);
            if let Some(half) = answer.cut {
                self.house.cut(half);
            }
            match self.answer(&session, step, answer)? {
                Then::GoOn => {}
                Then::TurnBack => return session.cancel(),
                Then::Die => {
                    self.house.dead.push((self.house.msgpay.clone(), Some(session)));
                    return Ok(Ends { outcome: Some("died".to_owned()), ..Ends::default() });
                }
            }
        }
    }

    fn answer(
        &mut self,
        session: &Session,
        step: Step,
        answer: &Answer,
    ) -> Result<Then, msgpay::MsgPayError> {
        let half = &answer.digits[..answer.digits.len() / 2];
        match (answer.what, step) {
            (Do::Accept, Step::Review(shown)) => session.accept(&shown)?,
            (Do::Type, Step::EnterPassword(entry)) => {
                let typed = self.house.open(&entry);
                typed.press(&answer.digits);
                let sealed = typed.keypad.confirm()?;
                session.entered(&sealed)?;
            }
            (Do::EraseAndType, Step::EnterPassword(entry)) => {
                let typed = self.house.open(&entry);
                typed.press("0");
                self.check("left", &0, &typed.keypad.erase()?);
                typed.press(&answer.digits);
                let sealed = typed.keypad.confirm()?;
                session.entered(&sealed)?;
            }
            (Do::CancelTyping, Step::EnterPassword(entry)) => {
                let typed = self.house.open(&entry);
                typed.press(half);
                typed.keypad.cancel()?;
                return Ok(Then::TurnBack);
            }
            (Do::Wipe, Step::EnterPassword(entry)) => {
                let typed = self.house.open(&entry);
                typed.press(half);
                typed.keypad.cancel()?;
                self.check_wiped(&typed.keypad);
            }
            (Do::Capture, Step::EnterPassword(entry)) => {
                let typed = self.house.open(&entry);
                typed.press(half);
                typed.keypad.capture_detected()?;
                self.check_wiped(&typed.keypad);
            }
            (Do::Ask, Step::Unresolved) => session.payment().resolve()?,
            (Do::Sign, Step::ConfirmBiometric(confirmation)) => match self.house.finger(&confirmation) {
                Some(signature) => session.confirmed(&signature)?,
                None => session.payment().biometric_lost()?,
            },
            (Do::ByPassword, Step::ConfirmBiometric(_)) => session.payment().by_password()?,
            (Do::KeyLost, Step::ConfirmBiometric(_)) => session.payment().biometric_lost()?,
            (Do::Cancel | Do::Leave, _) => return Ok(Then::TurnBack),
            (Do::Die, _) => return Ok(Then::Die),
            _ => {
                self.wrong.push(format!("{} cannot be answered so", answer.at));
                return Ok(Then::TurnBack);
            }
        }
        Ok(Then::GoOn)
    }

    /// Held until here, so that nothing but the call before has wiped it.
    fn check_wiped(&mut self, keypad: &NativeKeypad) {
        let closed = Err(MsgPayError::Keypad { fault: KeypadFault::Closed, wiped: true });
        self.check("a press on a wiped keypad", &closed, &keypad.press(0));
    }

    fn judge(&mut self, wanted: &Ends, found: &Ends) {
        self.check("outcome", &wanted.outcome, &found.outcome);
        self.check("error", &wanted.error, &found.error);
        for (what, wanted, found) in [("todo", &wanted.todo, &found.todo), ("why", &wanted.why, &found.why)] {
            if wanted.is_some() {
                self.check(what, wanted, found);
            }
        }
        if wanted.tries_left.is_some() {
            self.check("tries left", &wanted.tries_left, &found.tries_left);
        }
    }

    async fn close_books(&mut self, scenario: &Scenario) {
        if let Some((number, _)) = &self.order {
            let debits = self.house.debits(number).await;
            self.check("debits", &scenario.books.debits.unwrap_or(0), &debits);
        }
        let open = self.house.msgpay.unresolved().map_or(usize::MAX, |open| open.len());
        self.check("open payments", &scenario.books.open, &open);
        let findings = self.house.findings().await;
        self.check("findings", &Vec::new(), &findings);
    }

    fn check<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, wanted: &T, found: &T) {
        if wanted != found {
            self.wrong.push(format!("{what}: {found:?}, not {wanted:?}"));
        }
    }
}
