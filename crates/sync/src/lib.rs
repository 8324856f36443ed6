//! The kiosk's side of the sync: [`plan`] says purely what may be sent now, [`Centre`] says it over the network and knows
//! the one right answer, [`Courier`] puts both together until it is told to stop. What is kept of it is with the
//! [`Outbox`] that the caller brings: this crate has no database.

mod answer;
mod backoff;
mod centre;
mod clock;
mod courier;
mod pace;
pub mod plan;

pub use answer::{Aside, NotSent};
pub use backoff::delay;
pub use centre::{Address, BadAddress, Centre, Identity, enrol};
pub use clock::CentreClock;
pub use courier::{Courier, Item, Outbox, OutboxError, Picture, Standing, Wake};
pub use pace::Pace;
