//! What a debugger finds in a process that has left the clean room: in its registers and in its memory, and on an
//! emulated CPU in the guest's, not in the emulator's own.
//!
//! Each proof has its control one line away: the debugger makes one function return before it has done anything.

use super::{Cpu, LIMIT, Outcome, PACKAGE, example, on_path};
use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::clock::Stopwatch;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const EXAMPLE: &str = "room_left";
/// As in the example: no pattern is in memory as it is.
const DISGUISE: u8 = 0xA5;
/// The example's registers run: eight bytes that no address or count looks like.
const PATTERN: [u8; 8] = [0x0b, 0x30, 0x55, 0x7a, 0x9f, 0xc4, 0xe9, 0x0e];

/// What is looked at, and what is left out for the control.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Registers { cleared: bool },
    Seal { suite: u8, wiped: bool },
}

impl Run {
    const ALL: [Run; 5] = [
        Run::Registers { cleared: true },
        Run::Registers { cleared: false },
        Run::Seal { suite: 1, wiped: true },
        Run::Seal { suite: 2, wiped: true },
        Run::Seal { suite: 1, wiped: false },
    ];

    fn arguments(self) -> Vec<String> {
        match self {
            Run::Registers { .. } => vec!["registers".into(), hex(&PATTERN.map(|b| b ^ DISGUISE)).repeat(8)],
            Run::Seal { suite, .. } => vec!["seal".into(), suite.to_string()],
        }
    }

    fn name(self) -> String {
        match self {
            Run::Registers { cleared: true } => "registers".into(),
            Run::Registers { cleared: false } => "registers-control".into(),
            Run::Seal { suite, wiped: true } => format!("seal-{suite}"),
            Run::Seal { suite, wiped: false } => format!("seal-{suite}-control"),
        }
    }

    /// The debugger's commands from where the program can be run to its end.
    fn script(self, symbols: &Symbols) -> String {
        let Symbols { clear, wipe, way_back, turn_back } = symbols;
        let before = match self {
            // The first entry into the room only maps the stack; the second lays the pattern out.
            Run::Registers { cleared: true } => format!(
                "break *(unsigned long)&{clear}\nignore 1 1\ncontinue\necho @entry\\n\nmaint print cooked-registers\n\
                 tbreak *({way_back})\ncontinue\necho @after\\n\nmaint print cooked-registers\ndelete\n"
            ),
            Run::Registers { cleared: false } => {
                format!("break *(unsigned long)&{clear}\nignore 1 1\ncontinue\n{turn_back}delete\n")
            }
            Run::Seal { wiped: true, .. } => String::new(),
            Run::Seal { wiped: false, .. } => {
                // Every call of it turns back, until the room is left.
                format!(
                    "break *(unsigned long)&{wipe}\nbreak *(unsigned long)&room_left\ncontinue\n\
                     while $pc != (unsigned long)&room_left\n{turn_back}continue\nend\ndelete\n"
                )
            }
        };
        // A breakpoint where it stands already would be stepped over.
        let there = matches!(self, Run::Seal { wiped: false, .. });
        let on = if there { "" } else { "break *(unsigned long)&room_left\ncontinue\n" };
        format!("{before}{on}echo @left\\n\nmaint print cooked-registers\n{DUMP}kill\nquit\n")
    }
}

/// Writes every mapping that the example names into a file of its own.
const DUMP: &str = r#"
set $i = 0
while *((unsigned long *)&ROOM_MAPPINGS + $i) != 0
  eval "dump binary memory %d.memory %#lx %#lx", $i, *((unsigned long *)&ROOM_MAPPINGS + $i), *((unsigned long *)&ROOM_MAPPINGS + $i + 1)
  set $i = $i + 2
end
"#;

/// Names of functions as the linker knows them, and how a call of one that has done nothing yet is left.
struct Symbols {
    clear: String,
    wipe: String,
    /// The return address, on entry.
    way_back: &'static str,
    /// The debugger's commands that return from there.
    turn_back: &'static str,
}

