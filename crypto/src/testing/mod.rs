//! Looking at this process from outside its types: what lies in its memory, and what a forked child sees.

pub(crate) mod fork;
pub(crate) mod scan;
