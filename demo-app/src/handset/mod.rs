//! The handset: a messaging client with the payment SDK inside, driven by taps and seen through a view.
//!
//! The page in a browser and the simulated user of a scenario use the same taps and the same view.

mod client;
mod host;
mod phone;
mod sheet;
mod transport;
mod words;

pub use client::{Access, Arrived, Client, ClientFailed, Offer};
pub use host::{FileKeystore, FolderVault};
pub use phone::{AnotherCode, Parts, Phone, PhoneFailed};
pub use transport::{BeforeSending, TappedTransport};
