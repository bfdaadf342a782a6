#!/usr/bin/env python3
"""Makes the good forms: what the common tools write when they are used as their manuals say.

    python3 tests/assurance/good/make.py [TOOL...]

For each form it writes forms/<name>.json, and its entry in manifest.json: the tool, its version, the commands, and the time of the check.
A tool that is absent is skipped with a printed line, and its forms stay as they are. The keys are for this test only.

What it needs: openssl 3, easy-rsa (with /usr/share/easy-rsa on PATH), golang-cfssl, mkcert, gnutls-bin and a JDK (Debian), cryptography (PyPI),
cargo (for rcgen).

The time of the check ("at"): the latest notBefore of the form's certificates, plus one day. Tools that take dates get 2026-06-01 and one year.
"""
import datetime, json, os, pathlib, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
FORMS = HERE / "forms"
HOST = "www.example.com"
SAN = f"DNS:{HOST},DNS:example.com"
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.S)


class Bench:
    """A folder in which one tool works; it remembers the commands."""

    def __init__(self, tool):
        self.tool, self.commands, self.forms = tool, [], {}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"good-{tool}-"))

    def run(self, command, **environment):
        self.commands.append(command)
        done = subprocess.run(["bash", "-c", "set -eu -o pipefail\n" + command], cwd=self.folder, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, env={**os.environ, **environment})
        if done.returncode:
            sys.exit(f"{self.tool}: {command}\n{done.stdout}{done.stderr}")

    def write(self, file, text):
        self.commands.append(f"cat > {file} <<'END'\n{text.rstrip()}\nEND")
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def read(self, files):
        return "".join((self.folder / file).read_text() for file in files.split())

    def form(self, name, certificates, key, sign=None, **more):
        """A form of these files: certificates in order, key; with SM2 the same for the signature pair."""
        body = {"name": "good_form", "cert_content": self.read(certificates), "private_key": self.read(key), **more}
        if sign:
            body |= {"cert_content_sign": self.read(sign[0]), "private_key_sign": self.read(sign[1])}
        self.forms[f"{self.tool}-{name}"] = body


def start_of(certificate):
    text = subprocess.run(["openssl", "x509", "-noout", "-startdate"], input=certificate, text=True, capture_output=True, check=True)
    return datetime.datetime.strptime(text.stdout.strip(), "notBefore=%b %d %H:%M:%S %Y GMT")


def openssl_plain(b):
    b.run(f'openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.crt -days 365 -subj "/CN={HOST}" -addext "subjectAltName={SAN}"')
    b.form("self-signed-rsa", "rsa.crt", "rsa.key")
    b.run("openssl ecparam -genkey -name prime256v1 -out ec.key")
    b.run(f'openssl req -x509 -new -key ec.key -out ec.crt -days 365 -subj "/CN={HOST}" -addext "subjectAltName={SAN}" -addext basicConstraints=critical,CA:FALSE')
    b.form("self-signed-ec-ecparam", "ec.crt", "ec.key")
    for curve in ("P-384", "P-521"):
        b.run(f'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:{curve} -nodes -keyout {curve}.key -out {curve}.crt -days 365 '
              f'-subj "/CN={HOST}" -addext "subjectAltName={SAN}"')
        b.form(f"self-signed-{curve.lower()}", f"{curve}.crt", f"{curve}.key")


def openssl_issued(b):
    b.write("leaf.cnf", f"basicConstraints = CA:FALSE\nkeyUsage = digitalSignature, keyEncipherment\nextendedKeyUsage = serverAuth\nsubjectAltName = {SAN}\n")
    b.run('openssl req -x509 -newkey rsa:4096 -nodes -keyout ca.key -out ca.crt -days 3650 -subj "/O=Example/CN=Example CA"')
    b.run("openssl genrsa -traditional -out leaf.key 2048")
    b.run(f'openssl req -new -key leaf.key -out leaf.csr -subj "/CN={HOST}"')
    b.run("openssl x509 -req -in leaf.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -extfile leaf.cnf -out leaf.crt")
    b.form("x509-req-leaf", "leaf.crt", "leaf.key")
    b.form("x509-req-leaf-and-ca", "leaf.crt ca.crt", "leaf.key")
    b.run(f'openssl req -new -key leaf.key -out pss.csr -subj "/CN={HOST}"')
    b.run("openssl x509 -req -in pss.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -extfile leaf.cnf -sigopt rsa_padding_mode:pss -out pss.crt")
    b.form("x509-req-pss-signature", "pss.crt ca.crt", "leaf.key")


