#!/bin/sh
# Makes the throw-away keys of the forge with the OpenSSL command line (3.0 or later).
# Keys that exist are kept: the forge's output, and every expected value that rests on it, depends on these bytes.
# None of these keys protects anything.
set -eu
cd "$(dirname "$0")"

# gen NAME ARGUMENTS...: a private key as PKCS#8 and its public half as SPKI
gen() {
    name=$1
    shift
    [ -s "$name.pem" ] || openssl genpkey "$@" -out "$name.pem" 2>/dev/null
    [ -s "$name.pub.pem" ] || openssl pkey -in "$name.pem" -pubout -out "$name.pub.pem"
}
rsa() {
    name=$1
    bits=$2
    shift 2
    gen "$name" -algorithm RSA -pkeyopt "rsa_keygen_bits:$bits" "$@"
}
ec() {
    gen "$1" -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -pkeyopt ec_param_enc:named_curve
}

rsa rsa1024 1024
rsa rsa2040 2040
for i in a b c; do rsa "rsa2048$i" 2048; done
rsa rsa3072 3072
rsa rsa4096 4096
rsa rsa4096b 4096
rsa rsa2048e3 2048 -pkeyopt rsa_keygen_pubexp:3
rsa rsa2048multi 2048 -pkeyopt rsa_keygen_primes:3
gen rsapss -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
for i in a b c; do ec "p256$i" P-256; done
for i in a b; do ec "p384$i" P-384; ec "p521$i" P-521; done
for i in root ca sign enc other1 other2; do ec "sm2$i" SM2; done
ec secp256k1 secp256k1
ec p224 P-224
ec brainpool256 brainpoolP256r1
gen ed25519 -algorithm ED25519
gen ed448 -algorithm ED448
gen x25519 -algorithm X25519
if [ ! -s dsa.pem ]; then
    openssl dsaparam -out dsa.params 2048 2>/dev/null
    gen dsa -paramfile dsa.params
    rm dsa.params
fi

# The passphrase is "forge".
[ -s rsa2048a.encrypted.pem ] || openssl pkcs8 -topk8 -in rsa2048a.pem -passout pass:forge -out rsa2048a.encrypted.pem
[ -s p256a.encrypted.pem ] || openssl pkcs8 -topk8 -in p256a.pem -passout pass:forge -out p256a.encrypted.pem
[ -s rsa2048a.proctype.pem ] ||
    openssl rsa -in rsa2048a.pem -traditional -aes256 -passout pass:forge -out rsa2048a.proctype.pem 2>/dev/null
[ -s p256a.proctype.pem ] ||
    openssl ec -in p256a.pem -aes256 -passout pass:forge -out p256a.proctype.pem 2>/dev/null

# What users upload by mistake: containers and other formats.
[ -s foreign.csr.pem ] || openssl req -new -key rsa2048a.pem -subj /CN=forge.example -out foreign.csr.pem
[ -s names.csr.pem ] || openssl req -new -key p256a.pem -subj "/O=Forge/CN=forge.example" \
    -addext subjectAltName=DNS:forge.example,DNS:www.forge.example,IP:192.0.2.1 -out names.csr.pem
if [ ! -s foreign.p12 ]; then
    openssl req -x509 -key rsa2048a.pem -subj /CN=forge.example -days 3650 -out foreign.crt
    openssl pkcs12 -export -inkey rsa2048a.pem -in foreign.crt -passout pass:forge -out foreign.p12
    openssl pkcs12 -in foreign.p12 -passin pass:forge -nodes -out foreign.p12.txt
    openssl crl2pkcs7 -nocrl -certfile foreign.crt -out foreign.p7b.pem
    openssl x509 -in foreign.crt -trustout -addtrust serverAuth -out foreign.trusted.pem
    openssl x509 -in foreign.crt -text -out foreign.text.pem
    : >foreign.index
    printf '[ca]\ndefault_ca=d\n[d]\ndatabase=foreign.index\ndefault_md=sha256\ndefault_crl_days=3650\n' >foreign.cnf
    openssl ca -config foreign.cnf -gencrl -keyfile rsa2048a.pem -cert foreign.crt -out foreign.crl.pem 2>/dev/null
    rm -f foreign.cnf foreign.index* foreign.crt
fi
if [ ! -s foreign.openssh ] && command -v ssh-keygen >/dev/null; then
    ssh-keygen -q -t ed25519 -N '' -C forge -f foreign.openssh
    rm -f foreign.openssh.pub
fi

# Last, as they take a minute.
rsa rsa8192 8192
rsa rsa8200 8200
