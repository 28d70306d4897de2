//! Deterministic changes of a corpus: what a mutating fuzzer does, without its feedback.

/// An endless sequence of changed inputs, the same for the same corpus and name.
pub(crate) struct Changes<'a> {
    corpus: &'a [Vec<u8>],
    state: u64,
}

/// Values at which readers change their minds: ends of ranges, heads of CBOR, DER, JSON and text.
const TELLING: [u8; 20] = [
    0, 1, 0x17, 0x18, 0x19, 0x1b, 0x1f, 0x30, 0x40, 0x58, 0x5f, 0x7f, 0x80, 0x84, 0x9f, 0xbf, 0xf6, 0xff,
    b'"', b'&',
];
const LONGEST: usize = 20_000;

impl<'a> Changes<'a> {
    pub(crate) fn of(corpus: &'a [Vec<u8>], name: &str) -> Self {
        // FNV-1a of the name, so that targets do not share their dice.
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { corpus, state: seed }
    }

    /// xorshift64* (Vigna 2016).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let drawn = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(drawn).unwrap_or(0) % bound.max(1)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap_or(0)
    }

    fn seed(&mut self) -> &'a [u8] {
        let at = self.below(self.corpus.len());
        &self.corpus[at]
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len());
        let to = (at + 1 + self.below(32)).min(input.len());
        match self.below(9) {
            _ if input.is_empty() => input.push(self.byte()),
            0 => input[at] ^= 1 << self.below(8),
            1 => input[at] = self.byte(),
            2 => input[at] = TELLING[self.below(TELLING.len())],
            3 => input[at] = input[at].wrapping_add(1),
            4 => input.truncate(at),
            5 => drop(input.drain(at..to)),
            6 => input.insert(at, TELLING[self.below(TELLING.len())]),
            7 => {
                let copy = input[at..to].to_vec();
                let into = self.below(input.len());
                input.splice(into..into, copy);
            }
            _ => {
                let other = self.seed();
                let from = self.below(other.len());
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
        }
    }
}

impl Iterator for Changes<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut input = self.seed().to_vec();
        for _ in 0..=self.below(4) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        Some(input)
    }
}