impl Symbols {
    fn of(program: &Path, on_stack: bool) -> Result<Self, String> {
        let bytes = std::fs::read(program).map_err(|e| format!("{}: {e}", program.display()))?;
        let named = |part: &str| -> Result<String, String> {
            let names =
                bytes.split(|byte| *byte == 0).filter(|name| name.starts_with(b"_") && name.len() < 200);
            let mut fitting =
                names.filter(|name| name.windows(part.len()).any(|window| window == part.as_bytes()));
            let name = fitting.next().ok_or(format!("the example has no function {part}"))?;
            Ok(String::from_utf8_lossy(name).into_owned())
        };
        let (way_back, turn_back) = if on_stack {
            ("*(unsigned long *)$sp", "set $pc = *(unsigned long *)$sp\nset $sp = $sp + 8\n")
        } else {
            ("$lr", "set $pc = $lr\n")
        };
        let (clear, wipe) = (named("9registers3cpu5clear")?, named("6Region4wipe")?);
        Ok(Symbols { clear, wipe, way_back, turn_back })
    }
}

/// The proof on this machine's own CPU.
pub(super) fn native(workspace: &Workspace, logs: &Path) -> Outcome {
    if !cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))) {
        return Outcome::NotRun("it is written for Linux".into());
    }
    if !on_path("gdb") {
        return Outcome::NotRun("no gdb".into());
    }
    all(workspace, logs, None)
}

/// The proof on an emulated one.
pub(super) fn emulated(workspace: &Workspace, logs: &Path, cpu: &Cpu) -> Outcome {
    if let Some(missing) = cpu.missing() {
        return Outcome::NotRun(missing);
    }
    if !on_path("gdb-multiarch") {
        return Outcome::NotRun("no gdb-multiarch".into());
    }
    all(workspace, logs, Some(cpu))
}

fn all(workspace: &Workspace, logs: &Path, cpu: Option<&Cpu>) -> Outcome {
    let done = build(workspace, logs, cpu).and_then(|program| {
        let symbols = Symbols::of(&program, cpu.is_none() && cfg!(target_arch = "x86_64"))?;
        let where_ = logs.join(cpu.map_or("native", |cpu| cpu.target));
        for run in Run::ALL {
            let found = look(run, &program, &symbols, &where_, cpu)?;
            found.judge(run).map_err(|why| format!("{}: {why}", run.name()))?;
        }
        Ok(Run::ALL.len())
    });
    done.map_or_else(Outcome::Failed, Outcome::Passed)
}

fn build(workspace: &Workspace, logs: &Path, cpu: Option<&Cpu>) -> Result<PathBuf, String> {
    let target = cpu.map(|cpu| cpu.target);
    let mut command = cpu.map_or_else(|| cargo::command(&workspace.root), |cpu| cpu.cargo(workspace));
    command.args(["build", "--package", PACKAGE, "--example", EXAMPLE]);
    command.args(target.iter().flat_map(|target| ["--target", target]));
    let log = logs.join(format!("build-{}.log", target.unwrap_or("native")));
    match child::run(command, &Output::Together(&log), "example", LIMIT) {
        End::Success => Ok(example(workspace, target, EXAMPLE)),
        End::Failure(how) => Err(format!("{how}, see {}", log.display())),
    }
}

/// The emulator, ended when it is no longer looked at.
struct Guest(Child);

impl Drop for Guest {
    fn drop(&mut self) {
        // It has ended itself when the debugger has; then there is nothing to end.
        if self.0.kill().is_ok() {
            drop(self.0.wait());
        }
    }
}

/// What one run showed.
struct Found {
    x86: bool,
    /// `gone` or `kept`, name, bytes.
    told: Vec<(String, String, Vec<u8>)>,
    /// The registers by the place they were read at.
    registers: String,
    memory: Vec<Vec<u8>>,
}