CA_CNF = f"""[ca]
default_ca = this
[this]
dir = .
database = $dir/index.txt
new_certs_dir = $dir
serial = $dir/serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[intermediate]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
subjectAltName = {SAN}
[sign]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectAltName = {SAN}
[encrypt]
basicConstraints = CA:FALSE
keyUsage = critical, keyEncipherment, dataEncipherment, keyAgreement
subjectAltName = {SAN}
"""


def openssl_ca(b):
    b.write("ca.cnf", CA_CNF)
    b.run("touch index.txt; echo 1001 > serial")
    key = {"rsa": "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "ec": "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
           "mixed": "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"}
    sign = "openssl ca -batch -config ca.cnf -startdate 20260601000000Z"
    for kind in ("rsa", "ec", "mixed"):
        for who, name in (("root", "Example Root"), ("intermediate", "Example TLS CA"), ("server", HOST)):
            algorithm = key["ec" if kind == "mixed" and who == "server" else "rsa" if kind == "mixed" and who == "root" else kind]
            b.run(f"openssl genpkey {algorithm} -out {kind}-{who}.key")
            b.run(f'openssl req -new -key {kind}-{who}.key -subj "/CN={name}" -out {kind}-{who}.csr')
        b.run(f"{sign} -enddate 20360601000000Z -selfsign -extensions root -keyfile {kind}-root.key -in {kind}-root.csr -out {kind}-root.crt")
        b.run(f"{sign} -enddate 20310601000000Z -extensions intermediate -cert {kind}-root.crt -keyfile {kind}-root.key "
              f"-in {kind}-intermediate.csr -out {kind}-intermediate.crt")
        b.run(f"{sign} -enddate 20270601000000Z -extensions server -cert {kind}-intermediate.crt -keyfile {kind}-intermediate.key "
              f"-in {kind}-server.csr -out {kind}-server.crt")
        b.form(f"ca-{kind}", f"{kind}-server.crt {kind}-intermediate.crt", f"{kind}-server.key")
    b.run("openssl ca -batch -notext -config ca.cnf -startdate 20260601000000Z -enddate 20270601000000Z -extensions server "
          "-cert rsa-intermediate.crt -keyfile rsa-intermediate.key -in rsa-server.csr -out notext.crt; "
          "openssl x509 -in rsa-intermediate.crt -out intermediate-notext.crt")
    b.form("ca-notext", "notext.crt intermediate-notext.crt", "rsa-server.key")


def openssl_sm2(b):
    b.write("ca.cnf", CA_CNF)
    sm2 = "-sm3 -sigopt distid:1234567812345678"
    new = lambda name: b.run(f"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out {name}.key")
    for role in ("sign", "encrypt"):
        new(f"self-{role}")
        b.run(f'openssl req -x509 -new -key self-{role}.key {sm2} -days 365 -subj "/CN={HOST}" -addext "subjectAltName={SAN}" '
              f'-addext basicConstraints=CA:FALSE -addext keyUsage={"digitalSignature" if role == "sign" else "keyEncipherment,dataEncipherment,keyAgreement"} -out self-{role}.crt')
    b.form("sm2-self-signed", "self-encrypt.crt", "self-encrypt.key", ("self-sign.crt", "self-sign.key"), algorithm_type="SM2")
    new("ca")
    b.run(f'openssl req -x509 -new -key ca.key {sm2} -days 3650 -subj "/O=Example/CN=Example SM2 CA" -addext keyUsage=critical,keyCertSign,cRLSign -out ca.crt')
    for role in ("sign", "encrypt"):
        new(role)
        b.run(f'openssl req -new -key {role}.key {sm2} -subj "/O=Example/CN={HOST}" -out {role}.csr')
        b.run(f"openssl x509 -req -in {role}.csr -vfyopt distid:1234567812345678 -CA ca.crt -CAkey ca.key {sm2} -CAcreateserial -days 365 "
              f"-extfile ca.cnf -extensions {role} -out {role}.crt")
    b.form("sm2-issued", "encrypt.crt ca.crt", "encrypt.key", ("sign.crt ca.crt", "sign.key"), algorithm_type="SM2")


