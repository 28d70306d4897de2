//! The process under examination: a host around the SDK's keypad, as good as a host can be.
//!
//! It takes orders of two bytes from standard input and answers each with two, both unbuffered. A press comes
//! in disguise: first a mask, then the slot under it; they meet in a register on the way to the core. The
//! host keeps no slot, and after a press it burns the frames through which one went. What it shows and plays it drops
//! when the keypad is closed.
//!
//! A keypad that is listened to is used as one uses it by ear: a key is explored, heard and has the focus; a tap
//! presses what has the focus, and takes the focus away.
//!
//! ```text
//! o open   g the faces   m mask   p press   e erase   x clear   r review   c confirm   q cancel
//! h what the keys say   l explore a key and listen   t tap
//! i three idle minutes   k a capture begins   d drop   n panic while it is open   f fork   v the envelope
//! w the picture that is shown for review
//! ```

use msgpay_crypto::heap::WipingHeap;
use msgpay_memory::{eye::SIDE, subject::Setting};
use msgpay_sdk_core::{
    Action, Clock, Entry, EntryFault, EntryReview, FaceSize, Key, Keypad, Language, SealedEntry,
    SurfaceReport,
};
use msgpay_wire::entry::DELETE;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[global_allocator]
static HEAP: WipingHeap = WipingHeap;

/// An answer that is no number of characters.
const REFUSED: u8 = 0xFF;
/// A focus that lies on no key.
const NOWHERE: u8 = 0x80;
/// Samples that a player takes at once: 20 ms.
const PLAYED: usize = 320;

/// A clock that moves when it is told to.
struct Told(AtomicU64);

impl Clock for Told {
    fn unix_ms(&self) -> i64 {
        1_800_000_000_000
    }

    fn monotonic_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What is on the screen, and what makes it.
struct Host {
    entry: Option<Entry>,
    keypad: Option<Keypad>,
    keys: Vec<Key>,
    review: Option<EntryReview>,
    sealed: Option<SealedEntry>,
    clock: Arc<Told>,
    spoken: bool,
    mask: u8,
    focus: u8,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(setting) = Setting::read(&arguments) else { return ExitCode::from(2) };
    if setting.hidden && msgpay_crypto::secret::use_hidden_memory().is_err() {
        return ExitCode::from(3);
    }
    std::panic::set_hook(Box::new(|_| {}));
    let clock = Arc::new(Told(AtomicU64::new(0)));
    let entry = Entry::specimen(setting.specimen(), Arc::clone(&clock) as Arc<dyn Clock>);
    let host = Host {
        entry: Some(entry),
        keypad: None,
        keys: Vec::new(),
        review: None,
        sealed: None,
        clock,
        spoken: setting.spoken,
        mask: 0,
        focus: NOWHERE,
    };
    if serve(host).is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Until there are no more orders.
fn serve(mut host: Host) -> Option<()> {
    let mut orders = File::from(std::io::stdin().as_fd().try_clone_to_owned().ok()?);
    let mut answers = File::from(std::io::stdout().as_fd().try_clone_to_owned().ok()?);
    let mut order = [0; 2];
    while orders.read_exact(&mut order).is_ok() {
        let answer = match order[0] {
            b'o' => {
                host.open();
                let places = host.places();
                answers.write_all(&places).ok()?;
                u8::try_from(places.len() / 4).ok()?
            }
            b'g' => {
                for key in host.keys.iter().filter(|key| matches!(key.action, Action::Slot(_))) {
                    answers.write_all(key.face.alpha()).ok()?;
                }
                0
            }
            b'h' => {
                for key in &host.keys {
                    answers.write_all(&bytes(key.clip.as_ref()?.samples())).ok()?;
                }
                0
            }
            b'v' => {
                let envelope = host.sealed.take()?.specimen();
                answers.write_all(&u16::try_from(envelope.len()).ok()?.to_le_bytes()).ok()?;
                answers.write_all(&envelope).ok()?;
                0
            }
            b'w' => {
                let picture = host.review.as_ref()?.picture.alpha();
                answers.write_all(&u32::try_from(picture.len()).ok()?.to_le_bytes()).ok()?;
                answers.write_all(picture).ok()?;
                0
            }
            b'm' => {
                host.mask = order[1];
                0
            }
            b'p' => {
                let length = press(&mut host, order[1]);
                (order, host.mask) = ([0; 2], 0);
                msgpay_crypto::room::burn();
                length
            }
            b'l' => {
                let heard = explore(&mut host, order[1]);
                (order, host.mask) = ([0; 2], 0);
                msgpay_crypto::room::burn();
                u8::from(heard.is_none())
            }
            b't' => {
                let length = tap(&mut host);
                msgpay_crypto::room::burn();
                length
            }
            b'f' => {
                if let Ok(fork::Fork::Child) = fork::fork() {
                    answers.write_all(&std::process::id().to_le_bytes()).ok()?;
                    loop {
                        std::thread::park();
                    }
                }
                0
            }
            other => host.obey(other),
        };
        if b"cqikdn".contains(&order[0]) || answer == REFUSED {
            // Whatever ends the entry takes the picture of its number off the screen.
            host.review = None;
        }
        answers.write_all(&[b'.', answer]).ok()?;
    }
    Some(())
}

/// The slot exists here only, between unmasking and the core.
#[inline(never)]
fn press(host: &mut Host, masked: u8) -> u8 {
    let Some(keypad) = &mut host.keypad else { return REFUSED };
    let answer = keypad.press(masked ^ host.mask);
    host.closed_by(answer)
}

/// A finger finds a key: the key has the focus, and its clip is played to the end.
#[inline(never)]
fn explore(host: &mut Host, masked: u8) -> Option<()> {
    host.focus = masked ^ host.mask;
    let found = |key: &&Key| match key.action {
        Action::Slot(slot) => slot == host.focus,
        Action::Delete => host.focus == DELETE,
        _ => false,
    };
    let key = host.keys.iter().find(found)?;
    play(key.clip.as_ref()?.samples())
}

/// What has the focus is pressed, and has it no more.
#[inline(never)]
fn tap(host: &mut Host) -> u8 {
    let Some(keypad) = &mut host.keypad else { return REFUSED };
    let answer = if host.focus == DELETE { keypad.erase() } else { keypad.press(host.focus) };
    host.focus = NOWHERE;
    host.closed_by(answer)
}

/// Through a player's buffer, whose block is wiped when it goes back, to a device that swallows.
fn play(samples: &[i16]) -> Option<()> {
    let mut device = File::options().write(true).open("/dev/null").ok()?;
    for part in samples.chunks(PLAYED) {
        device.write_all(&bytes(part)).ok()?;
    }
    Some(())
}

fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_ne_bytes()).collect()
}

