/* certgate for C and C++: does an API gateway accept a TLS certificate upload, and what is wrong with it?
 *
 * Written by `CERTGATE_BLESS=1 cargo test -p certgate-c --test header`. Change the Rust source, not this file.
 *
 * Text in, text out. Each function returns a number (CERTGATE_...), and where it has a text it stores a pointer to it in `*text`: one JSON object,
 * or where the number is below zero a sentence. Give each text back with certgate_free, as it is. Where there is no text, `*text` becomes NULL.
 * `text` may be NULL where only the number is wanted.
 *
 * `options` is NULL, or {"at": "2026-06-01T00:00:00Z", "policy": {"strict": true}}, where both may be left out: the time of the check, or null where
 * validity is not to be evaluated (without "at" it is the time of the computer), and the settings of the policy.
 *
 * All functions may be called by many threads at once; nothing is kept between calls. No text holds a private key, but for that of certgate_fix.
 */

#ifndef CERTGATE_H
#define CERTGATE_H

#include <stddef.h>
#include <stdint.h>

/**
 * The version of these functions: their names, their arguments and what they return. The name of the shared library ends with it.
 */
#define CERTGATE_ABI 1

/**
 * The answer is yes: the form is accepted, the file has no error, the key belongs to the certificate, the rule is there.
 */
#define CERTGATE_YES 0

/**
 * The answer is no. The text says why.
 */
#define CERTGATE_NO 1

/**
 * A pointer is NULL that must not be, or a length is more than half of the address space. There is no text.
 */
#define CERTGATE_BAD_ARGUMENT -1

/**
 * The options are not what certgate takes. The text is a sentence that says what is wrong.
 */
#define CERTGATE_BAD_OPTIONS -2

/**
 * No rule has that code. The text is a sentence that says so.
 */
#define CERTGATE_NO_RULE -3

/**
 * A fault of certgate: please report it. There is no text.
 */
#define CERTGATE_FAULT -4

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Checks a form: `length` bytes of JSON, the request body of the API.
 *
 * Returns `CERTGATE_YES` where it is accepted, `CERTGATE_NO` where it is rejected; the text is the report either way.
 *
 * # Safety
 * `form` points to `length` bytes. `options` is NULL or a string. `text` is NULL or may be written to.
 */
int32_t certgate_check(const void *form, size_t length, const char *options, char **text);

/**
 * Says what a file holds: `length` bytes in PEM or DER.
 *
 * Returns `CERTGATE_YES` where it holds something known and nothing of it is an error, else `CERTGATE_NO`; the text is a JSON object with its
 * certificates, keys and findings either way.
 *
 * # Safety
 * As `certgate_check`.
 */
int32_t certgate_inspect(const void *file,
                         size_t length,
                         const char *options,
                         char **text);

/**
 * Fixes what can be fixed in a form without inventing anything.
 *
 * Returns `CERTGATE_YES` where the fixed form is accepted, else `CERTGATE_NO`; the text is a JSON object with the fixed `form`, the `edits`, and the
 * `report` on the fixed form. The text holds the private keys.
 *
 * # Safety
 * As `certgate_check`.
 */
int32_t certgate_fix(const void *form,
                     size_t length,
                     const char *options,
                     char **text);

/**
 * Proves that a private key belongs to a certificate, each in PEM or DER.
 *
 * Returns `CERTGATE_YES` where it is proven, else `CERTGATE_NO`; the text is a JSON object with `matches` and the findings either way.
 *
 * # Safety
 * As `certgate_check`, for both pairs of pointer and length.
 */
int32_t certgate_prove(const void *certificate,
                       size_t certificate_length,
                       const void *key,
                       size_t key_length,
                       const char *options,
                       char **text);

/**
 * Explains the rule of a code, such as "match-other-key".
 *
 * Returns `CERTGATE_YES`, and the text is a JSON object: what is wrong, why the rule exists, what to do; or `CERTGATE_NO_RULE`.
 *
 * # Safety
 * `code` is NULL or a string. `text` is NULL or may be written to.
 */
int32_t certgate_explain(const char *code, char **text);

/**
 * Wipes a text and gives its memory back. NULL is allowed.
 *
 * # Safety
 * `text` came from a function of certgate, is as that function made it, and was not given back before.
 */
void certgate_free(char *text);

/**
 * The version of certgate, such as "1.2.3". It is not given back.
 */
const char *certgate_version(void);

/**
 * The ABI of the loaded library. A program compares it with its own `CERTGATE_ABI`.
 */
uint32_t certgate_abi(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CERTGATE_H */
