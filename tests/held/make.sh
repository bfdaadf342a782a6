#!/usr/bin/env bash
# Makes what people hold, with the tools that they use: OpenSSL 3, keytool, zip, tar and kubectl. Each case has its files in `given`;
# only what is missing is made, since keystores and encrypted keys have random salts. To make one anew: rm -r CASE/given; bash make.sh.
# Chains and keys are those of examples/pki, throw-away keys with fixed dates. The passphrase is always `throw-away`.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
pki=$here/../../examples/pki
pass=pass:throw-away

# The folder of a case, empty; fails where it is there.
begin() {
    case=$1
    [ -d "$here/$case/given" ] && return 1
    echo "$case"
    mkdir -p "$here/$case/given"
    cd "$here/$case/given"
}
# The files of the examples, under the names that a tool gives them: FROM=TO...
take() { for pair in "$@"; do cp "$pki/${pair%%=*}" "${pair#*=}"; chmod 644 "${pair#*=}"; done; }
chain() { cat "$pki/rsa.crt" "$pki/tls.crt"; }
damaged() { sed '1s/^-----BEGIN/----BEGIN/' "$1"; }
body() { base64 -w0 "$1"; }
inset() { sed 's/^/    /'; }
pkcs12() { openssl pkcs12 -export -in "$pki/rsa.crt" -certfile "$pki/tls.crt" -inkey "$pki/rsa.key" -passout $pass -name web "$@"; }
keystore() { # TYPE FILE
    pkcs12 -out from.p12
    keytool -importkeystore -srckeystore from.p12 -srcstorepass throw-away -destkeystore "$2" -deststoretype "$1" \
        -deststorepass throw-away -noprompt 2> told || { cat told; exit 1; }
    rm -f from.p12 told
}
secret() { kubectl create secret tls web --cert="$1" --key="$2" --dry-run=client -o "$3"; }
# As archives are packed: without owner and with one date.
old() { find . -exec touch -d 2026-01-01T00:00:00Z {} +; }

# Keystores and encrypted keys
if begin pkcs12; then pkcs12 -out web.p12; fi
if begin pkcs12-old; then pkcs12 -legacy -out web.pfx; fi
if begin pkcs12-without-passphrase; then pkcs12 -out web.p12; fi
if begin pkcs12-wrong-passphrase; then pkcs12 -out web.p12; fi
if begin pkcs12-cut; then pkcs12 -out whole.p12; head -c 2000 whole.p12 > web.p12; rm whole.p12; fi
if begin jks; then keystore JKS web.jks; fi
if begin jks-of-pkcs12; then keystore PKCS12 web.keystore; fi
if begin jceks; then keystore JCEKS web.jceks; fi
if begin encrypted-key; then
    chain > fullchain.pem
    openssl pkcs8 -topk8 -in "$pki/rsa.key" -passout $pass -out privkey.pem
fi
if begin encrypted-key-old; then
    chain > fullchain.pem
    openssl rsa -traditional -aes128 -in "$pki/rsa.key" -passout $pass -out privkey.pem 2> /dev/null
fi
if begin encrypted-key-sm4; then
    chain > fullchain.pem
    openssl pkcs8 -topk8 -v2 sm4 -in "$pki/rsa.key" -passout $pass -out privkey.pem
fi

