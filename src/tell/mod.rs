//! Tell: the report, the response fields, the plan of a repair, and what a file holds.

pub mod inspect;
pub(crate) mod metadata;
pub(crate) mod plan;
pub(crate) mod report;
