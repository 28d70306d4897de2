//! The operations, each with what it leaves that opens something: the secret put in, the secret that comes out, and
//! values in between that are as good as either (a nonce gives the key, a shared point the seal).

mod curves;
mod plain;
mod symmetric;

use msgpay_crypto::room;

/// Where the secrets of a case lie by right: all else is residue.
#[repr(C)]
#[derive(Clone)]
pub(crate) struct Home {
    /// A key or text, put in.
    pub(crate) input: [u8; 64],
    /// What comes out, where that is a secret or gives one away together with the input.
    pub(crate) output: [u8; 64],
    /// One when the operation did its work: what failed leaves nothing either.
    pub(crate) worked: u8,
}

impl Home {
    pub(crate) const fn empty() -> Self {
        Home { input: [0; 64], output: [0; 64], worked: 0 }
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        const { assert!(size_of::<Home>() == 129) };
        let start = core::ptr::from_mut(self).cast::<u8>();
        #[expect(unsafe_code, reason = "read from another process in one go, as one piece")]
        // SAFETY: `Home` is 129 plain bytes without padding (repr(C), checked above), borrowed mutably.
        unsafe {
            core::slice::from_raw_parts_mut(start, size_of::<Home>())
        }
    }

    pub(crate) fn key(&self) -> &[u8; 32] {
        let (key, _) = self.input.split_first_chunk().unwrap_or((&[0; 32], &[]));
        key
    }

    pub(crate) fn out(&mut self) -> &mut [u8; 32] {
        // The array is longer, so there is always a first chunk.
        match self.output.split_first_chunk_mut() {
            Some((out, _)) => out,
            None => unreachable!(),
        }
    }
}

/// Whether an operation did its work; it says no more, for what it says leaves the room.
pub(crate) type Worked = bool;

/// Something to look for: what it is, and its bytes, a multiple of 16.
pub(crate) type Sought = (&'static str, Vec<u8>);

/// What follows from the secrets, when it can be made.
pub(crate) type Derived = fn(&Home) -> Option<Vec<u8>>;

/// One operation.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Whose code it is.
    pub(crate) by: &'static str,
    /// Public material that has to be there before, such as a ciphertext to open.
    pub(crate) before: Option<Derived>,
    pub(crate) work: fn(&mut Home, &[u8]) -> Worked,
    /// Whether the output is a secret too.
    pub(crate) secret_output: bool,
    /// What lies between, by name, as it follows from input and output.
    pub(crate) between: Option<(&'static str, Derived)>,
}

/// All of them.
pub(crate) const ALL: &[&Case] = &{
    let (plain, symmetric, curves) = (plain::CASES, symmetric::CASES, curves::CASES);
    let mut all = [plain[0]; plain::CASES.len() + symmetric::CASES.len() + curves::CASES.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < plain.len() {
            plain[at]
        } else if at < plain.len() + symmetric.len() {
            symmetric[at - plain.len()]
        } else {
            curves[at - plain.len() - symmetric.len()]
        };
        at += 1;
    }
    all
};

/// What cannot but be found bare: nobody tried to hide it.
pub(crate) const CONTROLS: [&str; 3] = ["a copy on the stack", "a growing Vec", "format!"];

pub(crate) fn named(name: &str) -> Option<&'static Case> {
    ALL.iter().find(|case| case.name == name).copied()
}

/// Puts the secret into its home, and makes what has to be there before, leaving nothing of it.
pub(crate) fn prepare(home: &mut Home, case: &Case) -> Vec<u8> {
    let mut state = case.name.bytes().fold(0x9E37_79B9_7F4A_7C15_u64, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    for byte in &mut home.input {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *byte = state.to_le_bytes()[3];
    }
    // Below both group orders.
    home.input[0] &= 0x7F;
    let Some(before) = case.before else { return Vec::new() };
    room::run(|| before(home)).ok().flatten().unwrap_or_default()
}

/// What to look for, from the home as it was found.
pub(crate) fn sought(case: &Case, home: &Home) -> Result<Vec<Sought>, String> {
    if home.worked != 1 {
        return Err(format!("{} did not work", case.name));
    }
    let mut sought = vec![("input", home.key().to_vec())];
    if case.secret_output {
        sought.push(("output", home.output[..32].to_vec()));
    }
    if let Some((name, value)) = case.between {
        sought.push((name, value(home).ok_or(format!("{}: no {name}", case.name))?));
    }
    Ok(sought)
}

/// The names of what is looked for.
pub(crate) fn names(case: &Case) -> Vec<&'static str> {
    let mut names = vec!["input"];
    names.extend(case.secret_output.then_some("output"));
    names.extend(case.between.map(|(name, _)| name));
    names
}
