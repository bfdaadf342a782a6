//! What C sees: memory of the caller becomes slices, texts become memory that the caller gives back.
//!
//! Each function promises no more than C can keep: a pointer is NULL or points to what its type says, and is not written to during the call.
#![expect(unsafe_code, reason = "C hands over pointers, and only C knows what they point to")]

use std::ffi::{CStr, c_char, c_void};
use std::{ptr, slice};

use zeroize::Zeroize;

use crate::calls::{self, Given, Said};

/// Checks a form: `length` bytes of JSON, the request body of the API.
///
/// Returns `CERTGATE_YES` where it is accepted, `CERTGATE_NO` where it is rejected; the text is the report either way.
///
/// # Safety
/// `form` points to `length` bytes. `options` is NULL or a string. `text` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn certgate_check(
    form: *const c_void,
    length: usize,
    options: *const c_char,
    text: *mut *mut c_char,
) -> i32 {
    // SAFETY: the caller promises what `answer` asks for.
    unsafe { answer(calls::check, form, length, options, text) }
}

/// Says what a file holds: `length` bytes in PEM or DER.
///
/// Returns `CERTGATE_YES` where it holds something known and nothing of it is an error, else `CERTGATE_NO`; the text is a JSON object with its
/// certificates, keys and findings either way.
///
/// # Safety
/// As `certgate_check`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn certgate_inspect(
    file: *const c_void,
    length: usize,
    options: *const c_char,
    text: *mut *mut c_char,
) -> i32 {
    // SAFETY: the caller promises what `answer` asks for.
    unsafe { answer(calls::inspect, file, length, options, text) }
}

/// Fixes what can be fixed in a form without inventing anything.
///
/// Returns `CERTGATE_YES` where the fixed form is accepted, else `CERTGATE_NO`; the text is a JSON object with the fixed `form`, the `edits`, and the
/// `report` on the fixed form. The text holds the private keys.
///
/// # Safety
/// As `certgate_check`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn certgate_fix(
    form: *const c_void,
    length: usize,
    options: *const c_char,
    text: *mut *mut c_char,
) -> i32 {
    // SAFETY: the caller promises what `answer` asks for.
    unsafe { answer(calls::fix, form, length, options, text) }
}

/// Proves that a private key belongs to a certificate, each in PEM or DER.
///
/// Returns `CERTGATE_YES` where it is proven, else `CERTGATE_NO`; the text is a JSON object with `matches` and the findings either way.
///
/// # Safety
/// As `certgate_check`, for both pairs of pointer and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn certgate_prove(
    certificate: *const c_void,
    certificate_length: usize,
    key: *const c_void,
    key_length: usize,
    options: *const c_char,
    text: *mut *mut c_char,
) -> i32 {
    // SAFETY: the caller promises it.
    let certificate = unsafe { given(certificate, certificate_length) };
    // SAFETY: the caller promises it.
    let key = unsafe { given(key, key_length) };
    // SAFETY: the caller promises it.
    let options = unsafe { string(options) };
    let said = calls::prove(certificate, key, options.unwrap_or_default());
    // SAFETY: the caller promises it.
    unsafe { hand_over(said, text) }
}

/// Explains the rule of a code, such as "match-other-key".
///
/// Returns `CERTGATE_YES`, and the text is a JSON object: what is wrong, why the rule exists, what to do; or `CERTGATE_NO_RULE`.
///
/// # Safety
/// `code` is NULL or a string. `text` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn certgate_explain(code: *const c_char, text: *mut *mut c_char) -> i32 {
    // SAFETY: the caller promises it.
    let code = unsafe { string(code) };
    let said = calls::explain(code);
    // SAFETY: the caller promises it.
    unsafe { hand_over(said, text) }
}

/// Wipes a text and gives its memory back. NULL is allowed.
///
/// # Safety
/// `text` came from a function of certgate, is as that function made it, and was not given back before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn certgate_free(text: *mut c_char) {
    // SAFETY: the caller promises that it is a string of ours.
    let Some(string) = (unsafe { string(text) }) else { return };
    let whole = ptr::slice_from_raw_parts_mut(text.cast::<u8>(), string.len().saturating_add(1));
    // SAFETY: `leaked` made it of a box of this length: no text has a NUL before its end. The caller promises that nobody else has it.
    let mut text = unsafe { Box::from_raw(whole) };
    text.zeroize();
}

/// The version of certgate, such as "1.2.3". It is not given back.
#[unsafe(no_mangle)]
pub extern "C" fn certgate_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The ABI of the loaded library. A program compares it with its own `CERTGATE_ABI`.
#[unsafe(no_mangle)]
pub extern "C" fn certgate_abi() -> u32 {
    crate::CERTGATE_ABI
}

/// Calls a function that answers about one input.
///
/// # Safety
/// `input` points to `length` bytes. `options` is NULL or a string. `text` is NULL or may be written to.
unsafe fn answer(
    call: fn(Given<'_>, &[u8]) -> Said,
    input: *const c_void,
    length: usize,
    options: *const c_char,
    text: *mut *mut c_char,
) -> i32 {
    // SAFETY: the caller promises it.
    let input = unsafe { given(input, length) };
    // SAFETY: the caller promises it.
    let options = unsafe { string(options) };
    let said = call(input, options.unwrap_or_default());
    // SAFETY: the caller promises it.
    unsafe { hand_over(said, text) }
}

/// The bytes at a pointer. `None` where there cannot be so many, or any.
///
/// # Safety
/// A pointer that is not NULL points to `length` bytes, which stay as they are for as long as `'a`.
unsafe fn given<'a>(pointer: *const c_void, length: usize) -> Given<'a> {
    if length == 0 {
        return Some(&[]);
    }
    if pointer.is_null() || isize::try_from(length).is_err() {
        return None;
    }
    // SAFETY: the pointer is not NULL and the length is one that memory can have; the rest is promised.
    Some(unsafe { slice::from_raw_parts(pointer.cast(), length) })
}

/// The bytes of a string, without its NUL. `None` where the pointer is NULL.
///
/// # Safety
/// A pointer that is not NULL points to bytes that end with NUL, which stay as they are for as long as `'a`.
unsafe fn string<'a>(pointer: *const c_char) -> Given<'a> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: the pointer is not NULL; the rest is promised.
    Some(unsafe { CStr::from_ptr(pointer) }.to_bytes())
}

/// Puts the text where the caller wants it, NULL where there is none, and returns the number.
///
/// # Safety
/// A `place` that is not NULL may be written to.
unsafe fn hand_over(mut said: Said, place: *mut *mut c_char) -> i32 {
    // Such a text could not be given back. No JSON and no sentence is one.
    if said.text.as_ref().is_some_and(|text| text.as_bytes().contains(&0)) {
        said = Said::fault();
    }
    if !place.is_null() {
        let text = said.text.as_ref().map_or(ptr::null_mut(), |text| leaked(text));
        // SAFETY: the place is not NULL; the rest is promised.
        unsafe { place.write(text) };
    }
    said.status
}

/// A copy of the text that ends with NUL, for [`certgate_free`]. It is made at its full length: no other copy stays behind.
fn leaked(text: &str) -> *mut c_char {
    let mut bytes = Vec::with_capacity(text.len().saturating_add(1));
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0);
    Box::into_raw(bytes.into_boxed_slice()).cast()
}

#[cfg(test)]
mod tests;