fn length(answer: Result<usize, EntryFault>) -> u8 {
    answer.ok().and_then(|length| u8::try_from(length).ok()).unwrap_or(REFUSED)
}

impl Host {
    fn open(&mut self) {
        let report = SurfaceReport {
            capture_blocked: true,
            obscured_touches_filtered: true,
            no_text_field: true,
            nothing_kept: true,
            audio_private: true,
        };
        let size = FaceSize::square(SIDE);
        let Some(entry) = self.entry.take() else { return };
        let opened = if self.spoken {
            entry.open_spoken(report, size, Language::Chinese)
        } else {
            entry.open(report, size)
        };
        if let Ok((keypad, keys)) = opened {
            (self.keypad, self.keys) = (Some(keypad), keys);
        }
    }

    /// Where the keys lie: slot, page, row, column of each.
    fn places(&self) -> Vec<u8> {
        let place = |key: &Key| match key.action {
            Action::Slot(slot) => vec![slot, key.page, key.row, key.column],
            _ => Vec::new(),
        };
        self.keys.iter().flat_map(place).collect()
    }

    /// The answer's length. What was shown and played is dropped when the core has wiped.
    fn closed_by(&mut self, answer: Result<usize, EntryFault>) -> u8 {
        if answer.is_err_and(EntryFault::wiped) {
            self.keys = Vec::new();
        }
        length(answer)
    }

    fn obey(&mut self, order: u8) -> u8 {
        let answer = self.turn(order);
        if b"cqkidn".contains(&order) && answer == 0 {
            self.keys = Vec::new();
        }
        answer
    }

    fn turn(&mut self, order: u8) -> u8 {
        let Some(keypad) = &mut self.keypad else { return REFUSED };
        match order {
            b'e' => {
                let answer = keypad.erase();
                self.closed_by(answer)
            }
            b'x' => length(keypad.clear()),
            b'c' => match keypad.confirm() {
                Ok(sealed) => {
                    self.sealed = Some(sealed);
                    0
                }
                Err(_) => REFUSED,
            },
            b'r' => {
                self.review = keypad.review(SIDE).ok();
                u8::from(self.review.is_none())
            }
            b'q' => {
                keypad.cancel();
                0
            }
            b'k' => {
                let fault = keypad.capture_detected();
                u8::from(!fault.wiped())
            }
            b'i' => {
                self.clock.0.fetch_add(msgpay_sdk_core::IDLE_MS_MAX, Ordering::Relaxed);
                u8::from(!keypad.wipe_if_idle())
            }
            b'd' => {
                self.keypad = None;
                0
            }
            b'n' => {
                let keypad = self.keypad.take();
                let broken = catch_unwind(AssertUnwindSafe(move || {
                    let length = keypad.as_ref().map_or(0, Keypad::length);
                    assert!(length > 99, "a defect of the host while the keypad is open");
                    length
                }));
                u8::from(broken.is_ok())
            }
            _ => REFUSED,
        }
    }
}