def openssl(b):
    openssl_plain(b)
    openssl_issued(b)
    openssl_ca(b)
    openssl_sm2(b)


def easyrsa(b):
    rsa, ec = "", "--use-algo=ec --curve=prime256v1 "
    for kind, options in (("rsa", rsa), ("ec", ec)):
        pki = f"--batch --pki-dir=$PWD/{kind} {options}"
        b.run(f"easyrsa {pki} init-pki")
        b.run(f'easyrsa {pki} --req-cn="Example CA" build-ca nopass')
        b.run(f"easyrsa {pki} --subject-alt-name={SAN} build-server-full {HOST} nopass")
        b.form(f"{kind}-server", f"{kind}/issued/{HOST}.crt", f"{kind}/private/{HOST}.key")
        b.form(f"{kind}-server-and-ca", f"{kind}/issued/{HOST}.crt {kind}/ca.crt", f"{kind}/private/{HOST}.key")
    sub = "--batch --pki-dir=$PWD/sub "
    b.run(f"easyrsa {sub} init-pki")
    b.run(f'easyrsa {sub} --req-cn="Example Sub CA" build-ca nopass subca')
    b.run("easyrsa --batch --pki-dir=$PWD/rsa import-req $PWD/sub/reqs/ca.req sub && easyrsa --batch --pki-dir=$PWD/rsa sign-req ca sub && cp rsa/issued/sub.crt sub/ca.crt")
    b.run(f"easyrsa {sub} --subject-alt-name={SAN} build-server-full {HOST} nopass")
    b.form("sub-ca-server", f"sub/issued/{HOST}.crt sub/ca.crt", f"sub/private/{HOST}.key")


def cfssl(b):
    # No self-signed form: this version writes no SAN into one, and clients need it.
    b.write("config.json", json.dumps({"signing": {"profiles": {
        "intermediate": {"usages": ["cert sign", "crl sign"], "expiry": "43800h", "ca_constraint": {"is_ca": True, "max_path_len": 0, "max_path_len_zero": True}},
        "www": {"usages": ["signing", "key encipherment", "server auth"], "expiry": "8760h"}}}}, indent=1))
    for kind, key in (("rsa", {"algo": "rsa", "size": 2048}), ("ec", {"algo": "ecdsa", "size": 256})):
        for who, body in (("ca", {"CN": "Example CA"}), ("intermediate", {"CN": "Example TLS CA"}), ("server", {"CN": HOST, "hosts": [HOST, "example.com"]})):
            b.write(f"{kind}-{who}.json", json.dumps({**body, "key": key, "names": [{"C": "US", "O": "Example"}]}, indent=1))
        sign = "cfssl gencert -config config.json"
        b.run(f"cfssl gencert -initca {kind}-ca.json | cfssljson -bare {kind}-ca")
        b.run(f"{sign} -ca {kind}-ca.pem -ca-key {kind}-ca-key.pem -profile intermediate {kind}-intermediate.json | cfssljson -bare {kind}-intermediate")
        b.run(f"{sign} -ca {kind}-ca.pem -ca-key {kind}-ca-key.pem -profile www {kind}-server.json | cfssljson -bare {kind}-direct")
        b.run(f"{sign} -ca {kind}-intermediate.pem -ca-key {kind}-intermediate-key.pem -profile www {kind}-server.json | cfssljson -bare {kind}-server")
        b.form(f"{kind}-direct", f"{kind}-direct.pem", f"{kind}-direct-key.pem")
        b.form(f"{kind}-intermediate", f"{kind}-server.pem {kind}-intermediate.pem", f"{kind}-server-key.pem")


