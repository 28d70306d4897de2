//! The phone: takes taps, runs the SDK's sessions, keeps the chat, and publishes what is to be seen.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use msgpay_sdk_core::{
    BiometricEnrolment, Config, ConfigFault, FaceSize, Host, HostFault, Keypad, Misuse, MsgPay, NetTransport,
    PasswordSetup, Payment, Step, SurfaceReport, SystemClock, Transport,
};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;

use super::client::{Arrived, Client, Offer};
use super::host::{FileKeystore, FolderVault};
use super::transport::{BeforeSending, TappedTransport};
use crate::clock::SharedClock;
use crate::fault::{Board, Fault};
use crate::recorder::{Record, Recorder};
use crate::view::{self, Sheet, Tap, Text, View};

mod biometric;
mod chat;
mod drive;
mod entry;
mod setup;
mod trace;

use drive::Driven;

/// Side of a key face in pixels: twice the keypad's drawn size, for dense screens.
const FACE_PX: u16 = 96;

/// Everything that a phone is made of.
pub struct Parts {
    /// The phone's own folder: device key and vault.
    pub folder: PathBuf,
    /// The subscriber's number, 11 digits.
    pub mobile: String,
    /// Which institution the SDK trusts.
    pub config: Config,
    /// The messaging client, registered at the operator.
    pub client: Client,
    /// Messages that arrive.
    pub arrivals: mpsc::Receiver<Arrived>,
    /// Records what the phone sends and receives, and tells what everybody does.
    pub recorder: Recorder,
    /// Fault switches.
    pub board: Board,
    /// The time.
    pub clock: SharedClock,
    /// Called just before a request leaves.
    pub before_sending: BeforeSending,
    /// The activation code that came by short message, if one did.
    pub code: Option<String>,
    /// Asks the institution for another code, as a user would by telephone.
    pub another_code: AnotherCode,
}

/// Gives a fresh activation code, or `None` when the institution has none.
pub type AnotherCode = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Option<String>> + Send>> + Send + Sync>;

