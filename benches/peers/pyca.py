"""Times pyca/cryptography.

Reads lines "operation directory iterations" and answers each with the nanoseconds of processor time per operation, or with "error: ...".
The directory holds cert.pem and key.pem.
"""

import pathlib
import sys
import time

import cryptography
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def operation(name, directory):
    certificate = pathlib.Path(directory, "cert.pem").read_bytes()
    key = pathlib.Path(directory, "key.pem").read_bytes()

    def compare():
        loaded = x509.load_pem_x509_certificate(certificate)
        if load_pem_private_key(key, None).public_key() != loaded.public_key():
            raise ValueError("no match")

    return {"compare": compare}[name]


def measure(name, directory, iterations):
    run = operation(name, directory)
    run()
    start = time.process_time_ns()
    for _ in range(iterations):
        run()
    return (time.process_time_ns() - start) / iterations


def main():
    print(f"{cryptography.__version__} (Python {sys.version.split()[0]})", flush=True)
    for line in sys.stdin:
        name, directory, iterations = line.split()
        try:
            print(f"{measure(name, directory, int(iterations)):.1f}", flush=True)
        except Exception as error:
            print("error:", str(error).replace("\n", " "), flush=True)


main()
