//! Files of other formats that users upload in the place of a PEM certificate or key.

/// PKCS#12, DER; the passphrase is `forge`.
pub const PKCS12: &[u8] = include_bytes!("../keys/foreign.p12");
/// What `openssl pkcs12 -nodes` writes: Bag Attributes, certificate, key.
pub const PKCS12_AS_TEXT: &str = include_str!("../keys/foreign.p12.txt");
/// PKCS#7 with a certificate, PEM.
pub const PKCS7: &str = include_str!("../keys/foreign.p7b.pem");
/// A certificate signing request, PEM.
pub const CSR: &str = include_str!("../keys/foreign.csr.pem");
/// A certificate signing request with two names in its subject and three in its subjectAltName, PEM.
pub const CSR_WITH_NAMES: &str = include_str!("../keys/names.csr.pem");
/// A certificate revocation list, PEM.
pub const CRL: &str = include_str!("../keys/foreign.crl.pem");
/// `TRUSTED CERTIFICATE`: a certificate with OpenSSL's trust settings after it.
pub const TRUSTED: &str = include_str!("../keys/foreign.trusted.pem");
/// What `openssl x509 -text` writes: readable text, then the certificate. Its key is `rsa2048a`.
pub const X509_TEXT: &str = include_str!("../keys/foreign.text.pem");
/// An OpenSSH private key.
pub const OPENSSH: &str = include_str!("../keys/foreign.openssh");
/// An OpenSSH public key.
pub const OPENSSH_PUBLIC: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5Gb3JnZUZvcmdlRm9yZ2VGb3JnZUZvcmdlRm9y forge\n";
/// The start of a PuTTY private key; its octets are made up.
pub const PUTTY: &str = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: forge\nPublic-Lines: 2\n\
    AAAAC3NzaC1lZDI1NTE5AAAAIE5Gb3JnZUZvcmdlRm9yZ2VGb3JnZUZvcmdlRm9y\nRm9y\nPrivate-Lines: 1\n\
    AAAAIEZvcmdlRm9yZ2VGb3JnZUZvcmdlRm9yZ2VGb3JnZUZv\nPrivate-MAC: \
    0000000000000000000000000000000000000000000000000000000000000000\n";
/// A PGP private key block; its octets are made up.
pub const PGP: &str = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n\
    lFgEZm9yZ2UWCSsGAQQB2kcPAQEHQEZvcmdlRm9yZ2VGb3JnZUZvcmdlRm9yZ2VG\n=Zm9y\n\
    -----END PGP PRIVATE KEY BLOCK-----\n";
/// File paths.
pub const PATHS: &[&str] =
    &["/etc/ssl/certs/server.crt", "C:\\certs\\server.pem", "./server.key", "server.pfx"];

/// The start of a Java key store (JKS), version 2.
pub fn jks() -> Vec<u8> {
    let mut out = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 5];
    out.extend(b"forge");
    out.extend([0x5a; 64]);
    out
}
