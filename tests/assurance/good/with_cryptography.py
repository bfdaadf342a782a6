"""Certificates with Python's cryptography, as its tutorial on X.509 makes them: self-signed, and a hierarchy of root, intermediate and server."""
import datetime
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime.datetime(2026, 6, 1)
HOSTS = ["www.example.com", "example.com"]


def name(common):
    parts = [(NameOID.COUNTRY_NAME, "US"), (NameOID.STATE_OR_PROVINCE_NAME, "California"), (NameOID.LOCALITY_NAME, "San Francisco"),
             (NameOID.ORGANIZATION_NAME, "Example"), (NameOID.COMMON_NAME, common)]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def usage(**wanted):
    kinds = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
             "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{kind: wanted.get(kind, False) for kind in kinds})


def builder(subject, issuer, public, years):
    new = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    return new.serial_number(x509.random_serial_number()).not_valid_before(START).not_valid_after(START.replace(year=START.year + years))


def write(file, thing):
    if isinstance(thing, x509.Certificate):
        text = thing.public_bytes(serialization.Encoding.PEM)
    else:
        text = thing.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    open(file, "wb").write(text)


def hierarchy(kind, new_key):
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    root_key, intermediate_key, key = new_key(), new_key(), new_key()
    subject = name(HOSTS[0])
    write(f"{kind}-server.key", key)
    write(f"{kind}-self.pem", builder(subject, subject, key.public_key(), 1).add_extension(names, critical=False).sign(key, hashes.SHA256()))

    root = name("Example Root CA")
    root_ski = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    authority = usage(digital_signature=True, key_cert_sign=True, crl_sign=True)
    intermediate_name = name("Example Intermediate CA")
    intermediate = (
        builder(intermediate_name, root, intermediate_key.public_key(), 3)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(authority, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(intermediate_key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_ski), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    write(f"{kind}-intermediate.pem", intermediate)
    own = intermediate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    server = (
        builder(subject, intermediate_name, key.public_key(), 1)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(digital_signature=True, key_encipherment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .sign(intermediate_key, hashes.SHA256())
    )
    write(f"{kind}-server.pem", server)


hierarchy("rsa", lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))
hierarchy("ec", lambda: ec.generate_private_key(ec.SECP256R1()))
