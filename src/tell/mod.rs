//! Tell: the report, the response fields, the plan of a repair, what a file holds, and what an update changes; and the languages for it.

pub(crate) mod difference;
pub mod inspect;
pub(crate) mod language;
pub(crate) mod metadata;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod trust;
