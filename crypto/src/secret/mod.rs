//! Secret memory: pages of fixed capacity between two guard pages, locked, kept out of core dumps, wiped in a
//! fork's child, wiped on drop. A secret is born in its page and never moves.
//!
//! What the system refuses is reported by [`Protection`], quietly: the secret still works, and the caller may
//! put the report into its evidence. Nothing here has `Debug`, `Clone` or `==`.
//!
//! | system | locked | kept from dumps | lost on fork | hidden, when asked for |
//! |---|---|---|---|---|
//! | Linux | `mlock` | `MADV_DONTDUMP` | `MADV_WIPEONFORK`, hidden `MADV_DONTFORK` | `memfd_secret` |
//! | Android | `mlock` | `MADV_DONTDUMP` | `MADV_WIPEONFORK` | never |
//! | iOS | `mlock` | – | – (an application cannot fork) | never |

mod backing;
mod compare;
mod map;
mod page;
mod process;
mod protection;
#[cfg_attr(miri, path = "interpreted.rs")]
mod system;

pub use backing::use_hidden_memory;
pub use compare::same;
pub use page::SecretPage;
pub use protection::Protection;

pub(crate) use backing::Backing;
pub(crate) use map::{Lock, Region, settle};
pub(crate) use process::number as process_number;

#[cfg(test)]
#[cfg(not(miri))]
mod tests;
