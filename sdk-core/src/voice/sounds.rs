//! How the tract stands for each sound: its first three resonances, and what sounds in it.
//!
//! The frequencies are those of textbooks for a grown man's tract (Peterson and Barney 1952; Klatt 1980; for Mandarin
//! Howie 1976), moved where a listener asked for it.

/// One stand of the tract.
#[derive(Clone, Copy)]
pub(super) struct Sound {
    /// Resonances, in Hz.
    pub(super) formants: [u16; 3],
    /// Their widths, in Hz.
    pub(super) widths: [u16; 3],
    /// Level of the voice, of breath through the whole tract, and of the hiss behind a narrow place; in percent.
    pub(super) voice: u8,
    pub(super) breath: u8,
    pub(super) hiss: u8,
    /// Where the hiss is, and how wide; in Hz.
    pub(super) hiss_hz: u16,
    pub(super) hiss_width: u16,
}

const WIDTHS: [u16; 3] = [70, 100, 150];

const fn open(f1: u16, f2: u16, f3: u16) -> Sound {
    Sound {
        formants: [f1, f2, f3],
        widths: WIDTHS,
        voice: 100,
        breath: 2,
        hiss: 0,
        hiss_hz: 4000,
        hiss_width: 1000,
    }
}

const fn nose(f2: u16, f3: u16) -> Sound {
    Sound { formants: [260, f2, f3], widths: [60, 300, 300], voice: 55, breath: 0, ..open(0, 0, 0) }
}

const fn hiss(formants: [u16; 3], hiss_hz: u16, hiss_width: u16, hiss: u8) -> Sound {
    Sound { formants, widths: [200, 150, 200], voice: 0, breath: 0, hiss, hiss_hz, hiss_width }
}

/// Closed, without a sound, on the way to these resonances.
const fn shut(formants: [u16; 3]) -> Sound {
    hiss(formants, 4000, 1000, 0)
}

/// Closed with a voice behind it.
const fn hum(formants: [u16; 3]) -> Sound {
    Sound { widths: [60, 600, 600], voice: 25, ..shut(formants) }
}

const fn breath(formants: [u16; 3], level: u8) -> Sound {
    Sound { breath: level, ..shut(formants) }
}

// English vowels, and those that stand in both languages.
pub(super) const IY: Sound = open(285, 2250, 2950);
pub(super) const IH: Sound = open(400, 1950, 2550);
pub(super) const EH: Sound = open(550, 1800, 2500);
pub(super) const AH: Sound = open(640, 1190, 2400);
pub(super) const AA: Sound = open(740, 1150, 2450);
pub(super) const AO: Sound = open(560, 850, 2450);
pub(super) const UH: Sound = open(440, 1050, 2300);
pub(super) const UW: Sound = open(310, 1150, 2250);
pub(super) const OW: Sound = open(500, 930, 2350);
pub(super) const ER: Sound = open(480, 1300, 1650);
pub(super) const EY: Sound = open(480, 2000, 2600);
// Mandarin vowels.
pub(super) const A: Sound = open(820, 1300, 2550);
pub(super) const E: Sound = open(500, 1180, 2500);
pub(super) const U: Sound = open(320, 680, 2350);
pub(super) const I_NG: Sound = open(330, 2050, 2700);
pub(super) const Y: Sound = open(280, 2050, 2400);
pub(super) const IR: Sound = open(360, 1350, 2750);
pub(super) const ER_END: Sound = open(450, 1420, 1720);
pub(super) const EH_ZH: Sound = open(520, 1850, 2600);

// Between vowels and consonants.
pub(super) const W: Sound = Sound { voice: 60, ..open(290, 620, 2200) };
pub(super) const R: Sound = Sound { voice: 60, ..open(320, 1080, 1450) };
pub(super) const L: Sound = Sound { voice: 60, ..open(340, 1150, 2700) };
pub(super) const M: Sound = nose(1000, 2200);
pub(super) const N: Sound = nose(1550, 2550);
pub(super) const NG: Sound = Sound { voice: 25, ..nose(1900, 2700) };

// Hisses.
pub(super) const S: Sound = hiss([320, 1500, 2600], 6000, 1500, 50);
pub(super) const Z: Sound = Sound { voice: 30, hiss: 25, ..S };
pub(super) const F: Sound = hiss([340, 1100, 2100], 5500, 5000, 16);
pub(super) const V: Sound = Sound { voice: 35, hiss: 6, ..F };
pub(super) const TH: Sound = hiss([320, 1300, 2550], 6200, 4000, 12);
pub(super) const SH: Sound = hiss([320, 1700, 2500], 3200, 900, 55);
pub(super) const X: Sound = hiss([290, 2150, 2900], 4400, 1100, 50);
pub(super) const J: Sound = Sound { hiss: 20, ..X };

// Closures, and what opens them.
pub(super) const SHUT_FRONT: Sound = shut([300, 1750, 2650]);
pub(super) const SHUT_BACK: Sound = shut([300, 1900, 2300]);
pub(super) const SHUT_PALATE: Sound = shut([280, 2200, 2900]);
pub(super) const HUM_LIPS: Sound = hum([250, 900, 2200]);
pub(super) const HUM_FRONT: Sound = hum([250, 1700, 2600]);
pub(super) const BURST_LIPS: Sound = hiss([350, 1000, 2300], 1200, 1500, 25);
pub(super) const BURST_T: Sound = hiss([320, 1750, 2650], 4500, 2000, 55);
pub(super) const BURST_D: Sound = Sound { voice: 30, hiss: 30, ..BURST_T };
pub(super) const BURST_K: Sound = hiss([330, 1900, 2300], 1950, 500, 60);
pub(super) const BREATH_T: Sound = breath([350, 1500, 2500], 25);
pub(super) const BREATH_K: Sound = breath([400, 1500, 2400], 40);
pub(super) const BREATH_Q: Sound = Sound { breath: 15, hiss: 25, ..X };
