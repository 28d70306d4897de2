//! A stage with one handset: a keystore and a vault that can be told to fail, a clock that can be put ahead.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use msgpay::{
    ClockHost, DesktopKeystore, HostFailure, KeyAction, KeyGuard, KeystoreHost, NativeConfig, NativeEntry,
    NativeKeypad, NativeMsgPay, NativeTransport, Phone, Suite, Surface, VaultHost,
};
use msgpay_demo::{
    person::{Picture, Reader},
    scenario::{native::OPENED_FEN, promise::Books},
    stage::{Cut, Stage, StageOptions},
};
use msgpay_sdk_core::{Clock as _, SystemClock};
use msgpay_wire::SuiteId;
use tempfile::TempDir;

use crate::{
    scenario::Half,
    session::{Session, Step},
};

/// What the wallet's owner types.
pub(crate) const PASSWORD: &str = "492718";

/// A keypad on a private screen.
const SURFACE: Surface = Surface {
    capture_blocked: true,
    obscured_touches_filtered: true,
    no_text_field: true,
    nothing_kept: true,
    audio_private: false,
};

const FACE_PX: u16 = 96;

pub(crate) struct House {
    stage: Stage,
    pub(crate) institution: String,
    pub(crate) config: Arc<NativeConfig>,
    transport: Arc<NativeTransport>,
    pub(crate) handset: Arc<Handset>,
    pub(crate) msgpay: Arc<NativeMsgPay>,
    reader: Reader,
    /// What a death leaves lying.
    pub(crate) dead: Vec<(Arc<NativeMsgPay>, Option<Session>)>,
    _folder: TempDir,
}

/// What outlives the application's process.
pub(crate) struct Handset {
    keys: Arc<DesktopKeystore>,
    records: Mutex<BTreeMap<String, Vec<u8>>>,
    clock: SystemClock,
    pub(crate) keystore_fails: AtomicBool,
    pub(crate) vault_fails: AtomicBool,
    pub(crate) ahead_ms: AtomicI64,
}

impl House {
    pub(crate) async fn raise() -> Self {
        let program = msgpay_tests::program::platform();
        let options =
            StageOptions { folder: None, program, opened_fen: OPENED_FEN, suite: SuiteId::International };
        let stage = Stage::raise(options).await.unwrap();
        let files = stage.sdk_files().unwrap();
        let named = files.files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
        let config = NativeConfig::read(&files.config, &named).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let handset = Arc::new(Handset {
            keys: DesktopKeystore::open(folder.path().to_str().unwrap()).unwrap(),
            records: Mutex::default(),
            clock: SystemClock::start(),
            keystore_fails: AtomicBool::new(false),
            vault_fails: AtomicBool::new(false),
            ahead_ms: AtomicI64::new(0),
        });
        Self {
            institution: files.institution,
            transport: NativeTransport::open(&config).unwrap(),
            msgpay: NativeMsgPay::open(&config, handset.phone()).unwrap(),
            config,
            handset,
            reader: Reader::new(),
            dead: Vec::new(),
            _folder: folder,
            stage,
        }
    }

    pub(crate) async fn ready() -> Self {
        let house = Self::raise().await;
        house.activate().await;
        house.set_password().await;
        house
    }

    /// A new process over the same handset.
    pub(crate) fn open_anew(&mut self) {
        let anew = NativeMsgPay::open(&self.config, self.handset.phone()).unwrap();
        self.dead.push((std::mem::replace(&mut self.msgpay, anew), None));
    }

    pub(crate) async fn code(&self) -> String {
        self.stage.code().await.unwrap()
    }

    /// `payOrderNo` and link.
    pub(crate) async fn order(&self, fen: i64) -> (String, String) {
        self.stage.order(fen).await.unwrap()
    }

    pub(crate) fn cut(&self, half: Half) {
        self.stage.relay().cut(match half {
            Half::Request => Cut::Request,
            Half::Answer => Cut::Answer,
        });
    }

    pub(crate) async fn debits(&self, pay_order_no: &str) -> usize {
        Books::debits_of(&self.stage.book_files(), pay_order_no).await.unwrap()
    }

    pub(crate) async fn findings(&self) -> Vec<String> {
        self.stage.check().await.unwrap()
    }

    pub(crate) async fn strike(self) {
        self.stage.strike().await;
    }

    pub(crate) async fn activate(&self) {
        let session = Session::Activate(self.msgpay.activate(&self.institution, &self.code().await).unwrap());
        let Step::Concluded(ends) = self.advance(&session).await.unwrap() else { panic!("an end") };
        assert_eq!(ends.outcome.as_deref(), Some("activated"));
    }

