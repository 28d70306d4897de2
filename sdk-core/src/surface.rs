//! What a host promises about the surface that a keypad is drawn on.

use crate::failure::EntryFault;

/// The host's word on its duties. What it cannot do is reported to the institution inside the sealed entry.
///
/// No report, no layout: [`Entry::open`](crate::Entry::open) takes it by value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurfaceReport {
    /// Screenshots, recording and casting show nothing of the keypad.
    pub capture_blocked: bool,
    /// Touches that pass through another application's window are dropped.
    pub obscured_touches_filtered: bool,
    /// The keypad is drawn by the host itself; no text field, input method or clipboard takes part. Required.
    pub no_text_field: bool,
    /// After a press no coordinate, event or slot is kept, and keys give no feedback that tells them apart. Of a keypad
    /// that is listened to, neither is the focus, a queue of clips or what a player's buffer held: the key heard last
    /// is the key that was pressed. Required.
    pub nothing_kept: bool,
    /// Sound goes to one person's ear only (earpiece, headphones), and no screen reader speaks a key. Required by
    /// [`Entry::open_spoken`](crate::Entry::open_spoken) and by nothing else.
    pub audio_private: bool,
}

impl SurfaceReport {
    /// What the host could **not** do, as the sealed entry reports it: 1 capture, 2 obscured touches, 4 text field,
    /// 8 nothing kept. Zero is the best. The sound is not among them: without it there is no spoken keypad.
    pub(crate) fn bits(self) -> u64 {
        u64::from(!self.capture_blocked)
            | u64::from(!self.obscured_touches_filtered) << 1
            | u64::from(!self.no_text_field) << 2
            | u64::from(!self.nothing_kept) << 3
    }

    /// The duties that every host can keep must be kept; a keypad that speaks needs a private ear too.
    pub(crate) fn acknowledged(self, spoken: bool) -> Result<Self, EntryFault> {
        let kept = self.no_text_field && self.nothing_kept && (self.audio_private || !spoken);
        if kept { Ok(self) } else { Err(EntryFault::Unacknowledged) }
    }
}
