//! An upload as a target wants it: the chain in order, the key in the encoding that every program reads, in one file or two.

use zeroize::Zeroizing;

use crate::location::Field;
use crate::policy::{At, Policy};
use crate::read::form::{CertificateForm, Content};
use crate::read::upload::Upload;
use crate::relate::Relations;
use crate::relate::fields::is_certificate;
use crate::repair::{self, Edit};
use crate::target::{Layout, Profile, TargetReport};
use crate::tell::plan::encode::{Piece, encode};
use crate::tell::plan::recode;
use crate::tell::report::Report;
use crate::text::push_base64;
use crate::validate::Check;

/// An upload, written for a target.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Conversion {
    /// The files: what each is, and its content. The one with the key is secret.
    pub files: Vec<ConvertedFile>,
    /// What was changed or left out on the way, a sentence each.
    pub changes: Vec<String>,
    /// What the target will do with the files.
    pub target: TargetReport,
}

/// A file for a target.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConvertedFile {
    /// A name for it, where the target wants several: `chain.pem`, `key.pem`.
    pub name: &'static str,
    /// What is in it.
    pub content: Content,
}

/// Why an upload was not converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotConverted {
    /// No private key is proven to belong to the certificate.
    #[error("no private key is proven to belong to the certificate")]
    NotProven,
    /// It has two pairs.
    #[error("the upload is a double set of SM2, and the target takes one pair")]
    DoubleSet,
}

/// Writes an upload as the target of `profile` wants it, and asks that profile about the result.
///
/// The same certificates and the same key are written: in order, each once, the key as PKCS#8 with its public point. What a
/// [repair](crate::repair) leaves out is left out here too, and said.
///
/// # Errors
/// [`NotConverted`]: the key is not proven to belong to the certificate, or there are two pairs.
///
/// ```
/// # #[cfg(feature = "targets")] {
/// use certgate::targets::{NotConverted, convert, find};
/// use certgate::{At, CertificateForm, Policy};
///
/// let nginx = find("nginx").expect("it is built in");
/// let converted = convert(&CertificateForm::default(), nginx, &Policy::default(), At::NotEvaluated);
/// assert_eq!(converted.err(), Some(NotConverted::NotProven));
/// # }
/// ```
pub fn convert(
    form: &CertificateForm,
    profile: &Profile,
    policy: &Policy,
    at: impl Into<At>,
) -> Result<Conversion, NotConverted> {
    let at = at.into();
    let repaired = repair::repair(form, policy, at);
    let mut changes: Vec<String> = repaired.edits.iter().map(|Edit { text, .. }| text.clone()).collect();
    let mut form = repaired.form;
    let (chain, key) = pair(&form, policy, at)?;
    let is_recoded = form.private_key.as_ref() != Some(&key);
    if is_recoded {
        changes.push("The private key is written as PKCS#8, with the same numbers.".to_owned());
    }
    if form.trusted_root_ca.take().is_some() {
        changes.push("`trusted_root_ca` is left out: it is for clients, and no part of the pair.".to_owned());
    }
    form.cert_content = Some(chain.clone());
    form.private_key = Some(key.clone());
    let files = match profile.layout() {
        Layout::TwoFiles => vec![
            ConvertedFile { name: "chain.pem", content: chain },
            ConvertedFile { name: "key.pem", content: key },
        ],
        Layout::KeyBeside => vec![
            ConvertedFile { name: "chain.pem", content: chain },
            ConvertedFile { name: "chain.pem.key", content: key },
        ],
        Layout::OneFile => vec![ConvertedFile { name: "server.pem", content: joined(&[&key, &chain]) }],
        Layout::Secret => {
            vec![ConvertedFile { name: "secret.yaml", content: secret(form.name.as_deref(), &chain, &key) }]
        }
    };
    let targets = [profile];
    let target = match Check::new(&form, policy, at).targeting(&targets).run() {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    };
    let Report { mut targets, .. } = target;
    let target = targets.pop().ok_or(NotConverted::NotProven)?;
    Ok(Conversion { files, changes, target })
}

/// The certificates and the key of a form, each written again.
fn pair(form: &CertificateForm, policy: &Policy, at: At) -> Result<(Content, Content), NotConverted> {
    let upload = Upload::read(form, policy.content_max_bytes);
    let relations = Relations::new(form, &upload, Check::new(form, policy, at).limits());
    if form.cert_content_sign.is_some() || form.private_key_sign.is_some() {
        return Err(NotConverted::DoubleSet);
    }
    let pair = &relations.base.pair;
    let (true, Some((block, Ok(key))), Some(public)) =
        (pair.is_proven(), &pair.key, pair.leaf().and_then(|leaf| leaf.public_key()))
    else {
        return Err(NotConverted::NotProven);
    };
    let certificates = upload.blocks(Field::CertContent).iter().filter(|block| is_certificate(block));
    let chain = encode(certificates.map(|block| Piece {
        is_certificate: true,
        label: "CERTIFICATE",
        der: &block.der,
    }));
    let recoded = recode::recode(key, &block.der, public);
    let der = recoded.as_ref().unwrap_or(&block.der);
    let key = encode(std::iter::once(Piece { is_certificate: false, label: "PRIVATE KEY", der }));
    Ok((chain, key))
}

/// Texts one after the other, in a buffer that does not grow.
fn joined(parts: &[&Content]) -> Content {
    let length = parts.iter().map(|part| part.as_bytes().len()).fold(0, usize::saturating_add);
    let mut text = String::with_capacity(length);
    parts.iter().filter_map(|part| part.as_text()).for_each(|part| text.push_str(part));
    Content::from_text(text)
}

/// A Secret of type `kubernetes.io/tls`.
fn secret(name: Option<&str>, chain: &Content, key: &Content) -> Content {
    let name = name.unwrap_or_default().to_ascii_lowercase();
    let name: String =
        name.chars().map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' }).collect();
    let name = name.trim_matches('-');
    let name = if name.is_empty() { "server-tls" } else { name };
    let (chain, key) = (chain.as_bytes(), key.as_bytes());
    const AROUND: usize = 256;
    let base64 = |bytes: &[u8]| bytes.len().div_ceil(3).saturating_mul(4);
    let length = base64(chain).saturating_add(base64(key)).saturating_add(name.len()).saturating_add(AROUND);
    let mut text = Zeroizing::new(String::with_capacity(length));
    text.push_str("apiVersion: v1\nkind: Secret\nmetadata:\n  name: ");
    text.push_str(name);
    text.push_str("\ntype: kubernetes.io/tls\ndata:\n  tls.crt: ");
    chain.chunks(3).for_each(|octets| push_base64(&mut text, octets));
    text.push_str("\n  tls.key: ");
    key.chunks(3).for_each(|octets| push_base64(&mut text, octets));
    text.push('\n');
    Content::from_text(std::mem::take(&mut *text))
}