fn look(run: Run, program: &Path, symbols: &Symbols, at: &Path, cpu: Option<&Cpu>) -> Result<Found, String> {
    let folder = at.join(run.name());
    drop(std::fs::remove_dir_all(&folder));
    let wrong = |e: std::io::Error| format!("{}: {e}", folder.display());
    std::fs::create_dir_all(&folder).map_err(wrong)?;
    let (said, seen) = (folder.join("program.out"), folder.join("debugger.out"));
    let (socket, script) = (folder.join("socket"), folder.join("script"));
    let begin = match cpu {
        Some(_) => format!("target remote {}", socket.display()),
        None => format!("set args {} > {}\nstarti", run.arguments().join(" "), said.display()),
    };
    let text = format!(
        "set pagination off\nset confirm off\nset width 0\nset language c\n{begin}\n{}",
        run.script(symbols)
    );
    std::fs::write(&script, text).map_err(wrong)?;
    let guest = match cpu {
        Some(cpu) => Some(start(cpu, run, program, &socket, &said)?),
        None => None,
    };
    let mut debugger = Command::new(if cpu.is_some() { "gdb-multiarch" } else { "gdb" });
    debugger.current_dir(&folder).args(["-q", "-nx", "-batch", "-x"]).arg(&script).arg(program);
    let end = child::run(debugger, &Output::Together(&seen), "debugger", Duration::from_secs(60));
    drop(guest);
    if let End::Failure(how) = end {
        return Err(format!("the debugger: {how}, see {}", seen.display()));
    }
    let mut memory = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.extension().is_some_and(|kind| kind == "memory") {
            memory.push(std::fs::read(&path).map_err(wrong)?);
            std::fs::remove_file(&path).map_err(wrong)?;
        }
    }
    let told = child::read_lossy(&said).lines().filter_map(told).collect();
    Ok(Found {
        x86: cpu.is_none() && cfg!(target_arch = "x86_64"),
        told,
        registers: child::read_lossy(&seen),
        memory,
    })
}

