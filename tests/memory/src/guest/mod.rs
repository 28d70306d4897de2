//! The SDK as an application of another language uses it: a program over the public API of the packaged product, played
//! order by order and dumped whole, its virtual machine with it.

mod entry;
mod heap;
mod typed;

pub use entry::{EDGES, examine};

use crate::dump::{Dump, Region};
use crate::eye::SIDE;
use crate::search::Family;
use msgpay_crypto::random;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What an order that waits for the session was answered with.
const ASKED: u8 = 0;
/// The session has concluded as one wants.
const WELL: u8 = 1;
/// It has concluded otherwise.
const NOT_WELL: u8 = 2;

/// One way to keep what no application may, and the patterns that must show it.
pub struct Control {
    /// The word that the program knows it by.
    pub word: &'static str,
    /// What must be found.
    pub shown: &'static [Family],
    /// Whether only a virtual machine's heap dump shows it.
    pub of_heap: bool,
}

/// All of them.
pub const CONTROLS: [Control; 4] = [
    Control { word: "string", shown: &[Family::Characters], of_heap: false },
    Control { word: "list", shown: &[Family::Slots], of_heap: false },
    Control { word: "array", shown: &[Family::Slots], of_heap: false },
    Control { word: "lambda", shown: &[Family::Slots], of_heap: true },
];

/// The program, running, with a handset that is activated and has a password.
pub struct Guest {
    child: Child,
    orders: ChildStdin,
    answers: ChildStdout,
    /// Where to let a virtual machine write its heap.
    heap: Option<PathBuf>,
    control: bool,
    /// Six characters.
    password: Vec<u8>,
}

impl Guest {
    /// Starts it and sets a password. `heap` is a file for a virtual machine's heap; `control` a word of [`CONTROLS`].
    ///
    /// # Panics
    /// When it does not start, or the platform does not take the password.
    #[must_use]
    pub fn start(mut command: Command, heap: Option<&Path>, control: Option<&str>) -> Self {
        command.args(control).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (orders, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let heap = heap.map(Path::to_owned);
        let mut guest =
            Self { child, orders, answers, heap, control: control.is_some(), password: password() };
        assert_eq!(guest.answer(), 0, "the handset is activated");
        assert_eq!(guest.order(b's'), ASKED, "a password is asked for");
        let password = guest.password.clone();
        for ended in [ASKED, WELL] {
            let layout = guest.open();
            for character in &password {
                let slot = layout.iter().position(|there| there == character).unwrap();
                guest.press(u8::try_from(slot).unwrap());
            }
            assert_eq!(guest.order(b'c'), ended, "the password is taken");
        }
        guest
    }

    /// Opens the keypad and reads its pictures: the characters in order of slots.
    fn open(&mut self) -> Vec<u8> {
        let alphabet = b"0123456789";
        assert_eq!(usize::from(self.order(b'o')), alphabet.len(), "a key for every digit");
        self.send(b'g', 0);
        let side = usize::from(SIDE);
        let mut faces = vec![vec![0; side * side]; alphabet.len()];
        for face in &mut faces {
            self.answers.read_exact(face).expect("the program answers");
        }
        self.answer();
        crate::eye::read(&faces, alphabet)
    }

    fn press(&mut self, slot: u8) -> u8 {
        self.masked(b'p', slot)
    }

    /// Tells the character of a press to an application that keeps it.
    fn tell(&mut self, character: u8) {
        if self.control {
            self.masked(b'w', character);
        }
    }

    fn masked(&mut self, order: u8, argument: u8) -> u8 {
        let [mask] = random::make().unwrap();
        self.send(b'm', mask);
        self.answer();
        self.send(order, argument ^ mask);
        self.answer()
    }

    fn order(&mut self, order: u8) -> u8 {
        self.send(order, 0);
        self.answer()
    }

    fn send(&mut self, order: u8, argument: u8) {
        self.orders.write_all(&[order, argument]).expect("the program reads");
    }

    fn answer(&mut self) -> u8 {
        let mut answer = [0; 2];
        self.answers.read_exact(&mut answer).expect("the program answers");
        assert_eq!(answer[0], b'.');
        answer[1]
    }

    /// All of its memory while it is stopped.
    fn dump(&self) -> Dump {
        let pid = self.child.id();
        signal(pid, "-STOP");
        while !stopped(pid) {
            std::thread::yield_now();
        }
        let dump = Dump::take(pid);
        signal(pid, "-CONT");
        dump
    }

    /// The same, and a virtual machine's heap beside it: its file as it is, and its objects in
    /// rows.
    fn dump_with_heap(&self) -> Dump {
        let mut dump = self.dump();
        let Some(file) = &self.heap else { return dump };
        let _ = fs::remove_file(file);
        let jcmd = Command::new("jcmd")
            .args([&self.child.id().to_string(), "GC.heap_dump", "-all"])
            .arg(file)
            .output()
            .expect("jcmd is installed (package openjdk-17-jdk-headless)");
        assert!(jcmd.status.success(), "{}", String::from_utf8_lossy(&jcmd.stdout));
        let bytes = fs::read(file).expect("the heap is written");
        fs::remove_file(file).unwrap();
        let rows = heap::rows(&bytes).expect("the heap's file is read to its end");
        dump.regions.extend(
            [("heap dump", HEAP, bytes), ("references of the heap dump", ROWS, rows)]
                .map(|(name, start, bytes)| Region { start, writable: true, name: name.to_owned(), bytes }),
        );
        dump
    }
}

/// Addresses that no process has.
const HEAP: u64 = 1 << 56;
const ROWS: u64 = 1 << 57;

impl Drop for Guest {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill").args([name, &pid.to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "the program takes signals");
}

/// Whether all of its threads are.
fn stopped(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).expect("the program is there");
    threads
        .flatten()
        .all(|thread| fs::read_to_string(thread.path().join("stat")).is_ok_and(|stat| stat.contains(") T ")))
}

/// Six digits that no rule finds weak, and no memory holds by chance: see [`crate::canary`].
fn password() -> Vec<u8> {
    loop {
        let digits: Vec<u8> =
            (0..6).map(|_| b'0' + u8::try_from(random::below(10).unwrap()).unwrap()).collect();
        let mut different = digits.clone();
        different.sort_unstable();
        different.dedup();
        let steps = digits.windows(2).all(|pair| pair[0].abs_diff(pair[1]) > 2);
        if different.len() == 6 && steps && digits.iter().any(|digit| *digit > b'7') {
            return digits;
        }
    }
}
