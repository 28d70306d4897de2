//! CPUs whose register wipe is not written yet: nothing is cleared, and the report says so.

/// Whether [`clear`] clears.
pub(crate) const CLEARS: bool = false;

/// Clears nothing.
pub(crate) fn clear() {}
