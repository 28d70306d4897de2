//! Source and filter: pulses of the voice and noise go through five resonators in a row, hiss through one beside them.
//!
//! Nothing is gathered but the samples, which wipe themselves; the resonators die away in the silence behind the word.

use std::f32::consts::{PI, TAU};

use zeroize::Zeroizing;

use super::{
    Clip,
    sounds::Sound,
    words::{Melody, Syllable},
};
use crate::face::Jitter;

#[expect(clippy::cast_precision_loss, reason = "16,000 is exact")]
const RATE: f32 = Clip::RATE_HZ as f32;
/// Samples for which the tract stands still: 2 ms.
const STILL: usize = 32;
/// The longest that the level of a source takes to change, in ms: sources switch sooner than a tongue moves.
const SWITCH_MS: f32 = 18.0;
/// Resonances that do not move, in Hz, and their widths.
const HIGH: [(f32, f32); 2] = [(3500.0, 250.0), (4500.0, 350.0)];

/// Who speaks, and how, this once.
pub(super) struct Speaker {
    /// Middle of the pitch, in Hz.
    pitch_hz: f32,
    /// How far the melody goes from the middle.
    melody: f32,
    /// Time against that of the words.
    tempo: f32,
    /// Peak of the samples.
    peak: f32,
    /// Resonances against those of the sounds.
    size: f32,
    /// Fall of the voice towards the end.
    effort: f32,
    /// Part of a pulse in which the cords are open.
    open: f32,
    noise: Noise,
}

impl Speaker {
    pub(super) fn of(jitter: Jitter) -> Self {
        Self {
            pitch_hz: 118.0 * (1.0 + 0.10 * jitter.swing(0)),
            melody: 1.0 + 0.12 * jitter.swing(1),
            tempo: 1.0 + 0.07 * jitter.swing(2),
            peak: 24_000.0 * (1.0 + 0.2 * jitter.swing(3)),
            size: 1.0 + 0.03 * jitter.swing(4),
            effort: 0.55 + 0.1 * jitter.swing(5),
            open: 0.6 + 0.06 * jitter.swing(6),
            noise: Noise::of(jitter),
        }
    }

    /// Always the same noise.
    #[cfg(test)]
    pub(super) fn hush(&mut self) {
        self.noise = Noise(1);
    }
}

/// Noise that is the same for the same jitter.
#[derive(Clone, Copy)]
struct Noise(u32);

impl Noise {
    /// FNV-1a over the bytes, never 0.
    fn of(jitter: Jitter) -> Self {
        Self(
            jitter
                .bytes()
                .iter()
                .fold(0x811C_9DC5, |hash: u32, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
                | 1,
        )
    }

    /// The next, in −1..1: xorshift (G. Marsaglia, 2003).
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        f32::from((self.0 >> 16) as i16) / 32_768.0
    }
}

/// A resonator of second order.
#[derive(Clone, Copy, Default)]
struct Resonator {
    gain: f32,
    one: f32,
    two: f32,
    last: f32,
    before: f32,
}

impl Resonator {
    fn tune(&mut self, hz: f32, width_hz: f32) {
        let radius = (-PI * width_hz / RATE).exp();
        self.two = -radius * radius;
        self.one = 2.0 * radius * (TAU * hz / RATE).cos();
        self.gain = 1.0 - self.one - self.two;
    }

    /// As [`Resonator::tune`], as loud at its peak whatever its width.
    fn tune_peak(&mut self, hz: f32, width_hz: f32) {
        self.tune(hz, width_hz);
        let radius = (-self.two).sqrt();
        self.gain =
            (1.0 - radius) * (1.0 + radius * radius - 2.0 * radius * (2.0 * TAU * hz / RATE).cos()).sqrt();
    }

    fn pass(&mut self, sample: f32) -> f32 {
        let out = self.gain * sample + self.one * self.last + self.two * self.before;
        self.before = self.last;
        self.last = out;
        out
    }
}

/// A stand of the tract between two sounds.
#[derive(Clone, Copy)]
struct Stand {
    formants: [f32; 3],
    widths: [f32; 3],
    /// Voice, breath, hiss.
    levels: [f32; 3],
    hiss: [f32; 2],
}

impl Stand {
    fn of(sound: &Sound) -> Self {
        Self {
            formants: sound.formants.map(f32::from),
            widths: sound.widths.map(f32::from),
            levels: [sound.voice, sound.breath, sound.hiss].map(|percent| f32::from(percent) / 100.0),
            hiss: [sound.hiss_hz, sound.hiss_width].map(f32::from),
        }
    }

    /// On the way to `to`: `moved` of the tongue's way, `switched` of the sources'.
    fn towards(&self, to: &Self, moved: f32, switched: f32) -> Self {
        Self {
            formants: mix(self.formants, to.formants, moved),
            widths: mix(self.widths, to.widths, moved),
            levels: mix(self.levels, to.levels, switched),
            hiss: mix(self.hiss, to.hiss, switched),
        }
    }
}

fn mix<const N: usize>(from: [f32; N], to: [f32; N], share: f32) -> [f32; N] {
    let mut mixed = from;
    for (value, to) in mixed.iter_mut().zip(to) {
        *value += (to - *value) * share;
    }
    mixed
}

