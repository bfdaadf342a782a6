//! PKCS#7 that carries certificates (RFC 2315, RFC 5652 section 5): a `.p7b`. Its signatures are not looked at.

use zeroize::Zeroizing;

use super::Reason;
use super::opening::Opening;
use crate::der::{DerError, Element, Reader, tag};

pub(super) fn read(opening: &mut Opening<'_>, inside: &[String], block: Option<usize>, der: &[u8]) {
    let Ok(found) = certificates(der) else {
        let instead = "convert it with `openssl pkcs7 -print_certs -in FILE -out chain.pem` (add -inform DER for a file that is no PEM)";
        return opening.leave(inside, block, Reason::NotSupported { what: "this PKCS#7", instead });
    };
    if found.is_empty() {
        return opening.leave(inside, block, Reason::NotNeeded("PKCS#7 without a certificate"));
    }
    for (at, der) in found.into_iter().enumerate() {
        if !opening.may_enter(inside) {
            return;
        }
        opening.der(inside, at.saturating_add(1), Zeroizing::new(der.to_vec()));
    }
}

/// The certificates and revocation lists of SignedData: its fields [0] and [1].
fn certificates(der: &[u8]) -> Result<Vec<&[u8]>, DerError> {
    let mut info = Reader::new(der).expect(tag::SEQUENCE)?.inside();
    info.expect(tag::OID)?;
    let mut signed = info.expect(tag::CONTEXT_0)?.inside().expect(tag::SEQUENCE)?.inside();
    signed.expect(tag::INTEGER)?;
    signed.expect(tag::SET)?;
    signed.expect(tag::SEQUENCE)?;
    let mut found = Vec::new();
    for set in [signed.optional(tag::CONTEXT_0)?, signed.optional(tag::CONTEXT_1)?].into_iter().flatten() {
        let mut members = set.inside();
        while !members.is_empty() {
            let Element { raw, .. } = members.any()?;
            found.push(raw);
        }
    }
    Ok(found)
}
