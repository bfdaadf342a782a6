//! A certificate request (PKCS#10): what it asks for.

use der_parser::oid;

use crate::crypto::spki::PublicKey;
use crate::der::{Element, Path, Reader, tag};

use super::extension::Extensions;
use super::general_name::GeneralName;
use super::name::Name;
use super::walk::Walk;

/// What a request asks for (RFC 2986, section 4). It is shown, not judged: its signature is not verified.
pub(crate) struct Request<'a> {
    pub(crate) subject: Name<'a>,
    /// The subjectAltName among the extensions that it asks for (RFC 2985, 5.4.2).
    pub(crate) san: Vec<GeneralName<'a>>,
    pub(crate) public_key: Option<PublicKey>,
}

const INFO: Path<'static> = Path::root("certificationRequestInfo");
const EXTENSION_REQUEST: &[u8] = &oid!(raw 1.2.840.113549.1.9.14);

impl<'a> Request<'a> {
    /// `None` where the outline is broken.
    pub(crate) fn read(der: &'a [u8]) -> Option<Self> {
        let mut walk = Walk::default();
        let mut info =
            Reader::new(der).expect(tag::SEQUENCE).ok()?.inside().expect(tag::SEQUENCE).ok()?.inside();
        info.expect(tag::INTEGER).ok()?;
        let subject = Name::read(&info.expect(tag::SEQUENCE).ok()?, &INFO.field("subject"), &mut walk);
        let spki = info.expect(tag::SEQUENCE).ok()?;
        let attributes = info.optional(tag::CONTEXT_0).ok()?;
        let extensions = attributes.as_ref().and_then(extension_request);
        let extensions =
            extensions.map(|asked| Extensions::read(&asked, &INFO.field("attributes"), &mut walk));
        Some(Self {
            subject,
            san: extensions.and_then(|extensions| extensions.san).unwrap_or_default(),
            public_key: PublicKey::from_spki_der(spki.raw).ok(),
        })
    }
}

/// The values of the attribute extensionRequest: a SET around the extensions.
fn extension_request<'a>(attributes: &Element<'a>) -> Option<Element<'a>> {
    let mut list = attributes.inside();
    std::iter::from_fn(|| list.expect(tag::SEQUENCE).ok()).find_map(|attribute| {
        let mut parts = attribute.inside();
        let kind = parts.expect(tag::OID).ok()?;
        (kind.value == EXTENSION_REQUEST).then(|| parts.expect(tag::SET).ok()).flatten()
    })
}
