//! The page: raises a stage, serves the phone, and follows its switches.

use std::io::Write as _;

use tokio::net::TcpListener;

use crate::fault::Fault;
use crate::scenario::native::OPENED_FEN;
use crate::stage::{Program, Stage, StageError, StageOptions};
use crate::web;

/// Why the page is not shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShowFailed {
    /// The stage could not be raised.
    #[error("{0}")]
    Stage(#[from] StageError),
    /// The page could not be served.
    #[error("the page cannot be served: {0}")]
    Socket(#[from] std::io::Error),
    /// Only loopback is served: the page drives a phone.
    #[error("--listen takes a loopback address only")]
    NotLoopback,
    /// No randomness for the page's token.
    #[error("the system has no randomness")]
    Random,
}

/// Serves until the program is interrupted.
///
/// # Errors
/// [`ShowFailed`].
pub(super) async fn page(page: super::Page) -> Result<(), ShowFailed> {
    let super::Page { listen, data, suite, no_open } = page;
    if !listen.ip().is_loopback() {
        return Err(ShowFailed::NotLoopback);
    }
    say("starting bank, platform, operator, merchant and phone …")?;
    let options = StageOptions { folder: data, program: Program::this_one()?, opened_fen: OPENED_FEN, suite };
    let mut stage = Stage::raise(options).await?;
    let phone = stage.phone().await?;
    let listener = TcpListener::bind(listen).await?;
    let door = web::Door::from_bytes(msgpay_crypto::random::make().map_err(|_| ShowFailed::Random)?);
    let url = web::Door::url(listener.local_addr()?);
    say(&format!("open {url}   (Ctrl-C ends it)"))?;
    if !no_open {
        open_browser(&url);
    }
    let served = web::serve(listener, door, phone.view(), phone.taps());
    let followed = follow_switches(&mut stage);
    tokio::select! {
        served = served => served?,
        followed = followed => followed?,
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        ended = terminated() => ended?,
    }
    drop(phone);
    stage.strike().await;
    Ok(())
}

async fn terminated() -> std::io::Result<()> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?.recv().await;
    Ok(())
}

/// Does what the page's switches say, for as long as the page lives.
async fn follow_switches(stage: &mut Stage) -> Result<(), StageError> {
    let mut switches = stage.board().watch();
    let (mut late, mut declines) = (false, false);
    loop {
        let on = switches.borrow_and_update().clone();
        if on.contains(&Fault::MerchantDown) {
            stage.stop_merchant().await;
        } else {
            stage.start_merchant().await?;
        }
        let now = (on.contains(&Fault::InstitutionLate), on.contains(&Fault::InstitutionDeclines));
        if now != (late, declines) {
            (late, declines) = now;
            let behaviour = match now {
                (_, true) => "decline",
                (true, false) => "late:4500",
                (false, false) => "approve",
            };
            stage.bank_behaves_always(behaviour).await?;
        }
        if switches.changed().await.is_err() {
            return Ok(());
        }
    }
}

fn say(words: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "msgpay-demo: {words}")
}

/// Asks the desktop to open the address; without a desktop the printed address is enough.
fn open_browser(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let null = std::process::Stdio::null;
    let _no_desktop =
        std::process::Command::new(opener).arg(url).stdin(null()).stdout(null()).stderr(null()).spawn();
}
