//! Native payment (T/CAICI 92 Annex B.3), whole or with one fault, played over the real sockets.

use std::time::Duration;

use msgpay_wire::SuiteId;
use msgpay_wire::factors::Factor;

use super::dice::Dice;
use super::promise::{Books, Promise};
use super::user::{Stuck, User};
use super::witness;
use crate::fault::Fault;
use crate::handset::Phone;
use crate::stage::{Stage, StageError};
use crate::view::{Message, Outcome, OutcomeState};

/// Fen on the simulated user's bank account at the beginning.
pub const OPENED_FEN: i64 = 1_000_000;
/// The standard's limit between the confirmed result and the user's knowing it (T/CAICI 92 §6.4(1)).
pub const TOLD_MS_MAX: i64 = 3_000;

/// A merchant that comes back has asked about its open orders within this time.
const QUERY_MAX: Duration = Duration::from_secs(20);

/// Why a scenario could not be played to its end. A broken promise is not among these.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The parties could not be started or told something.
    #[error("{0}")]
    Stage(#[from] StageError),
    /// The simulated user could not go on.
    #[error("the user: {0}")]
    User(#[from] Stuck),
    /// A database could not be read.
    #[error("a book cannot be read: {0}")]
    Books(#[from] sqlx::Error),
}

/// What became of a scenario.
#[derive(Debug)]
pub struct Played {
    /// Every promise, judged.
    pub promises: Vec<Promise>,
    /// Milliseconds from the settle commit to the merchant's card on the phone; `None` where nothing was paid.
    pub told_after_ms: Option<i64>,
}

/// The play: who is on the stage and what was met on the way.
struct Play<'a> {
    stage: &'a mut Stage,
    phone: Phone,
    user: User,
    password: String,
    wrong: Vec<String>,
    /// What the user proves a payment with, beside the phone itself.
    factor: Factor,
    promises: Vec<Promise>,
}

/// Plays native payment with a fault on a stage that has just been raised.
///
/// # Errors
/// [`Broken`].
pub async fn play(
    stage: &mut Stage,
    seed: u64,
    fault: Option<Fault>,
    factor: Factor,
) -> Result<Played, Broken> {
    let mut dice = Dice(seed);
    let password = dice.password();
    let wrong = (0..5).map(|_| dice.other_password(&password)).collect();
    let choice = usize::try_from(dice.next() % 8).unwrap_or(0);
    let phone = stage.phone().await?;
    let user = User::new(phone.view(), phone.taps());
    let mut play = Play { stage, phone, user, password, wrong, factor, promises: Vec::new() };
    let password = play.password.clone();
    play.user.sets_up(&password).await?;
    if factor == Factor::Biometric {
        play.user.enrols(&password).await?;
    }
    let card = play.user.orders(choice).await?;
    let paid = match fault {
        None => play.plain(&card).await?,
        Some(fault) => play.with(fault, &card).await?,
    };
    play.judge(fault, paid).await
}

impl Play<'_> {
    fn promise(&mut self, name: &'static str, held: bool, seen: impl Into<String>) {
        self.promises.push(Promise::judged(name, held, seen));
    }

    async fn types_once(&mut self, card: &Message, password: &str) -> Result<Outcome, Broken> {
        let review = self.user.opens(card).await?;
        self.promise_shown(card, &review);
        if self.factor == Factor::Biometric {
            self.user.touches().await?;
        } else {
            self.user.pays(password).await?;
        }
        Ok(self.user.settled().await?)
    }

    /// What the sheet shows, and the institution signed, is what the merchant's card said.
    fn promise_shown(&mut self, card: &Message, review: &crate::view::Review) {
        let yuan = format!("{}.{:02}", review.order.amount_fen / 100, review.order.amount_fen % 100);
        let (said, words) = match &card.body {
            crate::view::MessageBody::Card { title, description, .. } => {
                (title.as_str(), description.as_str())
            }
            crate::view::MessageBody::Text { text } => ("", text.as_str()),
        };
        let payee = &review.order.payee;
        self.promise("the sheet shows the card's amount", said.contains(&yuan), format!("{said} / {yuan}"));
        let held = !payee.is_empty() && words.contains(payee.as_str());
        self.promise("the sheet shows the card's payee", held, format!("{words} / {payee}"));
    }

    fn promise_state(&mut self, name: &'static str, outcome: &Outcome, state: OutcomeState) {
        self.promise(name, outcome.state == state, format!("{:?} {:?}", outcome.state, outcome.problem));
    }

    async fn pays(&mut self, card: &Message) -> Result<(), Broken> {
        let password = self.password.clone();
        let outcome = self.types_once(card, &password).await?;
        self.promise_state("the SDK shows the payment", &outcome, OutcomeState::Paid);
        Ok(())
    }

    async fn plain(&mut self, card: &Message) -> Result<usize, Broken> {
        self.pays(card).await?;
        self.user.told("支付成功", 0).await?;
        Ok(1)
    }

    /// Gives how often is to be paid in the end.
    async fn with(&mut self, fault: Fault, card: &Message) -> Result<usize, Broken> {
        match fault {
            Fault::LostAnswer | Fault::LostRequest => {
                self.stage.board().set(fault, true);
                let password = self.password.clone();
                let mut outcome = self.types_once(card, &password).await?;
                let cuts = self.stage.relay().cuts_made();
                self.promise("the wire was cut once", cuts == 1, format!("{cuts} cuts"));
                if fault == Fault::LostRequest {
                    self.promise_state("the lost request was voided", &outcome, OutcomeState::NotPaid);
                    self.user.closes().await?;
                    outcome = self.types_once(card, &password).await?;
                }
                self.promise_state("the SDK shows the payment", &outcome, OutcomeState::Paid);
                self.user.told("支付成功", 0).await?;
                Ok(1)
            }
            Fault::MerchantDown => {
                self.stage.stop_merchant().await;
                self.pays(card).await?;
                let count = self.user.count_told("支付成功");
                self.promise("no card while the merchant is down", count == 0, format!("{count} cards"));
                let asked = witness::queries_answered(&self.stage.recorder().all());
                self.stage.start_merchant().await?;
                self.user.told("支付成功", 0).await?;
                let answer = witness::wait_for_query_answer(self.stage.recorder(), asked);
                let answered = tokio::time::timeout(QUERY_MAX, answer).await.is_ok();
                self.promise("on its return the merchant asks", answered, "no C.2 query was answered");
                let after = witness::card_after_query_ms(&self.stage.recorder().all(), asked);
                let held = after.is_some_and(|ms| (0..=TOLD_MS_MAX).contains(&ms));
                self.promise("the card came within 3 s of the C.2 answer", held, format!("{after:?} ms"));
                Ok(1)
            }
            Fault::InstitutionLate => self.bank(card, "late:4500", OutcomeState::Paid).await,
            Fault::InstitutionTwice => self.bank(card, "twice", OutcomeState::Paid).await,
            Fault::InstitutionDeclines => self.bank(card, "decline", OutcomeState::NotPaid).await,
            Fault::WrongPassword => {
                let wrong = self.wrong[0].clone();
                let outcome = self.types_once(card, &wrong).await?;
                self.promise_state("a wrong password does not pay", &outcome, OutcomeState::NotPaid);
                self.promise("it can be tried again", outcome.can_retry, "no retry offered");
                self.user.taps(crate::view::Tap::Retry).await?;
                self.user.reviews().await?;
                let password = self.password.clone();
                self.user.pays(&password).await?;
                let outcome = self.user.settled().await?;
                self.promise_state("the SDK shows the payment", &outcome, OutcomeState::Paid);
                self.user.told("支付成功", 0).await?;
                Ok(1)
            }
            Fault::Locked => self.locked(card).await,
            Fault::PlatformKilled => self.killed(card, "after_settle_before_reply").await,
            Fault::PlatformKilledEarlier => self.killed(card, "after_bank_before_settle").await,
            Fault::OrderedAgain => self.ordered_again(card).await,
            Fault::TurnedBack => {
                self.user.opens(card).await?;
                self.user.taps(crate::view::Tap::Accept).await?;
                self.user.keypad(crate::view::EntryPurpose::Pay).await?;
                self.user.taps(crate::view::Tap::Key { slot: 3 }).await?;
                self.user.taps(crate::view::Tap::Cancel).await?;
                self.user.sees_the_chat().await?;
                let sent = witness::submissions(&self.stage.recorder().all());
                self.promise("turning back sends nothing", sent == 0, format!("{sent} submissions"));
                self.plain(card).await
            }
            Fault::HandsetKilled => self.handset_killed(card).await,
            Fault::MixedSuites => self.mixed_suites(card).await,
        }
    }

    async fn bank(&mut self, card: &Message, behaviour: &str, end: OutcomeState) -> Result<usize, Broken> {
        self.stage.bank_behaves(behaviour, 1).await?;
        let password = self.password.clone();
        let outcome = self.types_once(card, &password).await?;
        self.promise_state("the SDK shows the bank's word", &outcome, end);
        if end == OutcomeState::Paid {
            self.user.told("支付成功", 0).await?;
            return Ok(1);
        }
        Ok(0)
    }

    async fn locked(&mut self, card: &Message) -> Result<usize, Broken> {
        let mut codes = Vec::new();
        for wrong in self.wrong.clone() {
            let outcome = self.types_once(card, &wrong).await?;
            codes.push(outcome.problem.and_then(|problem| problem.code).unwrap_or_default());
            self.user.closes().await?;
        }
        let expected = ["5G-3001", "5G-3001", "5G-3001", "5G-3001", "5G-3002"];
        self.promise("the fifth wrong password locks", codes == expected, format!("{codes:?}"));
        self.user.taps(crate::view::Tap::Suggestion { message: card.id.clone(), index: 0 }).await?;
        let outcome = self.user.settled().await?;
        let code = outcome.problem.and_then(|problem| problem.code).unwrap_or_default();
        self.promise("while locked no payment can be begun", code == "5G-3002", code.clone());
        Ok(0)
    }

    async fn killed(&mut self, card: &Message, point: &'static str) -> Result<usize, Broken> {
        self.stage.restart_platform(Some(point)).await?;
        self.user.opens(card).await?;
        let password = self.password.clone();
        self.user.pays(&password).await?;
        self.stage.platform_died(Duration::from_secs(20)).await?;
        self.stage.start_platform(None).await?;
        let outcome = self.user.settled().await?;
        self.promise_state("the receipt is there after the restart", &outcome, OutcomeState::Paid);
        self.user.told("支付成功", 0).await?;
        Ok(1)
    }

    async fn handset_killed(&mut self, card: &Message) -> Result<usize, Broken> {
        self.stage.bank_behaves("late:2500", 1).await?;
        self.user.opens(card).await?;
        let password = self.password.clone();
        self.user.pays(&password).await?;
        self.user
            .sees("the payment under way", |view| {
                matches!(view.phone.sheet, crate::view::Sheet::Working(_)).then_some(())
            })
            .await?;
        witness::wait_for_submission(self.stage.recorder()).await;
        let again = self.stage.phone().await?;
        // The old phone's app dies here, in the middle of its request.
        self.phone = again;
        self.user.takes(self.phone.view(), self.phone.taps());
        let outcome = self.user.settled().await?;
        self.promise_state("the restarted app learns the result", &outcome, OutcomeState::Paid);
        let sent = witness::submissions(&self.stage.recorder().all());
        self.promise("it never submits again", sent == 1, format!("{sent} submissions"));
        self.user.told("支付成功", 0).await?;
        Ok(1)
    }

    /// Every signature is genuine and under a pinned root; only the suite is another than the handset's.
    async fn mixed_suites(&mut self, first: &Message) -> Result<usize, Broken> {
        let own = self.stage.suite();
        let other = if own == SuiteId::International { SuiteId::Guomi } else { SuiteId::International };
        self.stage.platform_prefers(&[other, own]).await?;
        let goods = self.user.cards_with(crate::view::ChipAction::Reply);
        let Some(picked) = witness::goods_of(&goods, first).cloned() else {
            self.promise("the goods card is found again", false, "no goods card fits");
            return Ok(0);
        };
        let mixed = self.user.picks(&picked).await?;
        self.user.taps(crate::view::Tap::Suggestion { message: mixed.id.clone(), index: 0 }).await?;
        let outcome = self.user.settled().await?;
        self.promise_state("a link of another suite pays nothing", &outcome, OutcomeState::NotPaid);
        let code = outcome.problem.and_then(|problem| problem.code).unwrap_or_default();
        self.promise("mixing suites has a name", code == "5G-1006", code.clone());
        self.user.closes().await?;
        // And what the platform no longer allows at all, it refuses itself, by the same name.
        self.stage.platform_prefers(&[other]).await?;
        self.user.taps(crate::view::Tap::Suggestion { message: first.id.clone(), index: 0 }).await?;
        let outcome = self.user.settled().await?;
        let code = outcome.problem.and_then(|problem| problem.code).unwrap_or_default();
        self.promise("a suite that the policy omits is refused by name", code == "5G-1006", code.clone());
        let sent = witness::submissions(&self.stage.recorder().all());
        self.promise("no entry was sent", sent == 0, format!("{sent} submissions"));
        self.user.closes().await?;
        self.stage.platform_prefers(&[own]).await?;
        self.plain(first).await
    }

    async fn ordered_again(&mut self, first: &Message) -> Result<usize, Broken> {
        let goods = self.user.cards_with(crate::view::ChipAction::Reply);
        let picked = witness::goods_of(&goods, first);
        let Some(picked) = picked.cloned() else {
            self.promise("the goods card is found again", false, "no goods card fits");
            return Ok(0);
        };
        let second = self.user.picks(&picked).await?;
        let third = self.user.picks(&picked).await?;
        let numbers = witness::accepted_orders(&self.stage.recorder().all());
        let same = numbers.len() >= 3 && numbers.windows(2).all(|pair| pair[0] == pair[1]);
        self.promise("an unpaid order can be started again and again (F1.1)", same, format!("{numbers:?}"));
        self.promise("each start has its own card", second.id != third.id, "one card");
        self.pays(&third).await?;
        self.user.told("支付成功", 0).await?;
        self.user.closes().await?;
        let ordered = witness::orders_sent(&self.stage.recorder().all());
        self.user.taps(crate::view::Tap::Suggestion { message: first.id.clone(), index: 0 }).await?;
        let outcome = self.user.settled().await?;
        let code = outcome.problem.and_then(|problem| problem.code).unwrap_or_default();
        self.promise("an old card of the paid order pays nothing (F1.2)", code == "5G-2002", code.clone());
        self.user.closes().await?;
        // The Chatbot hears of the tap and says that the order is paid.
        self.user.told("该订单已支付", 0).await?;
        let later = witness::orders_sent(&self.stage.recorder().all());
        self.promise(
            "a paid order starts no other request (F1.2)",
            ordered == later,
            format!("{ordered} then {later}"),
        );
        Ok(1)
    }

    async fn judge(mut self, fault: Option<Fault>, paid: usize) -> Result<Played, Broken> {
        let records = self.stage.recorder().all();
        let books = Books::read(&self.stage.book_files(), self.stage.bank_account()).await?;
        self.promises.extend(books.money_promises(OPENED_FEN, paid));
        let findings = self.stage.check().await?;
        self.promise("the platform's own check finds nothing", findings.is_empty(), findings.join("; "));
        let steps = witness::steps(&records);
        if paid > 0 {
            self.promise("all six steps of B.3 were on the wire", steps.len() == 6, format!("{steps:?}"));
        }
        let receipts = witness::receipts(&records, self.stage.roots(), &self.stage.wallet_of_phone()?);
        self.promise(
            "every payment has a signed receipt for its own request",
            receipts.success == paid && receipts.unfit == 0,
            format!("{receipts:?}"),
        );
        if self.factor == Factor::Biometric {
            let typed = witness::typed_payments(&records);
            self.promise("no password was typed to pay", typed == 0, format!("{typed} entries"));
        }
        let strange = witness::other_suites(&records, self.stage.suite());
        if fault != Some(Fault::MixedSuites) {
            self.promise("everything signed is of one suite", strange.is_empty(), strange.join("; "));
        } else {
            self.promise("another suite was on the wire", !strange.is_empty(), "the mix was not seen");
        }
        let told = witness::told_after_ms(&records, &books);
        // A platform that was down cannot tell anybody; the fault's own promise says what came after.
        let was_up = !matches!(
            fault,
            Some(Fault::PlatformKilled | Fault::PlatformKilledEarlier | Fault::MerchantDown)
        );
        if paid > 0 && was_up {
            let held = told.is_some_and(|ms| (0..=TOLD_MS_MAX).contains(&ms));
            self.promise("the user is told within 3 s of the settled result", held, format!("{told:?} ms"));
        }
        if fault == Some(Fault::MerchantDown) {
            let ms = witness::sdk_told_after_ms(&records, &books);
            let held = ms.is_some_and(|ms| (0..=TOLD_MS_MAX).contains(&ms));
            self.promise("while the merchant is down the SDK tells within 3 s", held, format!("{ms:?} ms"));
        }
        let mut secrets = self.wrong.clone();
        secrets.push(self.password.clone());
        let leaks = witness::leaks(&records, &secrets, &self.user.layouts_read);
        self.promise("merchant, Chatbot and operator see nothing secret", leaks.is_empty(), leaks.join("; "));
        drop(self.phone);
        Ok(Played { promises: self.promises, told_after_ms: told })
    }
}
