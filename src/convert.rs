//! An upload as a target wants it: the chain in order, the key in the encoding that every program reads, in one file or two.

use zeroize::Zeroizing;

use crate::crypto::ec::public::PreparedKeys;
use crate::location::Field;
use crate::policy::{At, Policy};
use crate::read::form::{CertificateForm, Content};
use crate::read::key::KeyForm;
use crate::read::upload::Upload;
use crate::relate::fields::is_certificate;
use crate::relate::sm2_set::Arrangement;
use crate::relate::{Relations, UploadedPair};
use crate::repair::{self, Edit};
use crate::target::{KeyEncoding, Layout, Profile, TargetReport};
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
    /// The field of the target that it is for, where the target has fields for an SM2 double set.
    pub goes_to: Option<String>,
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
    /// The target wants PKCS#1 or SEC1, and the key has attributes, which only PKCS#8 can hold.
    #[error("the private key has attributes of PKCS#8, which PKCS#1 and SEC1 cannot hold")]
    Attributes,
}

/// Writes an upload as the target of `profile` wants it, and asks that profile about the result.
///
/// The same certificates and the same key are written: in order, each once, the key as PKCS#8 with its public point, or in the encoding that the profile
/// asks for. An SM2 double set is written as two pairs, where the profile has fields for them. What a [repair](crate::repair) leaves out is left out here
/// too, and said.
///
/// # Errors
/// [`NotConverted`]: a key is not proven to belong to its certificate, or there are two pairs and the target takes one.
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
    let written = write(&form, profile, policy, at)?;
    let is_recoded = |key: &WrittenPair, field| form.content(field) != Some(&key.key);
    if is_recoded(&written.base, Field::PrivateKey)
        || written.sign.as_ref().is_some_and(|pair| is_recoded(pair, Field::PrivateKeySign))
    {
        let encoding = match profile.key_encoding() {
            KeyEncoding::Pkcs8 => "PKCS#8",
            KeyEncoding::Traditional => "PKCS#1 or SEC1",
        };
        changes.push(format!("The private key is written as {encoding}, with the same numbers."));
    }
    if form.trusted_root_ca.take().is_some() {
        changes.push("`trusted_root_ca` is left out: it is for clients, and no part of the pair.".to_owned());
    }
    let WrittenPair { chain, key } = &written.base;
    form.cert_content = Some(chain.clone());
    form.private_key = Some(key.clone());
    if let Some(WrittenPair { chain, key }) = &written.sign {
        form.cert_content_sign = Some(chain.clone());
        form.private_key_sign = Some(key.clone());
    }
    let files = files(form.name.as_deref(), written, profile);
    let targets = [profile];
    let target = match Check::new(&form, policy, at).targeting(&targets).run() {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    };
    let Report { mut targets, .. } = target;
    let target = targets.pop().ok_or(NotConverted::NotProven)?;
    Ok(Conversion { files, changes, target })
}

/// The certificates and the key of a pair, each written again.
struct WrittenPair {
    chain: Content,
    key: Content,
}

/// All pairs of a form.
struct Written {
    base: WrittenPair,
    sign: Option<WrittenPair>,
}

fn write(
    form: &CertificateForm,
    profile: &Profile,
    policy: &Policy,
    at: At,
) -> Result<Written, NotConverted> {
    let upload = Upload::read(form, policy.content_max_bytes);
    let keys = PreparedKeys::default();
    let relations = Relations::new(form, &upload, Check::new(form, policy, at).limits(&keys));
    let has_sign = form.cert_content_sign.is_some() || form.private_key_sign.is_some();
    if has_sign && profile.double_set().is_none() {
        return Err(NotConverted::DoubleSet);
    }
    let write = |pair: &UploadedPair<'_>| write_pair(&upload, pair, profile.key_encoding());
    let base = write(&relations.base)?;
    let sign = match (has_sign, &relations.sign, &relations.set) {
        (false, ..) => None,
        (true, Some(sign), Some(set))
            if matches!(set.arrangement, Arrangement::InPlace | Arrangement::Indistinct) =>
        {
            Some(write(sign)?)
        }
        (true, ..) => return Err(NotConverted::NotProven),
    };
    Ok(Written { base, sign })
}

fn write_pair(
    upload: &Upload,
    uploaded: &UploadedPair<'_>,
    encoding: KeyEncoding,
) -> Result<WrittenPair, NotConverted> {
    let pair = &uploaded.pair;
    let (true, Some((block, Ok(key))), Some(public)) =
        (pair.is_proven(), &pair.key, pair.leaf().and_then(|leaf| leaf.public_key()))
    else {
        return Err(NotConverted::NotProven);
    };
    let certificates = upload.blocks(uploaded.fields.certificate_field).iter();
    let chain = encode(certificates.filter(|block| is_certificate(block)).map(|block| Piece {
        is_certificate: true,
        label: "CERTIFICATE",
        der: &block.der,
    }));
    let pem = |form: KeyForm, der: &[u8]| {
        encode(std::iter::once(Piece { is_certificate: false, label: form.label(), der }))
    };
    let key = match encoding {
        KeyEncoding::Pkcs8 => {
            let recoded = recode::recode(key, &block.der, public);
            pem(KeyForm::Pkcs8, recoded.as_ref().unwrap_or(&block.der))
        }
        KeyEncoding::Traditional => {
            let (form, der) = recode::traditional(key, &block.der, public).ok_or(NotConverted::Attributes)?;
            pem(form, &der)
        }
    };
    Ok(WrittenPair { chain, key })
}

/// The files of a target.
fn files(name: Option<&str>, written: Written, profile: &Profile) -> Vec<ConvertedFile> {
    let file = |name, content| ConvertedFile { name, goes_to: None, content };
    let WrittenPair { chain, key } = written.base;
    if let (Some(sign), Some(fields)) = (written.sign, profile.double_set()) {
        let ([encryption, encryption_key], [signature, signature_key]) =
            (fields.encryption.clone(), fields.signature.clone());
        return [
            ("encryption-chain.pem", encryption, chain),
            ("encryption-key.pem", encryption_key, key),
            ("signature-chain.pem", signature, sign.chain),
            ("signature-key.pem", signature_key, sign.key),
        ]
        .map(|(name, field, content)| ConvertedFile { name, goes_to: Some(field), content })
        .into();
    }
    match profile.layout() {
        Layout::TwoFiles => vec![file("chain.pem", chain), file("key.pem", key)],
        Layout::KeyBeside => vec![file("chain.pem", chain), file("chain.pem.key", key)],
        Layout::OneFile => vec![file("server.pem", joined(&[&key, &chain]))],
        Layout::Secret => vec![file("secret.yaml", secret(name, &chain, &key))],
    }
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
