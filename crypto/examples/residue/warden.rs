//! Reads a stopped process from outside: all writable memory but the secret's own home, and all registers.
#![expect(unsafe_code, reason = "ptrace has no safe form")]

use crate::cases::{Case, Home};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, Stdio};

/// What a process holds at its stop.
pub(crate) struct Seen {
    /// The secrets' home, by which what to look for is known.
    pub(crate) home: Home,
    /// Writable memory but the home, a piece per mapping.
    pub(crate) memory: Vec<Vec<u8>>,
    /// General and vector registers.
    pub(crate) registers: Vec<u8>,
}

impl Seen {
    /// Whether `pattern` lies in memory or a register.
    pub(crate) fn holds(&self, pattern: &[u8]) -> bool {
        self.memory.iter().chain([&self.registers]).any(|hay| contains(hay, pattern))
    }
}

fn contains(hay: &[u8], pattern: &[u8]) -> bool {
    let (Some(first), len) = (pattern.first(), pattern.len()) else { return false };
    let mut rest = hay;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].len() >= len && &rest[at..at + len] == pattern {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// Runs a case in a process of its own.
///
/// # Errors
/// When the process does not come to its stop.
pub(crate) fn look(case: &Case, in_room: bool) -> Result<Seen, String> {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let way = if in_room { "room" } else { "bare" };
    let mut child = Command::new(own)
        .args(["inmate", case.name, way])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| e.to_string())?;
    let seen = read(&mut child).map_err(|why| format!("{} ({way}): {why}", case.name));
    // Whatever was read: the process ends here.
    let ended = child.kill().and_then(|()| child.wait());
    ended.map_err(|e| e.to_string())?;
    seen
}

fn read(child: &mut Child) -> Result<Seen, String> {
    let pid = libc::pid_t::try_from(child.id()).map_err(|e| e.to_string())?;
    let mut line = String::new();
    let out = child.stdout.take().ok_or("no output")?;
    BufReader::new(out).read_line(&mut line).map_err(|e| e.to_string())?;
    let home_at = u64::from_str_radix(line.trim(), 16).map_err(|e| format!("`{line}`: {e}"))?;
    let mut status = 0;
    // SAFETY: waits for our own child; `status` is ours.
    let waited = unsafe { libc::waitpid(pid, &raw mut status, 0) };
    if waited != pid || !libc::WIFSTOPPED(status) || libc::WSTOPSIG(status) != libc::SIGTRAP {
        return Err(format!("it did not stop: {status:#x}"));
    }
    let memory = File::open(format!("/proc/{pid}/mem")).map_err(|e| e.to_string())?;
    let mut home = Home::empty();
    memory.read_exact_at(home.bytes_mut(), home_at).map_err(|e| e.to_string())?;
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).map_err(|e| e.to_string())?;
    let mut pieces = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
        let ends = range.split_once('-').and_then(|(start, end)| {
            Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
        });
        let Some((start, end)) = ends else { continue };
        if !rights.starts_with("rw") || (start..end).contains(&home_at) {
            continue;
        }
        let mut piece = vec![0; usize::try_from(end - start).map_err(|e| e.to_string())?];
        memory.read_exact_at(&mut piece, start).map_err(|e| format!("{line}: {e}"))?;
        pieces.push(piece);
    }
    if pieces.len() < 3 {
        return Err("its memory cannot be read".into());
    }
    let registers = [registers(pid, 1)?, registers(pid, 0x202)?].concat();
    Ok(Seen { home, memory: pieces, registers })
}

/// One set of registers: NT_PRSTATUS (1), or NT_X86_XSTATE (0x202) with everything that XSAVE knows.
fn registers(pid: libc::pid_t, set: usize) -> Result<Vec<u8>, String> {
    let mut bytes = vec![0_u8; 16 * 1024];
    let mut part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    // SAFETY: the kernel writes at most `iov_len` bytes into `bytes`, of a process that is ours and stopped.
    let got = unsafe { libc::ptrace(libc::PTRACE_GETREGSET, pid, set, &raw mut part) };
    if got != 0 || part.iov_len < 200 {
        return Err(format!("registers {set:#x} cannot be read"));
    }
    bytes.truncate(part.iov_len);
    Ok(bytes)
}
