//! Secret memory: pages of fixed capacity between two guard pages, locked, kept out of core dumps, wiped in a
//! fork's child, wiped on drop. A secret is born in its page and never moves.
//!
//! What the system refuses is reported by [`Protection`], quietly: the secret still works, and the caller may
//! put the report into its evidence. Nothing here has `Debug`, `Clone` or `==`.

mod compare;
mod map;
mod page;
mod protection;

pub use compare::same;
pub use map::Backing;
pub use page::SecretPage;
pub use protection::Protection;

pub(crate) use map::{Lock, Region};

#[cfg(test)]
mod tests;
