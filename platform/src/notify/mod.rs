//! Notices to merchants (C.3): the ladder, the fence, the sender.

pub mod fence;
pub mod ladder;