def mkcert(b):
    for kind, option in (("rsa", ""), ("ec", "-ecdsa ")):
        b.run(f"CAROOT=$PWD/{kind} mkcert {option}-cert-file {kind}.pem -key-file {kind}-key.pem {HOST} example.com 192.0.2.1")
        b.form(f"{kind}", f"{kind}.pem", f"{kind}-key.pem")
        b.form(f"{kind}-and-root", f"{kind}.pem {kind}/rootCA.pem", f"{kind}-key.pem")


def certtool(b):
    dates = 'activation_date = "2026-06-01 00:00:00"\nexpiration_date = "{}-06-01 00:00:00"\n'
    server = f'cn = "{HOST}"\ndns_name = "{HOST}"\ndns_name = "example.com"\ntls_www_server\nsigning_key\n' + dates.format(2027)
    authority = 'cn = "{}"\norganization = "Example"\nca\ncert_signing_key\ncrl_signing_key\n'
    b.write("ca.tmpl", authority.format("Example CA") + dates.format(2036))
    b.write("intermediate.tmpl", authority.format("Example TLS CA") + "path_len = 0\n" + dates.format(2031))
    b.write("server-rsa.tmpl", server + "encryption_key\n")
    b.write("server-ec.tmpl", server)
    for kind, key in (("rsa", "--key-type rsa --sec-param medium"), ("ec", "--key-type ecdsa --curve secp256r1")):
        for who in ("ca", "intermediate", "server"):
            b.run(f"certtool --generate-privkey {key} --outfile {kind}-{who}.key")
        b.run(f"certtool --generate-self-signed --load-privkey {kind}-ca.key --template ca.tmpl --outfile {kind}-ca.pem")
        b.run(f"certtool --generate-self-signed --load-privkey {kind}-server.key --template server-{kind}.tmpl --outfile {kind}-self.pem")
        for who, template, issuer in (("intermediate", "intermediate", "ca"), ("server", f"server-{kind}", "intermediate")):
            b.run(f"certtool --generate-certificate --load-privkey {kind}-{who}.key --load-ca-certificate {kind}-{issuer}.pem "
                  f"--load-ca-privkey {kind}-{issuer}.key --template {template}.tmpl --outfile {kind}-{who}.pem")
        b.form(f"{kind}-self-signed", f"{kind}-self.pem", f"{kind}-server.key")
        b.form(f"{kind}-intermediate", f"{kind}-server.pem {kind}-intermediate.pem", f"{kind}-server.key")


def keytool(b):
    store = "-keystore store.p12 -storetype PKCS12 -storepass changeit"
    dates = '-startdate "2026/06/01 00:00:00" -validity 365'
    kinds = {"rsa": "-keyalg RSA -keysize 2048", "ec": "-keyalg EC -groupname secp256r1"}
    for kind, key in kinds.items():
        for who, name, extension in (("root", "Example Root", "-ext bc:c"), ("ca", "Example TLS CA", "-ext bc:c"), ("server", HOST, f"-ext san=dns:{HOST},dns:example.com")):
            b.run(f'keytool -genkeypair -alias {kind}-{who} {key} -dname "CN={name}, O=Example" {extension} {dates} {store}')
        # The documentation of keytool: "Generate certificates for a typical SSL server".
        b.run(f"keytool -exportcert -rfc -alias {kind}-server {store} -file {kind}-self.pem")
        b.run(f"keytool -importkeystore -srckeystore store.p12 -srcstorepass changeit -srcalias {kind}-server -destkeystore {kind}-one.p12 -deststoretype PKCS12 -deststorepass changeit")
        b.run(f"openssl pkcs12 -in {kind}-one.p12 -passin pass:changeit -nodes -nocerts -out {kind}-server.key")
        b.form(f"{kind}-self-signed", f"{kind}-self.pem", f"{kind}-server.key")
        b.run(f"keytool -certreq -alias {kind}-ca {store} | keytool -gencert -rfc -alias {kind}-root -ext bc:c=0 -ext ku:c=keyCertSign,cRLSign {dates} {store} > {kind}-ca.pem")
        b.run(f"keytool -importcert -noprompt -alias {kind}-ca {store} -file {kind}-ca.pem")
        b.run(f"keytool -certreq -alias {kind}-server {store} | keytool -gencert -rfc -alias {kind}-ca -ext ku:c=digitalSignature,keyEncipherment -ext eku=serverAuth "
              f"-ext san=dns:{HOST},dns:example.com {dates} {store} > {kind}-server.pem")
        # -rfc writes the issuers that the store holds behind the certificate.
        b.form(f"{kind}-gencert", f"{kind}-server.pem", f"{kind}-server.key")


