//! The centre: takes orders, photos and paper from kiosks exactly once, lets people review them, and sends back what
//! they decide. Stateless: what it knows is in PostgreSQL and in a store of blobs, so several copies behind one database
//! behave as one.

mod app;
mod blobs;
mod changes;
mod enrol;
mod error;
mod extract;
mod health;
mod items;
mod metrics;
mod router;
mod schema;
mod serve;
mod signed;
mod staff;
mod wake;

pub use enrol::NewPoint;
pub use router::openapi;
pub use serve::{Centre, Options, new_recipient_key};
pub use staff::Role;
pub use staff::sign_in::put_staff;