/// The pitch against its middle, at a time of 0..1 of the syllable.
fn pitch(melody: Melody, time: f32) -> f32 {
    let marks: [f32; 4] = match melody {
        Melody::Level => [1.22, 1.24, 1.24, 1.22],
        Melody::Rising => [0.92, 0.92, 1.08, 1.30],
        Melody::Dipping => [0.92, 0.74, 0.68, 0.86],
        Melody::Falling => [1.38, 1.32, 1.02, 0.74],
        Melody::Saying => [1.08, 1.12, 0.98, 0.78],
    };
    let place = time.clamp(0.0, 0.999) * 3.0;
    let share = place.fract();
    marks
        .windows(2)
        .enumerate()
        .find_map(|(index, pair)| {
            #[expect(clippy::cast_precision_loss, reason = "0, 1, 2")]
            let here = place.floor() == index as f32;
            let [from, to] = pair else { return None };
            here.then(|| from + (to - from) * share)
        })
        .unwrap_or(1.0)
}

/// The voice and the tract with their memory.
struct Tract {
    row: [Resonator; 5],
    beside: Resonator,
    /// Place within a pulse, 0..1.
    phase: f32,
    flow: f32,
    noise: Noise,
    size: f32,
    open: f32,
}

impl Tract {
    fn stand(&mut self, stand: &Stand) {
        let moving = stand.formants.into_iter().zip(stand.widths);
        for (resonator, (hz, width)) in self.row.iter_mut().zip(moving.chain(HIGH)) {
            resonator.tune(hz * self.size, width);
        }
        self.beside.tune_peak(stand.hiss[0], stand.hiss[1]);
    }

    fn sample(&mut self, levels: [f32; 3], pitch_hz: f32) -> f32 {
        /// How much of the low tones the lips keep back.
        const BRIGHT: f32 = 0.65;
        let [voice, breath, hiss] = levels;
        self.phase = (self.phase + pitch_hz / RATE).fract();
        let open = self.phase / self.open;
        // The change of the flow, after KLGLOTT88: it ends where the cords shut.
        let flow = if open < 1.0 { open * (2.0 - 3.0 * open) } else { 0.0 };
        let noise = self.noise.next();
        let bright = flow - BRIGHT * std::mem::replace(&mut self.flow, flow);
        let through =
            self.row.iter_mut().fold(bright * voice + noise * breath, |sample, one| one.pass(sample));
        through + self.beside.pass(noise) * hiss
    }
}

/// Speaks a word into `length` samples, silence behind it.
pub(super) fn speak(word: &[Syllable], speaker: &Speaker, length: usize) -> Zeroizing<Vec<i16>> {
    let mut wave = Zeroizing::new(vec![0.0_f32; length]);
    sing(word, speaker, &mut wave);
    let loudest = wave.iter().fold(1e-6_f32, |most, sample| most.max(sample.abs()));
    let scale = speaker.peak / loudest;
    let mut samples = Zeroizing::new(vec![0_i16; length]);
    for (sample, value) in samples.iter_mut().zip(wave.iter()) {
        #[expect(clippy::cast_possible_truncation, reason = "the peak is below 2^15")]
        let whole = (value * scale) as i16;
        *sample = whole;
    }
    samples
}

fn sing(word: &[Syllable], speaker: &Speaker, wave: &mut [f32]) {
    let mut tract = Tract {
        row: Default::default(),
        beside: Resonator::default(),
        phase: 0.0,
        flow: 0.0,
        noise: speaker.noise,
        size: speaker.size,
        open: speaker.open,
    };
    let mut from: Option<Stand> = None;
    let mut rest = wave.chunks_mut(STILL);
    #[expect(clippy::cast_precision_loss, reason = "32")]
    let still_ms = 1000.0 * STILL as f32 / RATE;
    let silent = |stand: Stand| Stand { levels: [0.0; 3], ..stand };
    for syllable in word {
        let whole_ms: f32 = syllable.steps.iter().map(|step| f32::from(step.1) + f32::from(step.2)).sum();
        let mut syllable_ms = 0.0;
        for step in syllable.steps {
            let to = Stand::of(&step.0);
            let before = from.unwrap_or_else(|| silent(to));
            let (glide, hold) = (f32::from(step.1), f32::from(step.2));
            let mut ms = 0.0;
            while ms < glide + hold {
                let Some(chunk) = rest.next() else { return };
                let share = |of: f32| if of > 0.0 { (ms / of).min(1.0) } else { 1.0 };
                let moved = share(glide);
                let now =
                    before.towards(&to, moved * moved * (3.0 - 2.0 * moved), share(glide.min(SWITCH_MS)));
                tract.stand(&now);
                let time = (syllable_ms + ms) / whole_ms;
                let hz = speaker.pitch_hz * (1.0 + (pitch(syllable.melody, time) - 1.0) * speaker.melody);
                let effort = 1.0 - (1.0 - speaker.effort) * time * time;
                for sample in chunk {
                    *sample = tract.sample(now.levels.map(|level| level * effort), hz);
                }
                ms += still_ms / speaker.tempo;
            }
            syllable_ms += glide + hold;
            from = Some(to);
        }
    }
    // The last sound dies away.
    let Some(last) = from else { return };
    let mut left = 1.0_f32;
    for chunk in rest {
        left = (left - still_ms / 40.0).max(0.0);
        for sample in chunk {
            *sample =
                tract.sample(last.levels.map(|level| level * left * speaker.effort), speaker.pitch_hz * 0.75);
        }
    }
}
