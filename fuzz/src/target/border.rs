#![expect(unsafe_code, reason = "this is how C calls: with pointers and lengths")]

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr;

use certgate::json::{self, Answer, JsonError, Options};
use certgate::time::Duration;
use certgate_c::{
    CERTGATE_BAD_ARGUMENT, CERTGATE_BAD_OPTIONS, CERTGATE_NO, CERTGATE_NO_RULE, CERTGATE_YES, certgate_check,
    certgate_explain, certgate_fix, certgate_free, certgate_inspect, certgate_prove,
};
use serde_json::Value;

use crate::bounds::bounded;
use crate::{NOW, subject};

type Call = unsafe extern "C" fn(*const c_void, usize, *const c_char, *mut *mut c_char) -> i32;
type Library = fn(&[u8], &Options) -> Result<Answer, JsonError>;
const CALLS: [(Call, Library); 3] =
    [(certgate_check, json::check), (certgate_inspect, json::inspect), (certgate_fix, json::fix)];

/// A call over the border for C. The first byte says which function, the second what is NULL and which length is wrong; then come the options up to a NUL
/// byte, and the input. `prove` takes the input up to its first NUL byte as a certificate, and the rest as a key.
///
/// # Panics
/// If a property is broken.
pub fn border(data: &[u8]) {
    let [function, how, rest @ ..] = data else { return };
    let [no_input, too_long, no_options, no_place] = [1, 2, 4, 8].map(|bit| how & bit != 0);
    let (options, input) = split(rest);
    let (certificate, key) = split(input);
    // Of just this length: what is read beyond it is not ours.
    let [input, certificate, key] = [input, certificate, key].map(Box::<[u8]>::from);
    let given = |bytes: &[u8]| {
        let pointer = if no_input { ptr::null() } else { bytes.as_ptr().cast() };
        (pointer, if too_long { usize::MAX - bytes.len() } else { bytes.len() })
    };
    let string = CString::new(options).expect("it ends before the first NUL byte");
    let options = if no_options { &[] } else { options };
    let options_at = if no_options { ptr::null() } else { string.as_ptr() };
    let is_refused = |bytes: &[u8]| too_long || no_input && !bytes.is_empty();

    let (said, wanted, is_refused) = match function % 5 {
        3 => {
            let ((certificate_at, certificate_length), (key_at, key_length)) =
                (given(&certificate), given(&key));
            let said = call(data.len(), no_place, |text| {
                // SAFETY: each pointer is NULL or of a box that is there; the wrong length is one that is refused; the options are NULL or a string.
                unsafe {
                    certgate_prove(certificate_at, certificate_length, key_at, key_length, options_at, text)
                }
            });
            let wanted = wanted(options, |options| json::prove(&certificate, &key, options));
            (said, wanted, is_refused(&certificate) || is_refused(&key))
        }
        4 => {
            // SAFETY: the code is NULL or a string.
            let said = call(data.len(), no_place, |text| unsafe { certgate_explain(options_at, text) });
            let page = json::explain(std::str::from_utf8(options).unwrap_or_default());
            let wanted = page.map_or_else(
                |error| (CERTGATE_NO_RULE, Some(error.to_string())),
                |page| (CERTGATE_YES, Some(page)),
            );
            (said, Some(wanted), no_options)
        }
        number => {
            let (function, library) = CALLS[usize::from(number)];
            let (pointer, length) = given(&input);
            // SAFETY: the pointer is NULL or of a box that is there; the wrong length is one that is refused; the options are NULL or a string.
            let said =
                call(data.len(), no_place, |text| unsafe { function(pointer, length, options_at, text) });
            (said, wanted(options, |options| library(&input, options)), is_refused(&input))
        }
    };
    is_sound(&said);
    if is_refused {
        assert_eq!(said, (CERTGATE_BAD_ARGUMENT, None));
    } else if let Some((status, text)) = wanted {
        assert_eq!(
            said,
            (status, text.filter(|_| !no_place)),
            "the border says something else than the library"
        );
    }
}

/// What is before the first NUL byte, and what is behind it; all is behind it where there is none.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let nul = bytes.iter().position(|byte| *byte == 0);
    nul.map_or((&[], bytes), |nul| (&bytes[..nul], &bytes[nul + 1..]))
}

/// The number, and the text, which is given back.
fn call(
    length: usize,
    no_place: bool,
    function: impl FnOnce(*mut *mut c_char) -> i32,
) -> (i32, Option<String>) {
    let mut text = ptr::null_mut();
    let place = if no_place { ptr::null_mut() } else { &raw mut text };
    let status = bounded(4 * length, || function(place));
    // SAFETY: a text that is not NULL is a string.
    let said = (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes().to_vec());
    // SAFETY: it is as the function made it, and is given back once.
    unsafe { certgate_free(text) };
    subject::crossed(status, said.map(|said| String::from_utf8(said).expect("a text is UTF-8")))
}

/// What the library says. `None` where that depends on the time of the computer.
fn wanted(
    options: &[u8],
    ask: impl FnOnce(&Options) -> Result<Answer, JsonError>,
) -> Option<(i32, Option<String>)> {
    match (Options::from_json(options, NOW), Options::from_json(options, NOW + Duration::DAY)) {
        (Err(error), _) => Some((CERTGATE_BAD_OPTIONS, Some(error.to_string()))),
        (Ok(options), Ok(later)) if options == later => {
            let answer = ask(&options).expect("an answer");
            Some((if answer.is_ok { CERTGATE_YES } else { CERTGATE_NO }, Some(answer.to_string())))
        }
        _ => None,
    }
}

/// # Panics
/// If the number is none of the header's, or the text is not what it says.
fn is_sound((status, text): &(i32, Option<String>)) {
    match (*status, text) {
        (CERTGATE_YES | CERTGATE_NO, Some(text)) => {
            let value: Value = serde_json::from_str(text).expect("an answer is JSON");
            assert_eq!(value["schema"], 1);
        }
        (CERTGATE_BAD_OPTIONS | CERTGATE_NO_RULE, Some(text)) => crate::told::assert_clean(text),
        (CERTGATE_YES | CERTGATE_NO | CERTGATE_BAD_OPTIONS | CERTGATE_NO_RULE, None) => {} // The caller wanted none.
        (CERTGATE_BAD_ARGUMENT, None) => {}
        other => panic!("{other:?}"),
    }
}