def cryptography(b):
    shutil.copy(HERE / "with_cryptography.py", b.folder)
    b.run(f"{sys.executable} with_cryptography.py")
    b.commands = ["python3 tests/assurance/good/with_cryptography.py"]
    for kind in ("rsa", "ec"):
        b.form(f"{kind}-self-signed", f"{kind}-self.pem", f"{kind}-server.key")
        b.form(f"{kind}-intermediate", f"{kind}-server.pem {kind}-intermediate.pem", f"{kind}-server.key")


def rcgen(b):
    b.run(f"cargo run --quiet --manifest-path {HERE}/rcgen/Cargo.toml --target-dir {os.environ.get('CARGO_TARGET_DIR', HERE.parents[2] / 'target')}/good-rcgen")
    b.commands = ["cargo run --manifest-path tests/assurance/good/rcgen/Cargo.toml"]
    for kind in ("p256", "p384"):
        b.form(f"{kind}-self-signed", f"{kind}-self.pem", f"{kind}-self.key")
        b.form(f"{kind}-intermediate", f"{kind}-server.pem {kind}-intermediate.pem", f"{kind}-server.key")
    b.form("simple-self-signed", "simple.pem", "simple.key")


def told(command):
    done = subprocess.run(["bash", "-c", command], text=True, capture_output=True)
    return (done.stdout + done.stderr).strip().splitlines()[0].strip() if done.returncode == 0 else None


TOOLS = {
    "openssl": (openssl, "openssl version | grep 'OpenSSL 3'"),
    "easyrsa": (easyrsa, "easyrsa --version | sed -n 's/^Version: */EasyRSA /p'"),
    "cfssl": (cfssl, "cfssl version | sed -n 's/^Version: */cfssl /p'"),
    "mkcert": (mkcert, "mkcert -version | sed 's/^/mkcert /'"),
    "certtool": (certtool, "certtool --version | head -1"),
    "keytool": (keytool, "java -version 2>&1 | head -1"),
    "cryptography": (cryptography, f"{sys.executable} -c 'import cryptography; print(\"cryptography\", cryptography.__version__)'"),
    "rcgen": (rcgen, f"cargo tree --quiet --depth 1 --manifest-path {HERE}/rcgen/Cargo.toml --prefix none | sed -n 's/^rcgen v/rcgen /p'"),
}


def main():
    unknown = set(sys.argv[1:]) - set(TOOLS)
    if unknown:
        sys.exit(f"no such tool: {' '.join(sorted(unknown))}; there are {' '.join(TOOLS)}")
    FORMS.mkdir(exist_ok=True)
    path = HERE / "manifest.json"
    manifest = json.loads(path.read_text()) if path.exists() else {"tools": {}, "forms": {}}
    for tool, (make, version) in TOOLS.items():
        if sys.argv[1:] and tool not in sys.argv[1:]:
            continue
        version = told(version)
        if not version:
            print(f"skipped: {tool} is not here")
            continue
        bench = Bench(tool)
        make(bench)
        for name in [name for name in manifest["forms"] if name.startswith(tool + "-")]:
            del manifest["forms"][name]
            (FORMS / f"{name}.json").unlink(missing_ok=True)
        manifest["tools"][tool] = {"version": version, "commands": bench.commands}
        for name, body in bench.forms.items():
            starts = [start_of(text) for field in ("cert_content", "cert_content_sign") for text in CERTIFICATE.findall(body.get(field, ""))]
            at = max(starts) + datetime.timedelta(days=1)
            manifest["forms"][name] = {"tool": tool, "at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
            (FORMS / f"{name}.json").write_text(json.dumps(body, indent=1) + "\n")
        manifest = {part: dict(sorted(manifest[part].items())) for part in ("tools", "forms")}
        path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
        print(f"{tool}: {len(bench.forms)} forms, {version}")
        shutil.rmtree(bench.folder)


main()
