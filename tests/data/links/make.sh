#!/bin/sh
# Self-signed certificates, one for each way to sign that a link may have. Throw-away keys; nothing but the certificates is kept.
# Made once with OpenSSL 3; run again only to add a file, since keys and signatures change with each run.
set -eu
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -r "$keys"' EXIT

key() { # NAME, then the arguments of genpkey
    name=$1
    shift
    openssl genpkey -quiet "$@" -out "$keys/$name"
}

cert() { # KEY FILE, then the arguments of req
    key=$1
    file=$2.der
    shift 2
    [ -e "$file" ] || openssl req -x509 -new -key "$keys/$key" -subj "/CN=$file" -days 36500 -set_serial 1 -outform DER -out "$file" "$@"
}

for bits in 1024 1025 2048 2049 4096; do key rsa$bits -algorithm RSA -pkeyopt rsa_keygen_bits:$bits; done
key rsa2048e3 -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3
key rsapss -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
for curve in P-256 P-384 P-521 secp256k1 brainpoolP256r1; do key $curve -algorithm EC -pkeyopt ec_paramgen_curve:$curve; done
key sm2 -algorithm SM2
key ed25519 -algorithm ED25519
key ed448 -algorithm ED448

for hash in md5 sha1 sha224 sha256 sha384 sha512; do
    cert rsa2048 rsa2048-$hash -$hash
    cert rsa1024 rsa1024-$hash -$hash
done
cert rsa2049 rsa2049-sha256 -sha256
cert rsa4096 rsa4096-sha512 -sha512
cert rsa2048e3 rsa2048e3-sha256 -sha256

pss() { # KEY HASH MASK-HASH SALT
    cert "$1" "$1-pss-$2-$3-$4" "-$2" -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:"$3" -sigopt rsa_pss_saltlen:"$4"
}
pss rsa2048 sha256 sha256 32
pss rsa2048 sha384 sha384 48
pss rsa2048 sha512 sha512 64
pss rsa2048 sha1 sha1 20
pss rsa2048 sha256 sha256 0
pss rsa2048 sha256 sha256 222
pss rsa2048 sha256 sha1 20
pss rsa2049 sha256 sha256 32
pss rsa1024 sha256 sha256 32
pss rsa1025 sha256 sha256 32
pss rsapss sha256 sha256 32

for curve in P-256 P-384 P-521; do
    for hash in sha1 sha224 sha256 sha384 sha512 sha3-256; do cert $curve $curve-$hash -$hash; done
done
cert secp256k1 secp256k1-sha256 -sha256
cert brainpoolP256r1 brainpoolP256r1-sha256 -sha256
cert ed25519 ed25519
cert ed448 ed448
cert sm2 sm2-default -sm3 -sigopt distid:1234567812345678
cert sm2 sm2-other -sm3 -sigopt distid:another
cert sm2 sm2-empty -sm3 -sigopt distid:
