//! Forms of any size, honest and hostile, to show that the cost of a check grows with its input and no faster.

mod fields;
mod sets;
mod text;

use crate::cert::{Cert, Issued};
use crate::ext::{self, Ext};
use crate::form::{self, Form};
use crate::{chain, key, pem};

/// A way to fill a field: what grows, the field that holds it, and the form with about that many bytes there.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// A short name, such as `sans`.
    pub name: &'static str,
    /// What grows, in words.
    pub grows: &'static str,
    /// The form with about this many bytes of it.
    pub make: fn(usize) -> Form,
}

/// A block that holds nothing, with a tag after each line.
const LIKE_BLOCK: &str = "-----BEGIN CERTIFICATE-----<br>\nMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw<br>\n\
    MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw<br>\n-----END CERTIFICATE-----<br>\n";

/// All families.
pub const FAMILIES: &[Family] = &[
    Family { name: "sans", grows: "dNSNames of the leaf", make: |bytes| leaf_with(sans(bytes)) },
    Family {
        name: "odd-sans",
        grows: "dNSNames that each deserve a warning",
        make: |bytes| leaf_with(fields::odd_sans(bytes)),
    },
    Family {
        name: "same-sans",
        grows: "one dNSName over and over",
        make: |bytes| leaf_with(fields::same_sans(bytes)),
    },
    Family { name: "text", grows: "lines of text before the certificate", make: text::text },
    Family {
        name: "short-lines",
        grows: "lines of one character before the certificate",
        make: text::short_lines,
    },
    Family { name: "blank-lines", grows: "blank lines inside a block", make: text::blank_lines },
    Family { name: "spaces", grows: "spaces at the end of one line of a block", make: text::spaces },
    Family {
        name: "narrow-lines",
        grows: "PEM lines of four characters, by a leaf with many names",
        make: text::narrow_lines,
    },
    Family {
        name: "one-line",
        grows: "a PEM text on one line",
        make: |bytes| text::mapped(bytes, pem::one_line),
    },
    Family {
        name: "literal-n",
        grows: "a PEM text with literal \\n",
        make: |bytes| text::mapped(bytes, pem::literal_n),
    },
    Family { name: "bad-lines", grows: "lines with a character outside base64", make: text::bad_lines },
    Family { name: "begin-lines", grows: "BEGIN lines", make: |bytes| text::cert_text(bytes, text::BEGIN) },
    Family { name: "end-lines", grows: "END lines", make: |bytes| text::cert_text(bytes, text::END) },
    Family { name: "dashes", grows: "dashes", make: |bytes| text::cert_text(bytes, "-") },
    Family {
        name: "broken-markers",
        grows: "BEGIN markers without an end on one line",
        make: |bytes| text::cert_text(bytes, "-----BEGIN "),
    },
    Family { name: "empty-blocks", grows: "blocks without a body", make: text::empty_blocks },
    Family { name: "base64", grows: "bare base64", make: |bytes| text::cert_text(bytes, "QUJD") },
    Family { name: "quotes", grows: "quotes and backslashes", make: |bytes| text::cert_text(bytes, "\"\\") },
    Family { name: "wide", grows: "zero-width characters", make: |bytes| text::cert_text(bytes, "\u{200b}") },
    Family {
        name: "mail-parts",
        grows: "parts of a mail in base64",
        make: |bytes| text::cert_text(bytes, "Content-Transfer-Encoding: base64\n\nAAAA\n--b\n"),
    },
    Family {
        name: "tags",
        grows: "tags and entities around escapes",
        make: |bytes| text::cert_text(bytes, "<p>a: \"\\n%41=\n&#65;</p>\u{1b}[1m_x000D_\n"),
    },
    Family {
        name: "like-blocks",
        grows: "blocks whose lines end in tags",
        make: |bytes| text::cert_text(bytes, LIKE_BLOCK),
    },
    Family {
        name: "like-values",
        grows: "values of a file of settings",
        make: |bytes| {
            text::cert_text(
                bytes,
                "A=\"-----BEGIN CERTIFICATE-----\\nMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw\\n-----END CERTIFICATE-----\"\n",
            )
        },
    },
    Family { name: "copies", grows: "copies of one intermediate", make: sets::copies },
    Family { name: "certificates", grows: "certificates of one issuer", make: sets::certificates },
    Family {
        name: "self-issued",
        grows: "certificates that each could have issued each other",
        make: sets::self_issued,
    },
    Family { name: "roots", grows: "certificates of trusted_root_ca", make: sets::roots },
    Family { name: "keys", grows: "encodings of one private key", make: sets::keys },
    Family {
        name: "exposed-keys",
        grows: "encodings of one private key in both fields",
        make: sets::exposed_keys,
    },
    Family {
        name: "other-keys",
        grows: "private keys in both fields, all different",
        make: sets::other_keys,
    },
    Family { name: "small-blocks", grows: "blocks of a few octets in both fields", make: sets::small_blocks },
    Family { name: "misplaced", grows: "certificates in both fields", make: sets::misplaced },
    Family { name: "ec-parameters", grows: "EC PARAMETERS before the key", make: sets::ec_parameters },
    Family { name: "subject", grows: "attributes of the subject", make: fields::subject },
    Family { name: "long-name", grows: "characters of the common name", make: fields::long_name },
    Family { name: "extensions", grows: "unknown extensions", make: fields::extensions },
    Family { name: "same-extensions", grows: "one extension over and over", make: fields::same_extensions },
    Family { name: "policies", grows: "certificate policies", make: fields::policies },
    Family { name: "purposes", grows: "extended key usages", make: fields::purposes },
    Family { name: "urls", grows: "CA issuers of the leaf", make: fields::urls },
    Family {
        name: "constraints",
        grows: "name constraints against as many names",
        make: fields::constraints,
    },
    Family { name: "nested", grows: "nesting of DER inside an extension", make: fields::nested },
    Family { name: "serial", grows: "octets of the serial number", make: fields::serial },
    Family { name: "long-oid", grows: "octets of one object identifier", make: fields::long_oid },
    Family { name: "modulus", grows: "octets of the modulus", make: fields::modulus },
    Family { name: "key-modulus", grows: "octets of the private key's modulus", make: fields::key_modulus },
    Family {
        name: "key-exponent",
        grows: "octets of the private key's exponent",
        make: fields::key_exponent,
    },
    Family { name: "name-field", grows: "characters of the field `name`", make: text::name_field },
];

/// The family of this name.
///
/// # Panics
/// If there is none.
pub fn family(name: &str) -> &'static Family {
    FAMILIES.iter().find(|family| family.name == name).expect("a family of that name")
}

/// Octets of DER that fill this many characters of PEM.
fn octets_of_pem(characters: usize) -> usize {
    characters / 65 * 48
}

/// How often something of `each` bytes fits, at least once.
fn count(bytes: usize, each: usize) -> usize {
    (bytes / each).max(1)
}

fn leaf() -> Cert {
    Cert::leaf("www.forge.example").key(key::p256(0)).with(ext::key_usage(ext::DIGITAL_SIGNATURE))
}

fn issuer() -> Issued {
    chain::plain(key::p256(0)).intermediate
}

fn of(leaf: Cert) -> Form {
    let issuer = issuer();
    Form::of("ECC", &[leaf.issued_by(&issuer), issuer])
}

fn leaf_with(extension: Ext) -> Form {
    of(leaf().with(extension))
}

/// A form whose leaf has `number` dNSNames.
pub fn named(number: usize) -> Form {
    leaf_with(dns_names(number))
}

/// A valid SM2 form whose sign fields have this many characters, by text around the blocks.
pub fn sm2_padded(characters: usize) -> Form {
    let mut form = form::sm2();
    for field in [&mut form.cert_content_sign, &mut form.private_key_sign] {
        *field = field.take().map(|text| padded(text, characters));
    }
    form
}

/// The text with a line of text before it, so that it has this many characters.
fn padded(text: String, characters: usize) -> String {
    match characters.saturating_sub(text.chars().count()) {
        0 => text,
        missing => {
            // Words: a long run of letters would be taken for base64 without its markers.
            let words: String = "some words ".chars().cycle().take(missing - 1).collect();
            format!("{words}\n{text}")
        }
    }
}

/// A valid form of a P-256 leaf, `number` − 2 sub CAs and a root: `number` certificates, each signed by the next.
pub fn chain_of(number: usize) -> Form {
    let mut certificates = vec![Cert::ca("Forge Deep Root CA").key(key::p256(1)).self_signed()];
    for index in 2..number {
        let last = &certificates[certificates.len() - 1];
        certificates
            .push(Cert::ca(&format!("Forge Deep CA {index}")).key(key::p256(index % 2 + 1)).issued_by(last));
    }
    certificates.push(leaf().issued_by(&certificates[certificates.len() - 1]));
    certificates.reverse();
    Form::of("ECC", &certificates)
}
fn dns_names(number: usize) -> Ext {
    ext::san((0..number).map(|index| ext::dns(format!("host-{index:06}.forge.example"))))
}

fn sans(bytes: usize) -> Ext {
    dns_names(count(octets_of_pem(bytes), 27))
}
