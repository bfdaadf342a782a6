#!/usr/bin/env python3
"""Writes keys.txt: the last four octets of the modulus or point of each private key that stands open in a public source, the SHA-256 of its
SubjectPublicKeyInfo, and the source.

    collect.py FOLDER >keys.txt

FOLDER holds what was fetched by the ordinary clients: Debian source packages (`apt-get source --download-only`), and packages of PyPI
(`pip download --no-binary :all:`), crates.io and npm (`npm pack`). Each archive is read as it is; its name is the source that is noted.
A key is a PEM block of a private key without a password, a DER file that is one, or a JWK. The hash is of the canonical SPKI, as
`openssl pkey -in KEY -pubout -outform DER | sha256sum` prints it. RFC_KEYS are scalars that an RFC or a standard prints.
No key is written anywhere; only kinds that certgate takes are kept. Needs Python's `cryptography`.
"""

import base64
import hashlib
import io
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

# Go writes TESTING for PRIVATE, so that no scanner for secrets takes its test keys for some.
PEM = re.compile(rb"-----BEGIN ((?:[A-Z0-9]+ )*(?:PRIVATE|TESTING) KEY)-----(.*?)-----END \1-----", re.S)
JWK = re.compile(rb"\{[^{}]*\"kty\"[^{}]*\"d\"[^{}]*\}|\{[^{}]*\"d\"[^{}]*\"kty\"[^{}]*\}")
ARCHIVES = (".tar.gz", ".tar.xz", ".tar.bz2", ".tgz", ".crate", ".zip", ".whl", ".jar")
# The largest file that is looked at.
MOST = 4 << 20

# (document, curve, scalar): the keys of examples that are numbers in the text, not files.
RFC_KEYS = [
    ("RFC 6979, A.2.5", "P-256", "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"),
    ("RFC 6979, A.2.6", "P-384", "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8"
                                 "96D5724E4C70A825F872C9EA60D2EDF5"),
    ("RFC 6979, A.2.7", "P-521", "0FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA"
                                 "896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538"),
    ("GB/T 32918.5, A.2", "SM2", "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"),
]
# The x of each point, as the same documents print it: a scalar that is written down wrongly stops the script.
RFC_POINTS = {
    "RFC 6979, A.2.5": "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
    "RFC 6979, A.2.6": "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64"
                       "DEF8F0EA9055866064A254515480BC13",
    "RFC 6979, A.2.7": "1894550D0785932E00EAA23B694F213F8C3121F86DC97A04E5A7167DB4E5BCD371"
                       "123D46E45DB6B5D5370A7F20FB633155D38FFA16D2BD761DCAC474B9A2F5023A4",
    "GB/T 32918.5, A.2": "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020",
}
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
TAKEN = ("secp256r1", "secp384r1", "secp521r1")

# y² = x³ + ax + b over p, with G (GB/T 32918.5, section 2).
SM2_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
SM2_A = SM2_P - 3
SM2_G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
         0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
SM2_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")


def sm2_add(one, other):
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % SM2_P == 0:
            return None
        slope = (3 * one[0] * one[0] + SM2_A) * pow(2 * one[1], -1, SM2_P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, SM2_P)
    x = (slope * slope - one[0] - other[0]) % SM2_P
    return x, (slope * (one[0] - x) - one[1]) % SM2_P


def sm2_spki(scalar):
    point, step = None, SM2_G
    while scalar:
        if scalar & 1:
            point = sm2_add(point, step)
        step, scalar = sm2_add(step, step), scalar >> 1
    octets = b"\x04" + b"".join(number.to_bytes(32, "big") for number in point)
    return SM2_HEAD + octets, point[0]


def spki(key):
    """The canonical SPKI of a private key of a kind that certgate takes."""
    public = key.public_key()
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in TAKEN:
        pass
    elif isinstance(key, rsa.RSAPrivateKey) and 1024 <= key.key_size <= 8192:
        pass
    else:
        return None
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(serialization.Encoding.DER, form)


def line(octets):
    """What is kept of a key: the end of its numbers and the hash of the whole."""
    end = octets[-4:]
    # A point is the end of its SPKI; an RSA key ends in its exponent. `cryptography` does not know the curve of SM2.
    if not octets.startswith(SM2_HEAD):
        key = serialization.load_der_public_key(octets)
        if isinstance(key, rsa.RSAPublicKey):
            end = (key.public_numbers().n % (1 << 32)).to_bytes(4, "big")
    return f"{end.hex()} {hashlib.sha256(octets).hexdigest()}"


def load(der):
    try:
        return serialization.load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    except Exception:
        return None


def number(text):
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def load_jwk(text):
    try:
        jwk = json.loads(text)
        if jwk["kty"] == "EC":
            return ec.derive_private_key(number(jwk["d"]), CURVES[jwk["crv"]])
        n, e, d = (number(jwk[name]) for name in "ned")
        p, q = rsa.rsa_recover_prime_factors(n, e, d)
        public = rsa.RSAPublicNumbers(e, n)
        numbers = rsa.RSAPrivateNumbers(
            p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public)
        return numbers.private_key(unsafe_skip_rsa_key_validation=True)
    except Exception:
        return None


def keys_in(data):
    for found in PEM.finditer(data) if b" KEY-----" in data else ():
        # In the text of a program the lines end in quotes, backslashes and the like.
        body = re.sub(rb"\\[nrt]|\\\n|[^A-Za-z0-9+/=]", b"", found.group(2))
        try:
            yield load(base64.b64decode(body))
        except ValueError:
            pass
    for found in JWK.finditer(data) if b'"kty"' in data and len(data) < 1 << 17 else ():
        yield load_jwk(found.group(0))
    if data[:1] == b"\x30" and len(data) < 8192:
        yield load(data)


def files_in(path, data=None):
    """Each file of an archive, and of the archives in it."""
    name = path.name if data is None else path
    opened = path if data is None else io.BytesIO(data)
    try:
        if name.endswith((".zip", ".whl", ".jar")):
            with zipfile.ZipFile(opened) as archive:
                for entry in archive.infolist():
                    if entry.file_size <= MOST:
                        yield entry.filename, archive.read(entry)
        else:
            mode = {"fileobj": opened} if data is not None else {"name": opened}
            with tarfile.open(mode="r:*", **mode) as archive:
                for entry in archive:
                    if entry.isfile() and entry.size <= MOST:
                        yield entry.name, archive.extractfile(entry).read()
    # What cannot be unpacked is passed over: a damaged archive is often a test itself.
    except Exception as error:
        print(f"{name}: {error}", file=sys.stderr)


def main(folder):
    found = {}
    for document, curve, scalar in RFC_KEYS:
        if curve == "SM2":
            octets, x = sm2_spki(int(scalar, 16))
        else:
            key = ec.derive_private_key(int(scalar, 16), CURVES[curve])
            octets, x = spki(key), key.public_key().public_numbers().x
        assert x == int(RFC_POINTS[document], 16), document
        found[line(octets)] = document
    for path in sorted(folder.iterdir()):
        if not path.name.endswith(ARCHIVES):
            continue
        before = len(found)
        for name, data in files_in(path):
            inner = files_in(name, data) if name.endswith(ARCHIVES) else [(name, data)]
            for _, content in inner:
                for key in keys_in(content):
                    octets = key and spki(key)
                    if octets:
                        found.setdefault(line(octets), path.name)
        print(f"{path.name}: {len(found) - before}", file=sys.stderr)
    for key, source in sorted(found.items()):
        print(key, source)


main(Path(sys.argv[1]))
