//! Looking at this process from outside its types: what lies in its memory, and what a forked child sees. And HPKE a
//! second time.

pub(crate) mod fork;
pub(crate) mod hpke;
pub(crate) mod scan;
