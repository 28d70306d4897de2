//! What a simulated user does, given by a seed.

/// The simulated user's choices; no secret of anybody's, so a seed may give them (SplitMix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Six digits that no rule calls weak.
    pub(super) fn password(&mut self) -> String {
        loop {
            let digits: Vec<u8> = (0..6).map(|_| u8::try_from(self.next() % 10).unwrap_or(0)).collect();
            let steps: Vec<i8> = digits.windows(2).map(|p| (p[1] as i8) - (p[0] as i8)).collect();
            let weak = [-1, 0, 1].iter().any(|step| steps.iter().all(|s| s == step));
            if !weak {
                return digits.iter().map(|digit| char::from(b'0' + digit)).collect();
            }
        }
    }

    pub(super) fn other_password(&mut self, than: &str) -> String {
        loop {
            let other = self.password();
            if other != than {
                return other;
            }
        }
    }
}
