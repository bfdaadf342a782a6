//! Read: text and DER to facts, and to faults where they are not as they should be. Nothing here knows a policy or a field's purpose.

pub(crate) mod block;
pub(crate) mod certificate;
pub(crate) mod form;
pub(crate) mod key;
pub(crate) mod pem;
pub(crate) mod upload;
