//! The upload form and ready, valid ones.

use crate::cert::{Cert, Issued, bundle};
use crate::chain;
use crate::key;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The request body, under the reference page's field names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    /// Certificate name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Certificate chain, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_content: Option<String>,
    /// Private key, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,
    /// `global` or `instance`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Gateway ID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// Trusted root certificates, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_root_ca: Option<String>,
    /// `RSA`, `ECC` or `SM2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm_type: Option<String>,
    /// SM2 signature certificate, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_content_sign: Option<String>,
    /// SM2 signature key, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key_sign: Option<String>,
    /// Fields that the reference page does not know.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
    /// Members written once more after all others, whatever is there already.
    #[serde(skip)]
    pub again: Vec<(&'static str, &'static str)>,
    /// Fields given as files of these bytes, and so not in the JSON.
    #[serde(skip)]
    pub files: BTreeMap<&'static str, Vec<u8>>,
}

impl Form {
    /// The form as a JSON object.
    pub fn value(&self) -> Value {
        serde_json::to_value(self).unwrap()
    }
    /// The form as indented JSON text, in the reference page's order, with a final newline.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap();
        for (name, value) in &self.again {
            text.truncate(text.rfind("\n}").unwrap());
            text += &format!(",\n  {}: {}\n}}", Value::from(*name), Value::from(*value));
        }
        text + "\n"
    }

    /// The files of a case, by name: `form.json`, and `<field>.der` for each field that is given as a file.
    pub fn case_files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = vec![("form.json".to_owned(), self.json().into_bytes())];
        files.extend(self.files.iter().map(|(field, bytes)| (format!("{field}.der"), bytes.clone())));
        files.sort();
        files
    }

    /// A form named `forge_test` of these certificates, leaf first, and the leaf's key.
    pub fn of(algorithm: &str, certificates: &[Issued]) -> Form {
        Form {
            name: Some("forge_test".to_owned()),
            cert_content: Some(bundle(certificates)),
            private_key: certificates.first().map(Issued::key_pem),
            kind: Some("global".to_owned()),
            algorithm_type: Some(algorithm.to_owned()),
            ..Form::default()
        }
    }
    /// The same form with this SM2 signature pair.
    pub fn signed_with(mut self, certificates: &[Issued]) -> Form {
        self.cert_content_sign = Some(bundle(certificates));
        self.private_key_sign = certificates.first().map(Issued::key_pem);
        self
    }
    /// The same form for a gateway.
    pub fn instance(mut self, id: &str) -> Form {
        self.kind = Some("instance".to_owned());
        self.instance_id = Some(id.to_owned());
        self
    }
    /// The same form with these trusted root certificates.
    pub fn trusting(mut self, roots: &[Issued]) -> Form {
        self.trusted_root_ca = Some(bundle(roots));
        self
    }
}

/// A valid RSA form: leaf and intermediate.
pub fn rsa() -> Form {
    let plain = chain::plain(key::rsa2048(0));
    Form::of("RSA", &[plain.leaf, plain.intermediate])
}

/// A valid ECC form on P-256: leaf and RSA intermediate.
pub fn ecc() -> Form {
    ecc_with(key::p256(0))
}
/// A valid ECC form on P-384.
pub fn ecc_p384() -> Form {
    ecc_with(key::p384(0))
}
/// A valid ECC form on P-521.
pub fn ecc_p521() -> Form {
    ecc_with(key::p521(0))
}
/// A valid ECC form of this key.
pub fn ecc_with(key: key::Key) -> Form {
    let plain = chain::plain(key);
    Form::of("ECC", &[plain.leaf, plain.intermediate])
}

/// A valid SM2 form: encryption pair in `cert_content`, signature pair in the sign fields, each with the sub CA.
pub fn sm2() -> Form {
    let set = chain::sm2();
    Form::of("SM2", &[set.enc, set.ca.clone()]).signed_with(&[set.sign, set.ca])
}

/// A form of one certificate alone and its key; `algorithm` as declared.
pub fn single(algorithm: &str, leaf: &Issued) -> Form {
    Form::of(algorithm, std::slice::from_ref(leaf))
}

/// A form of a leaf under the plain chain's intermediate.
pub fn of_leaf(algorithm: &str, leaf: Cert) -> Form {
    let (intermediate, _) = chain::plain_issuers();
    let leaf = leaf.issued_by(&intermediate);
    Form::of(algorithm, &[leaf, intermediate])
}
