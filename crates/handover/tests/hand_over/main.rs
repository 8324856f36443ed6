//! Hand-overs of drawn photos, opened again by this crate and by the tools that schools have.

mod check;
mod end_to_end;
mod formulas;
mod full_disk;
mod made;
mod resume;
mod tools;
