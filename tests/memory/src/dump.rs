//! What another process's memory and registers hold now.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::process::Command;

/// One readable mapping.
#[derive(Clone)]
pub struct Region {
    /// Its first address.
    pub start: u64,
    /// Whether the process may write to it.
    pub writable: bool,
    /// What the kernel calls it: a file, `[stack]`, nothing.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All readable mappings of a process at one moment.
#[derive(Clone)]
pub struct Dump {
    /// In order of addresses; registers, where asked for, last at address 0.
    pub regions: Vec<Region>,
    /// Mappings that the kernel shows nobody: `memfd_secret`.
    pub hidden: usize,
}

impl Dump {
    /// Reads all readable mappings. The process must stand still.
    ///
    /// # Panics
    /// When it is gone, or this process may not look into it.
    #[must_use]
    pub fn take(pid: u32) -> Self {
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("the process is there");
        let memory = File::open(format!("/proc/{pid}/mem")).expect("its memory may be read");
        let mut dump = Self { regions: Vec::new(), hidden: 0 };
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (range, rights) = (words.next().unwrap(), words.next().unwrap());
            let name = words.nth(3).unwrap_or_default().to_owned();
            if !rights.starts_with('r') || name == "[vvar]" || name == "[vsyscall]" || name == "[vvar_vclock]"
            {
                continue;
            }
            let (start, end) = range.split_once('-').unwrap();
            let (start, end) =
                (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
            let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
            if name.starts_with("/secretmem") {
                assert!(memory.read_exact_at(&mut bytes, start).is_err(), "hidden memory is not to be read");
                dump.hidden += 1;
                continue;
            }
            memory.read_exact_at(&mut bytes, start).unwrap_or_else(|e| panic!("{line}: {e}"));
            dump.regions.push(Region { start, writable: rights.contains('w'), name, bytes });
        }
        dump
    }

    /// Adds all registers of all threads, as gdb sees them.
    ///
    /// # Panics
    /// When gdb is missing or cannot attach.
    pub fn with_registers(mut self, pid: u32) -> Self {
        self.regions.push(registers(pid));
        self
    }

    /// The mapping of an address, and its place in there.
    fn locate(&self, address: u64) -> Option<(&Region, usize)> {
        self.regions.iter().find_map(|region| {
            let at = usize::try_from(address.checked_sub(region.start)?).ok()?;
            (at < region.bytes.len()).then_some((region, at))
        })
    }

    /// Whether these bytes lie at that address.
    #[must_use]
    pub fn has(&self, address: u64, bytes: &[u8]) -> bool {
        self.locate(address).is_some_and(|(region, at)| region.bytes[at..].starts_with(bytes))
    }

    /// An address as people name it.
    #[must_use]
    pub fn name_of(&self, address: u64) -> String {
        self.locate(address).map_or_else(String::new, |(region, at)| {
            format!("{address:#x} {} +{at:#x} of {:#x}", region.name, region.bytes.len())
        })
    }

    /// What stands before an address and at it, for people who explain a find.
    #[must_use]
    pub fn around(&self, address: u64) -> String {
        self.locate(address).map_or_else(String::new, |(region, at)| {
            let (from, to) = (at.saturating_sub(16), (at + 64).min(region.bytes.len()));
            format!("{} | {}", hex::encode(&region.bytes[from..at]), hex::encode(&region.bytes[at..to]))
        })
    }

    /// Bytes in all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.regions.iter().map(|region| region.bytes.len()).sum()
    }

    /// Whether nothing could be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Dumps as a core file has them: every register set that the kernel keeps, vectors in full width.
const GDB: &str = "
import gdb
out = bytearray()
names = ['rax','rbx','rcx','rdx','rsi','rdi','rbp','r8','r9','r10','r11','r12','r13','r14','r15']
names += ['st%d' % i for i in range(8)]
for thread in gdb.selected_inferior().threads():
    thread.switch()
    frame = gdb.newest_frame()
    known = {r.name for r in frame.architecture().registers()}
    wide = [w for w in ('zmm', 'ymm', 'xmm') if w + '0' in known][0]
    for name in names + [wide + str(i) for i in range(32)] + ['k%d' % i for i in range(8)]:
        if name not in known:
            continue
        value = frame.read_register(name)
        size = value.type.sizeof
        if value.type.code in (gdb.TYPE_CODE_UNION, gdb.TYPE_CODE_STRUCT):
            value = value['v%d_int8' % size]
            out += bytes(int(value[i]) & 255 for i in range(size))
        elif value.type.code == gdb.TYPE_CODE_FLT:
            continue
        else:
            out += (int(value) & (2 ** (8 * size) - 1)).to_bytes(size, 'little')
        out += bytes(-len(out) % 8)
print('REGISTERS', out.hex())
";

fn registers(pid: u32) -> Region {
    let script = std::env::temp_dir().join(format!("msgpay-registers-{}-{pid}.py", std::process::id()));
    fs::write(&script, GDB).unwrap();
    let output = Command::new("gdb")
        .args(["-nx", "-batch", "--readnever", "-iex", "set auto-solib-add off"])
        .args(["-iex", "set debuginfod enabled off", "-iex", "set sysroot /nowhere", "-p"])
        .arg(pid.to_string())
        .arg("-ex")
        .arg(format!("source {}", script.display()))
        .output()
        .expect("gdb is installed (package gdb)");
    let _ = fs::remove_file(&script);
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("REGISTERS "));
    let bytes = line.and_then(|line| hex::decode(line.trim()).ok());
    let bytes = bytes.unwrap_or_else(|| {
        panic!("gdb reads the registers: {text}{}", String::from_utf8_lossy(&output.stderr))
    });
    assert!(bytes.len() > 15 * 8 + 16 * 16, "general and vector registers are there: {}", bytes.len());
    Region { start: 0, writable: true, name: "registers".to_owned(), bytes }
}
