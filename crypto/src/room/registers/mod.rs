//! Clearing the registers that a callee may leave dirty. The others are restored by each callee to what its caller
//! had in them, so nothing of the clean room's leaves in those.

#[cfg(not(miri))]
#[cfg_attr(target_arch = "x86_64", path = "x86_64.rs")]
#[cfg_attr(target_arch = "aarch64", path = "aarch64.rs")]
#[cfg_attr(all(target_arch = "arm", any(target_os = "linux", target_os = "android")), path = "armv7.rs")]
#[cfg_attr(
    not(any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        all(target_arch = "arm", any(target_os = "linux", target_os = "android"))
    )),
    path = "portable.rs"
)]
mod cpu;

#[cfg(miri)]
#[path = "portable.rs"]
mod cpu;

pub(super) use cpu::{CLEARS, clear};

#[cfg(test)]
#[cfg(all(not(miri), any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "arm")))]
pub(super) mod tests;