    pub(crate) async fn set_password(&self) {
        let session = Session::Password(self.msgpay.set_password(&self.institution).unwrap());
        loop {
            match self.advance(&session).await.unwrap() {
                Step::Review(shown) => session.accept(&shown).unwrap(),
                Step::EnterPassword(entry) => {
                    let typed = self.open(&entry);
                    typed.press(PASSWORD);
                    session.entered(&typed.keypad.confirm().unwrap()).unwrap();
                }
                Step::Concluded(ends) => return assert_eq!(ends.outcome.as_deref(), Some("set")),
                _ => panic!("no such step"),
            }
        }
    }

    /// Carries requests until somebody has to answer.
    pub(crate) async fn advance(&self, session: &Session) -> Result<Step, msgpay::MsgPayError> {
        loop {
            match session.step()? {
                Step::Send(request) => session.answered(self.transport.send(request).await?)?,
                Step::Working(ms) => {
                    tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
                    session.payment().resolve()?;
                }
                step => return Ok(step),
            }
        }
    }

    /// Opens a keypad and reads it as a person would.
    pub(crate) fn open(&self, entry: &NativeEntry) -> Typed {
        let keypad = entry.open(SURFACE, FACE_PX).unwrap();
        let (mut slots, mut faces) = (Vec::new(), Vec::new());
        for (at, place) in (0_u32..).zip(keypad.keys().unwrap()) {
            let KeyAction::Slot { slot } = place.action else { continue };
            let (width, height) = (usize::from(place.width_px), usize::from(place.height_px));
            let mut alpha = vec![0_u8; width * height];
            let bytes = u64::try_from(alpha.len()).unwrap();
            let address = alpha.as_mut_ptr().expose_provenance();
            keypad.draw(at, u64::try_from(address).unwrap(), bytes).unwrap();
            slots.push(slot);
            faces.push(Picture::from_alpha(width, height, &alpha).unwrap());
        }
        let digits = self.reader.read_keypad(&faces).unwrap().digits;
        Typed { keypad, slot_of: digits.into_iter().zip(slots).collect() }
    }

    /// Signs by the biometric key, as the phone's prompt would once a finger is laid on; nothing when the key is gone.
    pub(crate) fn finger(&self, confirmation: &msgpay::Confirmation) -> Option<Vec<u8>> {
        self.handset.keys.sign(&confirmation.key_name, &confirmation.message).ok()
    }
}

/// An open keypad that was read.
pub(crate) struct Typed {
    pub(crate) keypad: Arc<NativeKeypad>,
    slot_of: BTreeMap<u8, u8>,
}

impl Typed {
    pub(crate) fn press(&self, digits: &str) {
        for digit in digits.bytes() {
            self.keypad.press(self.slot_of[&(digit - b'0')]).unwrap();
        }
    }
}

impl Handset {
    fn phone(self: &Arc<Self>) -> Phone {
        Phone { keystore: self.clone(), vault: self.clone(), clock: Some(self.clone()) }
    }

    pub(crate) fn enrol_another_finger(&self) {
        self.keys.enrol_another_finger().unwrap();
    }
}

fn unless(fails: &AtomicBool) -> Result<(), HostFailure> {
    if fails.load(Ordering::SeqCst) { Err(HostFailure::Failed) } else { Ok(()) }
}

impl KeystoreHost for Handset {
    fn make_key(&self, name: String, suite: Suite, guard: KeyGuard) -> Result<Vec<u8>, HostFailure> {
        unless(&self.keystore_fails)?;
        self.keys.make_key(&name, suite, guard)
    }

    fn sign(&self, name: String, message: Vec<u8>) -> Result<Vec<u8>, HostFailure> {
        unless(&self.keystore_fails)?;
        self.keys.sign(&name, &message)
    }

    fn forget_key(&self, name: String) -> Result<(), HostFailure> {
        unless(&self.keystore_fails)?;
        self.keys.forget_key(&name)
    }
}

impl VaultHost for Handset {
    fn put(&self, name: String, record: Vec<u8>) -> Result<(), HostFailure> {
        unless(&self.vault_fails)?;
        self.records.lock().unwrap().insert(name, record);
        Ok(())
    }

    fn record(&self, name: String) -> Result<Option<Vec<u8>>, HostFailure> {
        unless(&self.vault_fails)?;
        Ok(self.records.lock().unwrap().get(&name).cloned())
    }

    fn remove(&self, name: String) -> Result<(), HostFailure> {
        unless(&self.vault_fails)?;
        self.records.lock().unwrap().remove(&name);
        Ok(())
    }

    fn names(&self) -> Result<Vec<String>, HostFailure> {
        unless(&self.vault_fails)?;
        Ok(self.records.lock().unwrap().keys().cloned().collect())
    }
}

impl ClockHost for Handset {
    fn unix_ms(&self) -> Result<i64, HostFailure> {
        Ok(self.clock.unix_ms() + self.ahead_ms.load(Ordering::SeqCst))
    }

    fn boot_ms(&self) -> Result<i64, HostFailure> {
        Ok(i64::try_from(self.clock.boot_ms()).unwrap() + self.ahead_ms.load(Ordering::SeqCst))
    }
}