fn start(cpu: &Cpu, run: Run, program: &Path, socket: &Path, said: &Path) -> Result<Guest, String> {
    let wrong = |e: std::io::Error| format!("{}: {e}", cpu.emulator);
    let mut emulator = Command::new(cpu.emulator);
    emulator.args(["-L", cpu.root, "-g"]).arg(socket).arg(program).args(run.arguments());
    emulator.stdin(Stdio::null()).stdout(std::fs::File::create(said).map_err(wrong)?).stderr(Stdio::null());
    let guest = Guest(emulator.spawn().map_err(wrong)?);
    let watch = Stopwatch::start();
    while !socket.exists() {
        if watch.elapsed() > Duration::from_secs(10) {
            return Err(format!("{} opened no door for the debugger", cpu.emulator));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(guest)
}

fn told(line: &str) -> Option<(String, String, Vec<u8>)> {
    let mut words = line.split(' ');
    let (what, name, digits) = (words.next()?, words.next()?, words.next()?);
    let pairs = digits.as_bytes().as_chunks::<2>().0.iter();
    let bytes = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let bytes: Option<Vec<u8>> = bytes.map(|byte| byte.map(|byte| byte ^ DISGUISE)).collect();
    Some((what.to_owned(), name.to_owned(), bytes?))
}

impl Found {
    fn judge(&self, run: Run) -> Result<(), String> {
        if self.memory.iter().map(Vec::len).sum::<usize>() < 64 * 1024 {
            return Err("the debugger read no memory".into());
        }
        match run {
            Run::Registers { cleared } => {
                let pieces = [&PATTERN[..4], &PATTERN[4..]];
                let count = |section| self.registers_with(section, &pieces, |_| true);
                let after = self.registers_with("@after", &pieces, |name| !self.restored(name));
                match (cleared, count("@entry"), after, count("@left"), self.places(&PATTERN)) {
                    (true, 24.., 0, 0, 0) | (false, _, _, 1.., _) => Ok(()),
                    (_, entry, after, left, memory) => Err(format!(
                        "registers with the pattern: {entry} before clearing, {after} after it, {left} when the room \
                         was left; {memory} places in memory"
                    )),
                }
            }
            Run::Seal { wiped, .. } => {
                let halves = || self.told("gone").flat_map(|(.., bytes)| bytes.chunks(16));
                let gone: usize = halves().map(|half| self.places(half)).sum();
                let pieces: Vec<&[u8]> = self.told("gone").flat_map(|(.., bytes)| bytes.chunks(8)).collect();
                let registers = self.registers_with("@left", &pieces, |_| true);
                let kept: usize = self.told("kept").map(|(.., bytes)| self.places(bytes)).sum();
                match (wiped, self.told("gone").count(), kept, gone, registers) {
                    (true, 7.., 1, 0, 0) | (false, 7.., 1.., 1.., _) => Ok(()),
                    (_, told, kept, gone, registers) => Err(format!(
                        "of {told} past secrets {gone} halves lie in memory and pieces in {registers} registers; the \
                         living one lies in {kept} places"
                    )),
                }
            }
        }
    }

    fn told(&self, wanted: &'static str) -> impl Iterator<Item = &(String, String, Vec<u8>)> {
        self.told.iter().filter(move |(what, ..)| what == wanted)
    }

    /// How many registers of a section, among those `of` names, hold one of the pieces, in either byte order.
    fn registers_with(&self, section: &str, pieces: &[&[u8]], of: impl Fn(&str) -> bool) -> usize {
        let text = self.registers.split(section).nth(1).unwrap_or_default();
        let lines = text.split("\n@").next().unwrap_or_default().lines();
        let turned = |piece: &[u8]| hex(&piece.iter().rev().copied().collect::<Vec<u8>>());
        let wanted: Vec<String> = pieces.iter().flat_map(|piece| [hex(piece), turned(piece)]).collect();
        let lines = lines.filter(|line| line.split_whitespace().next().is_some_and(&of));
        lines.filter(|line| wanted.iter().any(|wanted| line.contains(wanted.as_str()))).count()
    }

    /// Whether a callee restores the register, by any of its names: inside the room it may still hold the room's own,
    /// and no more when the room is left.
    fn restored(&self, name: &str) -> bool {
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        match (letters, name[letters.len()..].parse::<u32>()) {
            ("rbx" | "ebx" | "bx" | "bl" | "bh" | "rbp" | "ebp" | "bp", Err(_)) => true,
            ("x" | "w", Ok(number)) => (19..=28).contains(&number),
            ("r", Ok(number)) => {
                if self.x86 {
                    number >= 12
                } else {
                    (4..=11).contains(&number)
                }
            }
            _ => false,
        }
    }

    fn places(&self, wanted: &[u8]) -> usize {
        let Some(first) = wanted.first() else { return 0 };
        let of = |memory: &Vec<u8>| {
            let candidates = memory.iter().enumerate().filter(|(_, byte)| *byte == first);
            candidates.filter(|(at, _)| memory[*at..].starts_with(wanted)).count()
        };
        self.memory.iter().map(of).sum()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A program that answers as a C compiler and archiver do, and makes empty files.
pub(super) fn compiler_of_nothing(logs: &Path) -> Result<PathBuf, String> {
    use std::os::unix::fs::PermissionsExt;
    const TEXT: &str = "#!/bin/sh\nlast=\nfor word in \"$@\"; do\n  case \"$last\" in -o) : > \"$word\";; esac\n  \
                        case \"$word\" in *.a) : > \"$word\";; esac\n  last=$word\ndone\nexit 0\n";
    let path = logs.join("makes-nothing");
    let made = std::fs::write(&path, TEXT)
        .and_then(|()| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)));
    made.map(|()| path.clone()).map_err(|e| format!("{}: {e}", path.display()))
}
