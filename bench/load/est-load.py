#!/usr/bin/env python3
"""EST clients (RFC 7030) that share no code with Sallyport: Python's TLS and HTTP, the cryptography library's keys.

est-load.py PORT ROOT PASSWORD SECONDS CLIENTS USERS: each client keeps one TLS connection and asks for one certificate
after the other, each for a new P-256 key, as user-N. Prints one line of JSON.
"""
import base64, http.client, json, ssl, sys, threading, time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

port, root, password, seconds, clients, users = sys.argv[1:]
port, seconds, clients, users = int(port), float(seconds), int(clients), int(users)
times, failures = [], []
stop = time.monotonic() + seconds


def request(name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return key, base64.b64encode(csr.public_bytes(serialization.Encoding.DER))


def is_for(body, key):
    (certificate,) = pkcs7.load_der_pkcs7_certificates(base64.b64decode(body))
    return certificate.public_key().public_numbers() == key.public_key().public_numbers()


def client(number):
    connection = http.client.HTTPSConnection("localhost", port, context=ssl.create_default_context(cafile=root), timeout=20)
    turn = number
    while time.monotonic() < stop:
        name = "user-%d" % (turn % users)
        turn += clients
        key, body = request(name)
        basic = base64.b64encode(("%s:%s" % (name, password)).encode()).decode()
        headers = {"Content-Type": "application/pkcs10", "Authorization": "Basic " + basic}
        began = time.monotonic()
        try:
            connection.request("POST", "/.well-known/est/bench/simpleenroll", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except OSError as error:
            failures.append(str(error))
            return
        took = time.monotonic() - began
        if answer.status != 200 or not is_for(text, key):
            failures.append("%d %s" % (answer.status, text[:200].decode("latin1")))
            return
        times.append(took)
    connection.close()


began = time.monotonic()
threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
times.sort()
at = lambda part: 1000 * times[min(len(times) - 1, int(part * len(times)))] if times else None
print(
    json.dumps(
        {
            "issued": len(times),
            "failed": len(failures),
            "error": failures[-1] if failures else "",
            "seconds": time.monotonic() - began,
            "p50": at(0.5),
            "p99": at(0.99),
        }
    )
)
