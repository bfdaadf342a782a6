//! Tell: the report, the response fields, the repair, and what a file holds.

pub mod inspect;
pub(crate) mod metadata;
pub mod repair;
pub(crate) mod report;