/// Why a phone does not start.
#[derive(Debug, thiserror::Error)]
pub enum PhoneFailed {
    /// The SDK's configuration is wrong.
    #[error("the SDK's configuration: {0}")]
    Config(#[from] ConfigFault),
    /// The phone's folder cannot be used.
    #[error("the phone's folder: {0}")]
    Host(#[from] HostFault),
    /// The SDK refused.
    #[error("the SDK: {0}")]
    Misuse(#[from] Misuse),
}

/// A phone that is switched on. Dropping it kills its app at once, wherever it is.
pub struct Phone {
    view: watch::Receiver<View>,
    taps: mpsc::Sender<Tap>,
    task: JoinHandle<()>,
}

impl Phone {
    /// Switches a phone on. Payments that an earlier life left open are asked about first.
    ///
    /// # Errors
    /// [`PhoneFailed`].
    pub fn start(parts: Parts) -> Result<Self, PhoneFailed> {
        std::fs::create_dir_all(&parts.folder).map_err(|_| HostFault::Vault)?;
        let institution = parts.config.institutions.first().ok_or(ConfigFault::NoInstitution)?;
        let name = Text::same(institution.name.clone());
        let institution = institution.id.clone();
        let inner = NetTransport::open(&parts.config)?;
        let transport: Arc<dyn Transport> =
            Arc::new(TappedTransport::new(inner, parts.recorder.clone(), parts.before_sending));
        let keystore = Arc::new(FileKeystore::open(&parts.folder)?);
        let host = Host {
            keystore: keystore.clone(),
            vault: Arc::new(FolderVault::open(&parts.folder)?),
            clock: Arc::new(SystemClock::start()),
        };
        let msgpay = MsgPay::open(parts.config, host);
        let (view, seen) = watch::channel(View::default());
        let (taps, tapped) = mpsc::channel(64);
        let (done, driven) = mpsc::channel(16);
        let mut actor = Actor {
            view,
            msgpay,
            keystore,
            institution,
            name,
            transport,
            client: parts.client,
            board: parts.board,
            recorder: parts.recorder,
            code: parts.code,
            another_code: parts.another_code,
            clock: parts.clock,
            offers: Vec::new(),
            setup: None,
            enrolment: None,
            payment: None,
            keypad: None,
            link: None,
            order: None,
            openings: 0,
            typing: view::EntryPurpose::default(),
            entry_problem: None,
            setup_name: None,
            began_ms: None,
            done,
        };
        actor.begin(&parts.mobile)?;
        let task = tokio::spawn(actor.run(tapped, parts.arrivals, driven));
        Ok(Self { view: seen, taps, task })
    }

    /// What is to be seen.
    #[must_use]
    pub fn view(&self) -> watch::Receiver<View> {
        self.view.clone()
    }

    /// Where the finger goes.
    #[must_use]
    pub fn taps(&self) -> mpsc::Sender<Tap> {
        self.taps.clone()
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Actor {
    view: watch::Sender<View>,
    msgpay: MsgPay,
    /// Where a finger releases the biometric key.
    keystore: Arc<FileKeystore>,
    institution: String,
    name: Text,
    transport: Arc<dyn Transport>,
    client: Client,
    board: Board,
    recorder: Recorder,
    code: Option<String>,
    another_code: AnotherCode,
    clock: SharedClock,
    /// What each message's suggestions do.
    offers: Vec<(String, Vec<Offer>)>,
    setup: Option<PasswordSetup>,
    enrolment: Option<BiometricEnrolment>,
    payment: Option<Payment>,
    keypad: Option<Keypad>,
    link: Option<String>,
    order: Option<view::Order>,
    openings: u64,
    /// What the keypad that is open is for.
    typing: view::EntryPurpose,
    /// Why the next keypad is shown again.
    entry_problem: Option<view::Problem>,
    /// Institution and masked number, above a keypad for a new password.
    setup_name: Option<Text>,
    began_ms: Option<i64>,
    done: mpsc::Sender<Driven>,
}

impl Actor {
    fn begin(&mut self, mobile: &str) -> Result<(), PhoneFailed> {
        let masked = match (mobile.get(..3), mobile.get(7..)) {
            (Some(head), Some(tail)) => format!("{head}****{tail}"),
            _ => "*".repeat(mobile.len()),
        };
        let chat = self.client.chat();
        self.view.send_modify(|view| {
            view.phone.number = masked;
            view.phone.chats = vec![chat];
        });
        self.show_switches();
        if self.msgpay.membership(&self.institution)?.is_none() {
            self.show_code();
            self.show_activation(false, None);
        } else if let Some(open) = self.msgpay.unresolved()?.into_iter().next() {
            self.payment = Some(self.msgpay.resolve(&open.institution, &open.pay_order_no)?);
            self.show(super::sheet::unresolved(&self.name, None, true));
            self.drive_payment();
        }
        Ok(())
    }

    async fn run(
        mut self,
        mut taps: mpsc::Receiver<Tap>,
        mut arrivals: mpsc::Receiver<Arrived>,
        mut driven: mpsc::Receiver<Driven>,
    ) {
        let mut records = self.recorder.subscribe();
        for record in self.recorder.all() {
            self.trace(&record);
        }
        let mut switches = self.board.watch();
        let mut idle = tokio::time::interval(std::time::Duration::from_secs(5));
        loop {
            tokio::select! {
                tap = taps.recv() => match tap {
                    Some(tap) => self.tapped(tap).await,
                    None => return,
                },
                Some(arrived) = arrivals.recv() => self.arrived(arrived),
                Some(driven) = driven.recv() => self.driven(driven),
                record = records.recv() => self.recorded(record),
                Ok(()) = switches.changed() => self.show_switches(),
                _ = idle.tick() => self.wipe_if_idle(),
            }
        }
    }

    fn recorded(&mut self, record: Result<Arc<Record>, broadcast::error::RecvError>) {
        match record {
            Ok(record) => self.trace(&record),
            // The page then misses lines; the transcript reads the recorder itself and misses none.
            Err(broadcast::error::RecvError::Lagged(_) | broadcast::error::RecvError::Closed) => (),
        }
    }

    async fn tapped(&mut self, tap: Tap) {
        match tap {
            Tap::Say { text, .. } => self.say(text).await,
            Tap::Suggestion { message, index } => self.suggested(&message, index).await,
            Tap::Activate { code } => self.activate(&code),
            Tap::Accept => self.accept(),
            Tap::Key { slot } => self.press(slot),
            Tap::Delete => self.correct(Keypad::erase),
            Tap::Clear => self.correct(Keypad::clear),
            Tap::Confirm => self.confirm(),
            Tap::Cancel => self.cancel(),
            Tap::Enrol => self.enrol(),
            Tap::Touch => self.touch(),
            Tap::TypeInstead => self.type_instead(),
            Tap::Query => self.query(),
            Tap::Retry => self.retry(),
            Tap::Done => self.close_sheet(),
            Tap::DismissBanner => self.view.send_modify(|view| view.phone.banner = None),
            Tap::SetFault { name, on } => {
                if let Some(fault) = Fault::from_name(&name) {
                    self.board.set(fault, on);
                }
            }
            Tap::Restart => self.restart(),
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.clock.now_ms()).unwrap_or(0)
    }

    fn show(&self, sheet: Sheet) {
        self.view.send_modify(|view| view.phone.sheet = sheet);
    }

    fn show_switches(&self) {
        let faults = self.board.switches();
        self.view.send_modify(|view| view.faults = faults);
    }

    fn close_sheet(&mut self) {
        self.keypad = None;
        self.payment = None;
        self.setup = None;
        self.enrolment = None;
        self.order = None;
        self.show(Sheet::Hidden);
    }

    fn restart(&mut self) {
        self.close_sheet();
        self.began_ms = None;
        self.view.send_modify(|view| {
            view.trace.clear();
            view.run += 1;
        });
    }

    fn cancel(&mut self) {
        // A request that is under way cannot be taken back: its result is shown when it comes.
        let under_way = self.payment.is_none()
            && self.setup.is_none()
            && self.enrolment.is_none()
            && self.keypad.is_none();
        if under_way && matches!(self.view.borrow().phone.sheet, Sheet::Working(_)) {
            return;
        }
        if let Some(mut payment) = self.payment.take() {
            payment.cancel();
        }
        if let Some(mut setup) = self.setup.take() {
            setup.cancel();
        }
        self.close_sheet();
    }

    /// Payment by the link of a card's button. A sheet that asks for something covers the chat: its order stays the
    /// one that is paid.
    fn launch(&mut self, link: String) {
        if matches!(
            self.view.borrow().phone.sheet,
            Sheet::Working(_) | Sheet::Review(_) | Sheet::Keypad(_) | Sheet::Touch(_)
        ) {
            return;
        }
        match self.msgpay.launch(&link) {
            Ok(payment) => {
                self.link = Some(link);
                self.payment = Some(payment);
                let text = Text::new("正在获取订单", "Fetching the order");
                self.show(super::sheet::working(&self.name, None, text));
                self.drive_payment();
            }
            Err(_) => self.phone_failed(),
        }
    }

    fn accept(&mut self) {
        let Some(payment) = &mut self.payment else { return };
        let accepted = match payment.step() {
            Ok(Step::Review(review)) => payment.accept(&review),
            Ok(_) => return,
            Err(misuse) => Err(misuse),
        };
        match accepted {
            Ok(()) => self.next_factor(),
            Err(_) => self.phone_failed(),
        }
    }

    fn phone_failed(&mut self) {
        self.keypad = None;
        self.payment = None;
        self.setup = None;
        self.enrolment = None;
        self.show(Sheet::Result(view::Outcome {
            institution: self.name.clone(),
            state: view::OutcomeState::NotPaid,
            order: self.order.clone(),
            problem: Some(super::words::phone_failed()),
            ..Default::default()
        }));
    }

    /// What this phone promises of its surface. A browser cannot keep its page out of screenshots, and says so.
    const fn surface() -> SurfaceReport {
        SurfaceReport {
            capture_blocked: false,
            obscured_touches_filtered: true,
            no_text_field: true,
            nothing_kept: true,
            audio_private: false,
        }
    }

    fn face_size() -> FaceSize {
        FaceSize::square(FACE_PX)
    }
}
