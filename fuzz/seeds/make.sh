#!/usr/bin/env bash
# Writes the seeds that need a cipher anew: encrypted PKCS#8, PKCS#12, and Java's keystores, of a throw-away key and under the passphrase that
# the target tries (`forge`). It needs OpenSSL 3 and Java. Keys and salts are new each time, so the files differ from those that are kept.
set -euo pipefail
cd "$(dirname "$0")/containers"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key="$work/key.pem" cert="$work/cert.pem"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$key" -out "$cert" -days 3650 \
    -subj /CN=www.forge.example -addext subjectAltName=DNS:www.forge.example 2> /dev/null

pkcs8() { openssl pkcs8 -topk8 -in "$key" -passout pass:forge "$@"; }
pkcs8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 2048 -outform DER -out encrypted-aes256
pkcs8 -v2 aes-128-cbc -v2prf hmacWithSHA1 -iter 2048 -out encrypted-aes128-pem
pkcs8 -v2 des3 -v2prf hmacWithSHA512 -iter 2048 -outform DER -out encrypted-3des
pkcs8 -scrypt -scrypt_N 256 -scrypt_r 8 -scrypt_p 1 -outform DER -out encrypted-scrypt
pkcs8 -v1 PBE-SHA1-3DES -outform DER -out encrypted-version-1
pkcs8 -v2 sm4-cbc -outform DER -out encrypted-sm4
# More rounds than the target allows.
pkcs8 -v2 aes-256-cbc -iter 100000 -outform DER -out encrypted-many-rounds
openssl ec -in "$key" -aes128 -passout pass:forge -out encrypted-dek-info 2> /dev/null

pkcs12() { openssl pkcs12 -export -in "$cert" -inkey "$key" -name forge -passout pass:forge -iter 2048 "$@"; }
pkcs12 -out pkcs12-modern
pkcs12 -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1 -out pkcs12-old
pkcs12 -nomac -keypbe NONE -certpbe NONE -out pkcs12-open
openssl pkcs12 -export -in "$cert" -nokeys -passout pass:forge -iter 2048 -out pkcs12-certificate-alone

# keytool wants a longer passphrase; its library does not.
cat > "$work/Stores.java" << 'JAVA'
import java.io.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.*;

public class Stores {
    public static void main(String[] files) throws Exception {
        var key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(new FileInputStream(files[0]).readAllBytes()));
        var cert = CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(files[1]));
        var passphrase = "forge".toCharArray();
        for (var type : new String[] {"JKS", "JCEKS", "PKCS12"}) {
            var store = KeyStore.getInstance(type);
            store.load(null, null);
            store.setKeyEntry("pair", key, passphrase, new java.security.cert.Certificate[] {cert});
            store.setCertificateEntry("trusted", cert);
            try (var out = new FileOutputStream("keystore-" + type.toLowerCase())) {
                store.store(out, passphrase);
            }
        }
    }
}
JAVA
openssl pkcs8 -topk8 -nocrypt -in "$key" -outform DER -out "$work/key.der"
chmod 644 encrypted-* pkcs12-*
java -Dkeystore.pkcs12.keyPbeIterationCount=2048 -Dkeystore.pkcs12.certPbeIterationCount=2048 -Dkeystore.pkcs12.macIterationCount=2048 \
    "$work/Stores.java" "$work/key.der" "$cert"
