//! The border as C would cross it. All of it runs under Miri, too: no call gets as far as the assembly of `ring`.
#![allow(clippy::restriction)]

use super::*;
use crate::{
    CERTGATE_ABI, CERTGATE_BAD_ARGUMENT, CERTGATE_BAD_OPTIONS, CERTGATE_NO, CERTGATE_NO_RULE, CERTGATE_YES,
};

/// Calls a function that gives a text: the number, and the text, which is given back.
fn call(function: impl FnOnce(*mut *mut c_char) -> i32) -> (i32, Option<String>) {
    let mut text = ptr::dangling_mut();
    let status = function(&mut text);
    // SAFETY: the function wrote NULL or a string.
    let said = unsafe { string(text) }.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
    // SAFETY: it came from the function, and is given back once.
    unsafe { certgate_free(text) };
    (status, said)
}

type Call = unsafe extern "C" fn(*const c_void, usize, *const c_char, *mut *mut c_char) -> i32;
const CALLS: [(Call, &str); 3] = [
    (certgate_check, r#"{"schema":1,"accepted":false,"#),
    (certgate_inspect, r#"{"schema":1,"findings":[{"code":"p"#),
    (certgate_fix, r#"{"schema":1,"edits":[],"report":{"schema":1,"accepted":false,"#),
];

#[test]
fn whatever_is_given_there_is_a_number_and_where_it_is_an_answer_a_text() {
    for (function, begin) in CALLS {
        for given in [&b""[..], b"x", b"\0", b"\xff\xfe", b"[1,2"] {
            // SAFETY: pointer and length are of one slice.
            let (status, text) =
                call(|text| unsafe { function(given.as_ptr().cast(), given.len(), ptr::null(), text) });
            assert_eq!(status, CERTGATE_NO);
            assert!(text.as_ref().unwrap().starts_with(begin), "{text:?}");
        }
    }
}

#[test]
fn null_and_wrong_lengths_are_refused() {
    let byte = b"x".as_ptr().cast();
    for (function, begin) in CALLS {
        for (pointer, length) in [(ptr::null(), 1), (byte, usize::MAX), (byte, isize::MAX as usize + 1)] {
            // SAFETY: NULL is allowed, and such a length is refused before anything is read.
            let said = call(|text| unsafe { function(pointer, length, ptr::null(), text) });
            assert_eq!(said, (CERTGATE_BAD_ARGUMENT, None));
        }
        // SAFETY: nothing is read where the length is 0.
        let (status, text) = call(|text| unsafe { function(ptr::null(), 0, ptr::null(), text) });
        assert_eq!(status, CERTGATE_NO);
        assert!(text.unwrap().starts_with(begin));
        // SAFETY: NULL is allowed for the text.
        assert_eq!(unsafe { function(byte, 1, ptr::null(), ptr::null_mut()) }, CERTGATE_NO);
    }
    // SAFETY: NULL is allowed.
    unsafe { certgate_free(ptr::null_mut()) };
}

#[test]
fn options_are_read_and_what_is_wrong_with_them_is_told() {
    let options = |json: &CStr| {
        // SAFETY: pointer and length are of one slice, and the options are a string.
        call(|text| unsafe { certgate_check(b"{}".as_ptr().cast(), 2, json.as_ptr(), text) })
    };
    let (status, report) = options(c"{\"at\": \"2026-06-01T00:00:00Z\"}");
    assert_eq!(status, CERTGATE_NO);
    assert!(report.unwrap().contains(r#""checked_at":"2026-06-01T00:00:00Z""#));
    let (status, sentence) = options(c"{\"at\": 1}");
    assert_eq!(status, CERTGATE_BAD_OPTIONS);
    assert!(sentence.unwrap().ends_with("line 1, column 8; it can be a time in quotes, or null"));
}

#[test]
fn a_rule_is_explained_and_no_other_code() {
    // SAFETY: the code is a string.
    let explain = |code: &CStr| call(|text| unsafe { certgate_explain(code.as_ptr(), text) });
    let (status, page) = explain(c"match-other-key");
    assert_eq!(status, CERTGATE_YES);
    assert!(page.unwrap().starts_with(r#"{"schema":1,"code":"match-other-key","#));
    for code in [c"", c"match", c"\xff"] {
        let (status, sentence) = explain(code);
        assert_eq!(status, CERTGATE_NO_RULE);
        assert_eq!(sentence.unwrap(), "no rule has that code; `rules` lists all of them");
    }
    // SAFETY: NULL is allowed.
    assert_eq!(call(|text| unsafe { certgate_explain(ptr::null(), text) }), (CERTGATE_BAD_ARGUMENT, None));
}

#[test]
fn a_proof_needs_both() {
    // SAFETY: a pointer that is not NULL is of a slice of that length.
    let prove = |key, length| {
        call(|text| unsafe { certgate_prove(b"x".as_ptr().cast(), 1, key, length, ptr::null(), text) })
    };
    let (status, text) = prove(b"y".as_ptr().cast(), 1);
    assert_eq!(status, CERTGATE_NO);
    assert!(text.unwrap().starts_with(r#"{"schema":1,"matches":false,"#));
    assert_eq!(prove(ptr::null(), 1), (CERTGATE_BAD_ARGUMENT, None));
}

#[test]
fn the_version_is_that_of_the_library() {
    // SAFETY: it is a string that stays.
    let version = unsafe { string(certgate_version()) };
    assert_eq!(version, Some(env!("CARGO_PKG_VERSION").as_bytes()));
    assert_eq!((certgate_abi(), env!("CERTGATE_ABI")), (CERTGATE_ABI, "1"));
}

/// Damaged forms: whatever the bytes are, the border says what the library says. Miri cannot follow: some get as far as the assembly of `ring`.
#[test]
#[cfg_attr(miri, ignore)]
fn the_border_says_of_damaged_forms_what_the_library_says() {
    let forms = ["rsa", "ecc", "sm2", "broken"].map(|name| {
        let path = format!("{}/../../examples/{name}.json", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).unwrap()
    });
    let options = c"{\"at\": \"2026-06-01T00:00:00Z\"}";
    let at = certgate::json::Options::new(certgate::time::macros::datetime!(2026-06-01 0:00 UTC));
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |limit: usize| {
        // xorshift: the same damages in each run.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % limit as u64) as usize
    };
    for round in 0..400 {
        let mut form = forms[round % forms.len()].clone();
        for _ in 0..=below(3) {
            let (place, other) = (below(form.len()), below(form.len()));
            match below(4) {
                0 => form[place] = below(256) as u8,
                1 => form.swap(place, other),
                2 => drop(form.drain(place.min(other)..place.max(other).min(place.min(other) + 80))),
                _ => form.truncate(place.max(1)),
            }
        }
        // SAFETY: pointer and length are of one vector, and the options are a string.
        let (status, text) =
            call(|text| unsafe { certgate_check(form.as_ptr().cast(), form.len(), options.as_ptr(), text) });
        let answer = certgate::json::check(&form, &at).unwrap();
        assert_eq!((status, text.as_deref()), (i32::from(!answer.is_ok), Some(&*answer)));
    }
}
