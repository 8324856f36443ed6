//! What a school is handed: photos named by a template, lists, an index, sums, and a check of all of it.
//!
//! Everything is decided before anything is written: [`plan_names`] finds clashes and what cannot be a file's name,
//! [`assemble`] makes the lists and a [`Plan`] of every file with its size and sum. A [`Job`] then asks for one photo
//! after the other, so that the thread that owns them can go on with its other work, and [`check`] opens again what was
//! written and reconciles it with the plan to the last photo.

mod check;
mod error;
mod fault;
mod files;
mod index;
mod job;
mod lists;
mod names;
mod place;
mod plan;
mod record;
mod safe;
mod target;
mod template;
mod volume;
mod words;

pub use check::{CheckProblem, Checked, check};
pub use error::{CODES, HandoverError};
pub use index::Encoding;
pub use job::{Job, Progress, Report};
pub use lists::{Columns, IdNumbers, Lists, MAX_STUDENTS};
pub use names::{NamePlan, NameProblem, Names, PhotoPath, Trouble, plan_names};
pub use plan::{Document, DocumentKind, Options, Plan, PlannedPhoto, assemble};
pub use record::{Collected, Missing, Outcome, Parcel, Student};
pub use safe::component as file_name;
pub use target::{Passphrase, Target, Warning};
pub use template::{MAX_TEMPLATE_CHARS, Template, TemplateError, TemplateField, TemplateTrouble};
pub use volume::free_bytes;
pub use words::{Language, Words};
