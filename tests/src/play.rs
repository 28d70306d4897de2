//! A native payment on the real stage, as far as it goes: with a hop cut on the way, or with something swapped
//! before it begins.

use msgpay_demo::handset::Phone;
use msgpay_demo::scenario::native::OPENED_FEN;
use msgpay_demo::scenario::promise::Books;
use msgpay_demo::scenario::user::{Stuck, User};
use msgpay_demo::stage::{Cut, Stage, StageError, StageOptions};
use msgpay_demo::view::OutcomeState;
use msgpay_wire::SuiteId;
use std::path::Path;
use std::time::Duration;

/// What the user types.
pub const PASSWORD: &str = "280417";
/// What comes after a cut must not come within this time; an uncut payment takes about two seconds.
const WAITED_IN_VAIN: Duration = Duration::from_secs(6);
/// What is to come must come within this time on a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// How far a payment came, as the user sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Not even the phone has a line.
    Nothing,
    /// The messaging client is registered.
    Line,
    /// The handset is activated and the password set.
    Password,
    /// A card to pay is in the chat.
    Card,
    /// The SDK shows the signed order.
    Review,
    /// The SDK shows the payment.
    Paid,
    /// The merchant's result card is in the chat.
    Told,
}

/// Something between two parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hop {
    /// Handset and platform.
    Handset,
    /// Client to Chatbot, at the operator.
    Uplink,
    /// Chatbot to client, at the operator.
    Downlink,
    /// The merchant, Chatbot and business platform.
    Merchant,
    /// Platform and everybody.
    Platform,
    /// Platform and bank: the bank hangs.
    Bank,
}

/// A stage on a folder; the same folder gives the same world again.
///
/// # Errors
/// [`StageError`].
pub async fn raise(folder: &Path) -> Result<Stage, StageError> {
    raise_in(folder, SuiteId::International).await
}

/// The same in a suite.
///
/// # Errors
/// [`StageError`].
pub async fn raise_in(folder: &Path, suite: SuiteId) -> Result<Stage, StageError> {
    let (folder, program) = (Some(folder.to_owned()), crate::program::platform());
    Stage::raise(StageOptions { folder, program, opened_fen: OPENED_FEN, suite }).await
}

/// One payment and what it left.
pub struct Played {
    /// How far it came.
    pub reached: Reached,
    /// Layouts that the user read, ten digits in slot order.
    pub layouts: Vec<String>,
    /// Kept, so that nothing of it ends before a test has looked.
    pub phone: Option<Phone>,
    /// The user, for what else is to be done.
    pub user: Option<User>,
}

/// Plays a payment that is expected to end at `expected`: until there the user is patient, beyond it not. `cut` is
/// made when the payment has reached its point.
pub async fn play(stage: &mut Stage, cut: Option<(Reached, Hop)>, expected: Reached) -> Played {
    let patience = |reached| if reached < expected { PATIENCE } else { WAITED_IN_VAIN };
    let mut played = Played { reached: Reached::Nothing, layouts: Vec::new(), phone: None, user: None };
    let Ok(Ok(phone)) = tokio::time::timeout(patience(played.reached), stage.phone()).await else {
        return played;
    };
    let mut user = User::new(phone.view(), phone.taps());
    played.phone = Some(phone);
    played.reached = Reached::Line;
    let mut card = None;
    while played.reached < Reached::Told {
        if let Some((at, hop)) = cut
            && at == played.reached
        {
            make(stage, hop).await;
        }
        let next = next(&mut user, played.reached, &mut card);
        match tokio::time::timeout(patience(played.reached), next).await {
            Ok(Ok(reached)) => played.reached = reached,
            Ok(Err(_)) | Err(_) => break,
        }
    }
    played.layouts.clone_from(&user.layouts_read);
    played.user = Some(user);
    played
}

/// One step further.
async fn next(
    user: &mut User,
    reached: Reached,
    card: &mut Option<msgpay_demo::view::Message>,
) -> Result<Reached, Stuck> {
    match (reached, card.as_ref()) {
        (Reached::Line, _) => user.sets_up(PASSWORD).await.map(|()| Reached::Password),
        (Reached::Password, _) => {
            *card = Some(user.orders(0).await?);
            Ok(Reached::Card)
        }
        (Reached::Card, Some(card)) => user.opens(card).await.map(|_| Reached::Review),
        (Reached::Review, _) => {
            user.pays(PASSWORD).await?;
            match user.result().await?.state {
                OutcomeState::Paid => Ok(Reached::Paid),
                other => Err(Stuck::Other { expected: "a payment", seen: format!("{other:?}") }),
            }
        }
        _ => user.told("支付成功", 0).await.map(|_| Reached::Told),
    }
}

/// Makes a cut.
async fn make(stage: &mut Stage, hop: Hop) {
    match hop {
        Hop::Handset => {
            stage.relay().cut(Cut::All);
            stage.relay().break_connections();
        }
        Hop::Uplink => stage.maap().faults(|faults| faults.lose_uplinks = u32::MAX),
        Hop::Downlink => stage.maap().faults(|faults| faults.lose_downlinks = u32::MAX),
        Hop::Merchant => stage.stop_merchant().await,
        // A platform that was not there is as good as one that was killed.
        Hop::Platform => drop(stage.kill_platform().await),
        Hop::Bank => drop(stage.bank_behaves_always("hang:60000").await),
    }
}

/// What the two databases say now.
///
/// # Errors
/// When one cannot be read.
pub async fn books(stage: &Stage) -> Result<Books, Box<dyn std::error::Error>> {
    Ok(Books::read(&stage.book_files(), stage.bank_account()).await?)
}
