//! Writes certificates that rcgen makes as its documentation says: self-signed, and a hierarchy of root, intermediate and server.

use std::error::Error;
use std::fs;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SignatureAlgorithm, date_time_ymd,
};

const HOSTS: [&str; 2] = ["www.example.com", "example.com"];

fn params(hosts: &[&str], common_name: &str, years: i32) -> Result<CertificateParams, Box<dyn Error>> {
    let mut params = CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>())?;
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date_time_ymd(2026, 6, 1);
    params.not_after = date_time_ymd(2026 + years, 6, 1);
    Ok(params)
}

fn authority(common_name: &str, years: i32, depth: BasicConstraints) -> Result<CertificateParams, Box<dyn Error>> {
    let mut params = params(&[], common_name, years)?;
    params.is_ca = IsCa::Ca(depth);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn hierarchy(kind: &str, algorithm: &'static SignatureAlgorithm) -> Result<(), Box<dyn Error>> {
    let own = KeyPair::generate_for(algorithm)?;
    fs::write(format!("{kind}-self.key"), own.serialize_pem())?;
    fs::write(format!("{kind}-self.pem"), params(&HOSTS, HOSTS[0], 1)?.self_signed(&own)?.pem())?;

    let root = CertifiedIssuer::self_signed(
        authority("Example Root", 10, BasicConstraints::Unconstrained)?,
        KeyPair::generate_for(algorithm)?,
    )?;
    let key = KeyPair::generate_for(algorithm)?;
    let intermediate = authority("Example TLS CA", 5, BasicConstraints::Constrained(0))?;
    fs::write(format!("{kind}-intermediate.pem"), intermediate.signed_by(&key, &root)?.pem())?;
    let issuer = Issuer::new(intermediate, key);

    let key = KeyPair::generate_for(algorithm)?;
    let mut server = params(&HOSTS, HOSTS[0], 1)?;
    server.use_authority_key_identifier_extension = true;
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    fs::write(format!("{kind}-server.key"), key.serialize_pem())?;
    fs::write(format!("{kind}-server.pem"), server.signed_by(&key, &issuer)?.pem())?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    hierarchy("p256", &rcgen::PKCS_ECDSA_P256_SHA256)?;
    hierarchy("p384", &rcgen::PKCS_ECDSA_P384_SHA384)?;
    // The first lines of its README; valid from 1975 to 4096.
    let simple = rcgen::generate_simple_self_signed(HOSTS.map(str::to_owned))?;
    fs::write("simple.pem", simple.cert.pem())?;
    fs::write("simple.key", simple.signing_key.serialize_pem())?;
    Ok(())
}
