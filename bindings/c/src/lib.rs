//! certgate for C, and for every language that can call C. What a caller has to know stands in `include/certgate.h`, which is made of this crate.
//!
//! The library does the work ([`certgate::json`]). `calls` makes a number and a text of its answers, and `border` is what C sees: the one module of
//! certgate with `unsafe`.

mod border;
mod calls;

pub use border::{
    certgate_abi, certgate_check, certgate_explain, certgate_fix, certgate_free, certgate_inspect,
    certgate_prove, certgate_version,
};

/// The version of these functions: their names, their arguments and what they return. The name of the shared library ends with it.
pub const CERTGATE_ABI: u32 = 1;

/// The answer is yes: the form is accepted, the file has no error, the key belongs to the certificate, the rule is there.
pub const CERTGATE_YES: i32 = 0;
/// The answer is no. The text says why.
pub const CERTGATE_NO: i32 = 1;
/// A pointer is NULL that must not be, or a length is more than half of the address space. There is no text.
pub const CERTGATE_BAD_ARGUMENT: i32 = -1;
/// The options are not what certgate takes. The text is a sentence that says what is wrong.
pub const CERTGATE_BAD_OPTIONS: i32 = -2;
/// No rule has that code. The text is a sentence that says so.
pub const CERTGATE_NO_RULE: i32 = -3;
/// A fault of certgate: please report it. There is no text.
pub const CERTGATE_FAULT: i32 = -4;
