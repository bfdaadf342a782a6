"""What one would write in an hour, to compare with: Python's http.server and OpenSSL through `cryptography`. It checks that the key belongs to the
certificate, that the certificate is valid now and that each one signs the one before, and stores nothing.

naive.py PORT; it answers POST /v2/PROJECT/apigw/certificates/check as examples/load.rs calls it, and stops after half an hour.
"""
import json
import sys
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def check(form):
    chain = x509.load_pem_x509_certificates(form["cert_content"].encode())
    key = load_pem_private_key(form["private_key"].encode(), None)
    spki = lambda public: public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if spki(key.public_key()) != spki(chain[0].public_key()):
        return "the key does not match"
    now = datetime.now(timezone.utc)
    if not chain[0].not_valid_before_utc <= now <= chain[0].not_valid_after_utc:
        return "not valid now"
    for certificate, issuer in zip(chain, chain[1:]):
        certificate.verify_directly_issued_by(issuer)
    return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        form = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fault = check(form)
        body = json.dumps({"accepted": fault is None, "fault": fault}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
threading.Timer(1800, server.shutdown).start()
server.serve_forever()
