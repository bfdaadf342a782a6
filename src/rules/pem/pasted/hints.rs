//! The hints for what was pasted, where the rule's own is not exact: mostly the command that converts it.

use crate::read::pem::container::Container;
use crate::read::pem::fault::{Notation, Numbers, Pasted, Placeholder};
use crate::rules::pem::Expected;

/// What to do where `expected` is wanted, where the rule's own hint is not exact.
pub(super) fn hint(pasted: Pasted, expected: Expected) -> Option<&'static str> {
    let container = match pasted {
        Pasted::Container { container, .. } => container,
        Pasted::Notation(notation) => return of_notation(notation),
        Pasted::Placeholder(placeholder) => return of_placeholder(placeholder, expected),
        Pasted::Markup => {
            return Some(
                "Perhaps a login page or an error page was saved in the place of the file: open it in a browser and look. Then download the file \
                 again.",
            );
        }
        _ => return None,
    };
    let (certificate, key) = match container {
        Container::EnvelopedData => {
            return Some(
                "Open the envelope with the signature key and the CA's tool, and paste the plain private key. The API does not accept the envelope.",
            );
        }
        Container::Pkcs12 => (
            "Convert it: `openssl pkcs12 -in FILE.p12 -nokeys -out new-chain.pem` (for an old file, OpenSSL 3 also needs `-legacy`).",
            "Convert it: `openssl pkcs12 -in FILE.p12 -nocerts -nodes -out new-key.pem` (for an old file, OpenSSL 3 also needs `-legacy`).",
        ),
        Container::Zip => (
            "Unpack it: `unzip FILE`, and give the server's certificate and its issuers, which are inside.",
            "Unpack it: `unzip FILE`. An archive from a CA holds no private key: the key is where the certificate request was made.",
        ),
        Container::Gzip => (
            "Unpack it: `tar -xzf FILE` (a single file: `gunzip -c FILE > NAME`), and give the server's certificate and its issuers, which are inside.",
            "Unpack it: `tar -xzf FILE` (a single file: `gunzip -c FILE > NAME`), and give the private key that is inside.",
        ),
        Container::Pkcs7 => (
            super::PASTED_PKCS7.hint,
            "Paste the private key itself. PKCS#7 of this form holds certificates, not the key.",
        ),
        Container::Request => (
            "Paste the certificate that the CA sent back for this request.",
            "Paste the private key that was written when this request was made (`openssl req -keyout`).",
        ),
        Container::PublicKey | Container::SshPublicKey => (
            "Paste the certificate. A public key alone has no names.",
            "Paste the private key. This is only the public half.",
        ),
        _ => return None,
    };
    match expected {
        Expected::Anything => None,
        Expected::Certificates => Some(certificate),
        Expected::PrivateKey => Some(key),
    }
}

/// How another notation becomes PEM.
fn of_notation(notation: Notation) -> Option<&'static str> {
    Some(match notation {
        Notation::Jwk(Numbers::Public) | Notation::RsaKeyValue(Numbers::Public) => {
            "Give the private key, in PEM. This is only the public half."
        }
        Notation::Jwk(Numbers::WithoutPrimes) | Notation::RsaKeyValue(Numbers::WithoutPrimes) => {
            "Export the key again as PEM, in the program or key store that made it. OpenSSL and Node.js cannot make a key of this text: the two primes and the numbers that go with them are \
             missing."
        }
        Notation::Jwk(Numbers::All) => {
            "Save it alone as `FILE.json`, without the form around it, and convert it, for example with Node.js: `node -e 'const c=require(\"crypto\"),f=require(\"fs\");console.log(c.createPrivateKey({key:JSON.parse(f.\
             readFileSync(0)),format:\"jwk\"}).export({type:\"pkcs8\",format:\"pem\"}))' < FILE.json > new-key.pem`"
        }
        Notation::RsaKeyValue(Numbers::All) => {
            "Save it alone as `FILE.xml` and convert it, for example with Node.js: `node -e 'const x=require(\"fs\").readFileSync(0,\"utf8\"),g=t=>Buffer.from(x.match(\"<\"+t+\
             \">([^<]*)\")[1],\"base64\").toString(\"base64url\");console.log(require(\"crypto\").createPrivateKey({format:\"jwk\",key:{kty:\"RSA\",\
             n:g(\"Modulus\"),e:g(\"Exponent\"),d:g(\"D\"),p:g(\"P\"),q:g(\"Q\"),dp:g(\"DP\"),dq:g(\"DQ\"),qi:g(\"InverseQ\")}}).export({type:\"pkcs8\",\
             format:\"pem\"}))' < FILE.xml > new-key.pem`"
        }
        Notation::Scalar => {
            "If it is an SM2 key, write it as PEM, with these digits alone in FILE: `(printf 30310201010420; cat FILE; printf a00a06082a811ccf5501822d) | xxd -r -p | openssl pkey \
             -inform DER -out new-key.pem` (for a P-256 key the last digits are `06082a8648ce3d030107`)."
        }
        Notation::PrintedCertificate => {
            "Give the file that was printed, if it is in PEM. Else write it in PEM: `openssl x509 -in ORIGINAL -out new-cert.pem`, with the name of that file \
             in the place of ORIGINAL."
        }
        Notation::PrintedKey => {
            "Give the file that was printed, if it is in PEM. Else write it in PEM: `openssl pkey -in ORIGINAL -out new-key.pem`, with the name of that file \
             in the place of ORIGINAL."
        }
    })
}

/// What belongs there in place of a placeholder, where the rule's own hint is not exact.
fn of_placeholder(placeholder: Placeholder, expected: Expected) -> Option<&'static str> {
    Some(match placeholder {
        Placeholder::Directive => {
            "Paste the content of the file that this line names, from -----BEGIN to -----END."
        }
        Placeholder::Encrypted => {
            "Decrypt it where the key of the vault is (`sops -d FILE`, `ansible-vault view FILE`), and send the decrypted PEM text."
        }
        Placeholder::Hidden => {
            "Get the value itself, in PEM: from the original file, or with the command of that tool that shows a secret (Terraform: `terraform output \
             -raw NAME`)."
        }
        Placeholder::LfsPointer => "Fetch the file itself: `git lfs pull`, then read it again.",
        Placeholder::Nothing(_) => {
            "Set the variable with the PEM text in the program that makes the request: it was empty or not found."
        }
        Placeholder::Reference => "Read the secret from its store first, and send its content: the PEM text.",
        Placeholder::Size if expected == Expected::PrivateKey => {
            "Read the key itself: `kubectl get secret NAME -o jsonpath='{.data.tls\\.key}' | base64 -d`, in the secret's namespace (`-n`)."
        }
        Placeholder::Size => {
            "Read the value itself: `kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d`, in the secret's namespace (`-n`)."
        }
        Placeholder::Command => {
            "Run the command where the request is made, and send what it prints. (In a shell, a command in single quotes does not run.)"
        }
        Placeholder::Template => {
            "Fill in the template before the request is sent: the program that does so did not run, or does not know the name in it."
        }
        Placeholder::Variable => {
            "Set the variable where the request is made, so that its value is sent in place of its name. (In a shell, a name in single quotes is not replaced.)"
        }
        Placeholder::Words => return None,
    })
}
