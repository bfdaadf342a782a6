#!/bin/sh
# Makes the example forms with the OpenSSL command line (3.0 or later).
# Keys and certificates are kept in pki/ and only made where they are missing, so the forms stay the same.
# To make them anew: rm -r pki; sh make.sh. None of these keys protects anything.
set -eu
cd "$(dirname "$0")"
mkdir -p pki
cd pki

from=20260101000000Z
# The gateway refuses server certificates that expire after 2038-01-19T03:14:07Z.
to=20370101000000Z
ca_to=20371231235959Z
sm2_id=distid:1234567812345678

cat >ca.cnf <<'CNF'
[ca]
default_ca = d
[d]
database = index.txt
serial = serial
new_certs_dir = .
email_in_dn = no
policy = any
unique_subject = no
string_mask = utf8only
[any]
countryName = supplied
stateOrProvinceName = optional
localityName = optional
organizationName = supplied
organizationalUnitName = optional
commonName = supplied
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[sub]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://crl.ca.example/root.crl
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:www.example.com,DNS:example.com,DNS:*.api.example.com
crlDistributionPoints = URI:http://crl.ca.example/tls.crl
authorityInfoAccess = OCSP;URI:http://ocsp.ca.example,caIssuers;URI:http://crt.ca.example/tls.crt
certificatePolicies = 2.23.140.1.2.2
[server_ecc]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:shop.example.com,DNS:*.shop.example.com,IP:192.0.2.10
crlDistributionPoints = URI:http://crl.ca.example/tls.crl
authorityInfoAccess = OCSP;URI:http://ocsp.ca.example,caIssuers;URI:http://crt.ca.example/tls.crt
certificatePolicies = 2.23.140.1.2.2
[sm2_sign]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:gm.example.com,DNS:www.gm.example.com
[sm2_enc]
basicConstraints = critical,CA:FALSE
keyUsage = critical,keyEncipherment,dataEncipherment,keyAgreement
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:gm.example.com,DNS:www.gm.example.com
CNF

key() {
    name=$1
    shift
    [ -s "$name.key" ] || openssl genpkey "$@" -out "$name.key" 2>/dev/null
}
# issue NAME EXTENSIONS NOT_AFTER SERIAL ISSUER DIGEST SUBJECT: NAME.crt for NAME.key, self-signed where ISSUER is NAME
issue() {
    [ -s "$1.crt" ] && return
    req=
    ca=
    if openssl pkey -in "$1.key" -noout -text | grep -q SM2; then
        req="-sigopt $sm2_id"
        ca="-vfyopt $sm2_id"
    fi
    if openssl pkey -in "$5.key" -noout -text | grep -q SM2; then ca="$ca -sigopt $sm2_id"; fi
    if [ "$5" = "$1" ]; then ca="$ca -selfsign"; else ca="$ca -cert $5.crt"; fi
    # shellcheck disable=SC2086
    openssl req -new -utf8 -key "$1.key" -"$6" $req -subj "$7" -out "$1.csr"
    : >index.txt
    echo "$4" >serial
    # shellcheck disable=SC2086
    openssl ca -batch -notext -config ca.cnf -keyfile "$5.key" $ca -md "$6" -extensions "$2" -preserveDN -utf8 \
        -startdate $from -enddate "$3" -in "$1.csr" -out "$1.crt" 2>issue.log || { cat issue.log; exit 1; }
    rm -f "$1.csr" index.txt* serial* ./*[0-9A-F][0-9A-F].pem issue.log
}

key root -algorithm RSA -pkeyopt rsa_keygen_bits:3072
key tls -algorithm RSA -pkeyopt rsa_keygen_bits:2048
key rsa -algorithm RSA -pkeyopt rsa_keygen_bits:2048
key ecc -algorithm EC -pkeyopt ec_paramgen_curve:P-256
key client-ca -algorithm EC -pkeyopt ec_paramgen_curve:P-256
for name in sm2-root sm2-ca sm2-sign sm2-enc; do key $name -algorithm EC -pkeyopt ec_paramgen_curve:SM2; done

issue root root $ca_to 4F1A7C2E9B3D5601 root sha256 "/C=CN/O=Example Trust/CN=Example Trust Root CA"
issue tls sub $ca_to 4F1A7C2E9B3D5602 root sha256 "/C=CN/O=Example Trust/CN=Example Trust TLS CA 1"
issue rsa server $to 0B5D17F2A94C3E6881D0 tls sha256 \
    "/C=CN/ST=Guangdong/L=Shenzhen/O=Example Trading Ltd/OU=Web Platform/CN=www.example.com"
issue ecc server_ecc $to 0B5D17F2A94C3E6881D1 tls sha256 \
    "/C=CN/ST=Zhejiang/L=Hangzhou/O=Example Shop Ltd/OU=Storefront/CN=shop.example.com"
issue client-ca root $ca_to 4F1A7C2E9B3D5603 client-ca sha256 "/C=CN/O=Example Shop Ltd/CN=Example Shop Client CA"
issue sm2-root root $ca_to 4F1A7C2E9B3D5611 sm2-root sm3 "/C=CN/O=Example Trust/CN=Example Trust SM2 Root"
issue sm2-ca sub $ca_to 4F1A7C2E9B3D5612 sm2-root sm3 "/C=CN/O=Example Trust/CN=Example Trust SM2 CA 1"
subject="/C=CN/ST=广东省/L=深圳市/O=示例科技有限公司/OU=运维部/CN=gm.example.com"
issue sm2-sign sm2_sign $to 0B5D17F2A94C3E6881E1 sm2-ca sm3 "$subject"
issue sm2-enc sm2_enc $to 0B5D17F2A94C3E6881E2 sm2-ca sm3 "$subject"
rm -f ca.cnf

# text FILES...: their text inside a JSON string
text() {
    cat "$@" | awk '{ printf "%s\\n", $0 }'
}

cat >../rsa.json <<JSON
{
  "name": "www_example_com",
  "cert_content": "$(text rsa.crt tls.crt)",
  "private_key": "$(text rsa.key)",
  "type": "global",
  "algorithm_type": "RSA"
}
JSON
cat >../ecc.json <<JSON
{
  "name": "shop_example_com",
  "cert_content": "$(text ecc.crt tls.crt)",
  "private_key": "$(text ecc.key)",
  "type": "instance",
  "instance_id": "a0b1c2d3e4f5061728394a5b6c7d8e9f",
  "trusted_root_ca": "$(text client-ca.crt)",
  "algorithm_type": "ECC"
}
JSON
# The encryption pair is the base pair, the signature pair goes into the fields of its name.
cat >../sm2.json <<JSON
{
  "name": "gm_example_com",
  "cert_content": "$(text sm2-enc.crt sm2-ca.crt)",
  "private_key": "$(text sm2-enc.key)",
  "type": "global",
  "algorithm_type": "SM2",
  "cert_content_sign": "$(text sm2-sign.crt sm2-ca.crt)",
  "private_key_sign": "$(text sm2-sign.key)"
}
JSON
# Five faults: a name that starts with a digit; a certificate pasted with quotes and literal \n; its chain in the wrong
# order; the key of another certificate; a gateway certificate without the gateway's ID.
cat >../broken.json <<JSON
{
  "name": "1st_example_com",
  "cert_content": "\\"$(text tls.crt rsa.crt | sed 's/\\n/\\\\n/g')\\"",
  "private_key": "$(text tls.key)",
  "type": "instance",
  "algorithm_type": "RSA"
}
JSON