# Archives, bundles, folders
if begin zip; then
    take rsa.crt=www_example_com.crt tls.crt=intermediate.crt root.crt=root.crt rsa.key=www.key
    old
    zip -qX delivery.zip ./*.crt
    rm ./*.crt
fi
if begin tar-gz; then
    take rsa.crt=cert.pem tls.crt=chain.pem rsa.key=key.pem
    old
    tar --sort=name --owner=0 --group=0 -cf - ./*.pem | gzip -n > web.tar.gz
    rm ./*.pem
fi
if begin zip-cut; then
    take rsa.crt=cert.pem rsa.key=key.pem
    old
    zip -qX whole.zip ./*.pem
    head -c 1500 whole.zip > web.zip
    rm whole.zip ./*.pem
fi
if begin gzip-bomb; then
    take rsa.crt=cert.pem rsa.key=key.pem
    head -c $((65 << 20)) /dev/zero | gzip -n9 > zeros.gz
fi
if begin pkcs7; then
    take rsa.key=www.key
    openssl crl2pkcs7 -nocrl -certfile "$pki/rsa.crt" -certfile "$pki/tls.crt" -out chain.p7b
fi
if begin der; then
    openssl x509 -in "$pki/rsa.crt" -outform DER -out www.cer
    openssl x509 -in "$pki/tls.crt" -outform DER -out issuer.cer
    openssl pkey -in "$pki/rsa.key" -outform DER -out www.der
fi
if begin openssl-text; then
    take rsa.key=www.key
    for one in rsa tls; do openssl x509 -in "$pki/$one.crt" -text; done > www.txt
fi
if begin haproxy; then { chain; cat "$pki/rsa.key"; } > www.example.com.pem; fi
if begin certbot; then
    mkdir -p archive/www.example.com live/www.example.com
    take rsa.crt=archive/www.example.com/cert3.pem tls.crt=archive/www.example.com/chain3.pem rsa.key=archive/www.example.com/privkey3.pem
    chain > archive/www.example.com/fullchain3.pem
    for one in cert chain fullchain privkey; do ln -s "../../archive/www.example.com/${one}3.pem" "live/www.example.com/$one.pem"; done
    echo 'This directory contains your keys and certificates.' > live/www.example.com/README
fi
if begin acme-sh; then
    mkdir www.example.com_ecc && cd www.example.com_ecc
    take rsa.crt=www.example.com.cer tls.crt=ca.cer rsa.key=www.example.com.key
    chain > fullchain.cer
    printf "Le_Domain='www.example.com'\nLe_Keylength='2048'\n" > www.example.com.conf
    openssl req -new -key www.example.com.key -subj /CN=www.example.com -out www.example.com.csr
fi
if begin lego; then
    take tls.crt=www.example.com.issuer.crt rsa.key=www.example.com.key
    chain > www.example.com.crt
    echo '{"domain": "www.example.com", "certUrl": "https://ca.example/cert/1"}' > www.example.com.json
fi
if begin caddy; then
    mkdir -p certificates/ca.example/www.example.com && cd certificates/ca.example/www.example.com
    take rsa.key=www.example.com.key
    chain > www.example.com.crt
    echo '{"sans": ["www.example.com"], "issuer_data": {"url": "https://ca.example/cert/1"}}' > www.example.com.json
fi

# Manifests and settings
if begin kubernetes-secret; then
    chain > tls.crt
    take rsa.key=tls.key
    secret tls.crt tls.key yaml > secret.yaml
    rm tls.*
fi
if begin kubernetes-list; then
    chain > tls.crt; take rsa.key=tls.key
    printf '{"apiVersion": "v1", "kind": "List", "items": [%s]}\n' "$(secret tls.crt tls.key json)" > list.json; rm tls.*
fi
if begin kubernetes-documents; then
    { printf 'kind: Namespace\nmetadata:\n  name: web\n---\nkind: Secret\nmetadata:\n  name: web\n'
      printf 'stringData:\n  tls.crt: |\n'; chain | inset
      printf '  tls.key: |\n'; inset < "$pki/rsa.key"; } > all.yaml
fi
if begin kubernetes-damaged; then
    chain | sed '5s/^\(.........\)./\1*/' > tls.crt; take rsa.key=tls.key
    { printf 'kind: Secret\nmetadata:\n  name: web\n'
      printf 'data:\n  tls.crt: %s\n  tls.key: %s\n' "$(body tls.crt)" "$(body tls.key)"; } > secret.yaml
    rm tls.*
fi
if begin helm; then
    { printf 'ingress:\n  tls:\n    certificate: |\n'; chain | sed 's/^/      /'
      printf '    key: |\n'; sed 's/^/      /' "$pki/rsa.key"; } > values.yaml
fi
if begin docker-compose; then
    { printf 'services:\n  web:\n    image: web\n    environment:\n      TLS_CERT: |\n'; chain | sed 's/^/        /'
      printf '      TLS_KEY: |\n'; sed 's/^/        /' "$pki/rsa.key"; } > compose.yaml
fi
if begin env; then
    chain > c
    printf '# web\nexport TLS_CRT="%s"\nTLS_KEY=%s\n' "$(body c)" "$(body "$pki/rsa.key")" > .env
    rm c
fi
if begin terraform; then
    { printf 'certificate = <<-EOT\n'; chain; printf 'EOT\nprivate_key = <<-EOT\n'; cat "$pki/rsa.key"; printf 'EOT\n'; } > web.tfvars
fi

# Several files
if begin sm2-double-set; then
    take sm2-enc.crt=enc.crt sm2-enc.key=enc.key sm2-sign.crt=sign.crt sm2-sign.key=sign.key sm2-ca.crt=ca.crt
fi
if begin request-beside; then
    take rsa.crt=www.crt tls.crt=ca.crt rsa.key=www.key
    openssl req -new -key www.key -subj /CN=www.example.com -out www.csr
fi
if begin another-key; then take rsa.crt=www.crt tls.crt=ca.crt ecc.key=www.key; fi
if begin damaged-issuer; then take rsa.crt=www.crt rsa.key=www.key; damaged "$pki/tls.crt" > ca.crt; fi
if begin damaged-key; then
    take rsa.crt=www.crt tls.crt=ca.crt
    sed '5s/^\(.........\)./\1*/' "$pki/rsa.key" > www.key
fi
if begin lost-line; then chain | sed 8d > fullchain.pem; take rsa.key=www.key; fi
if begin lost-line-of-issuer; then take rsa.crt=www.crt rsa.key=www.key; sed 8d "$pki/tls.crt" > ca.crt; fi
if begin damaged-root-beside; then chain > fullchain.pem; take rsa.key=www.key; sed '$d' "$pki/root.crt" > root.crt; fi
if begin utf-16; then chain | iconv -t UTF-16 > fullchain.pem; sed 's/PRIVATE KEY/private key/; s/BEGIN/Begin/' "$pki/rsa.key" > www.key; fi
if begin cut-leaf; then sed '$d' "$pki/rsa.crt" > www.crt; take tls.crt=ca.crt rsa.key=www.key; fi
if begin ca-pairs; then take root.crt=root.crt root.key=root.key tls.crt=tls.crt tls.key=tls.key; fi
if begin two-pairs; then take rsa.crt=www.crt tls.crt=ca.crt rsa.key=www.key ecc.crt=shop.crt ecc.key=shop.key; fi
if begin nothing; then echo 'Call me when you are back.' > note.txt; fi
echo "all cases are made"
