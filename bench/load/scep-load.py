#!/usr/bin/env python3
"""SCEP clients (RFC 8894) that share no code with Sallyport: the cryptography library, and CMS by asn1crypto.

scep-load.py URL FILE CLIENTS: FILE has one line for each certificate, an account and its challenge. All messages are made
beforehand, each with an RSA-2048 key of its own; then so many clients send them, each over one connection that stays
open. The answers are opened and compared with the keys afterwards. Prints one line of JSON.
"""
import datetime, hashlib, http.client, itertools, json, os, sys, threading, time
from urllib.parse import urlsplit

from asn1crypto import cms, core, x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as signatures, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import pkcs7

DER = serialization.Encoding.DER
EXPONENT = 65537
# RFC 8894 section 3.2
MESSAGE_TYPE, PKI_STATUS, FAIL_INFO, SENDER_NONCE, RECIPIENT_NONCE, TRANSACTION_ID = (
    "2.16.840.1.113733.1.9.%d" % number for number in (2, 3, 4, 5, 6, 7)
)
PKCS_REQ, SUCCESS = "19", "0"
RETRY_SECONDS, MOST_TRIES = 0.05, 200


class Texts(core.SetOf):
    _child_spec = core.PrintableString


class Octets(core.SetOf):
    _child_spec = core.OctetString


for oid in (MESSAGE_TYPE, PKI_STATUS, FAIL_INFO, TRANSACTION_ID):
    cms.CMSAttribute._oid_specs[oid] = Texts
for oid in (SENDER_NONCE, RECIPIENT_NONCE):
    cms.CMSAttribute._oid_specs[oid] = Octets


def get(address, path):
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit("%s was answered %d" % (path, answer.status))
    return body


def registration_authority(address):
    for certificate in pkcs7.load_der_pkcs7_certificates(get(address, address.path + "?operation=GetCACert")):
        if not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return certificate
    raise SystemExit("there is no registration authority")


def keys(count):
    """Finding primes takes a while: each is in many keys, and no two keys are the same."""
    primes = []
    while len(primes) * (len(primes) - 1) // 2 < count:
        numbers = rsa.generate_private_key(EXPONENT, 2048).private_numbers()
        primes += [numbers.p, numbers.q]
    for p, q in itertools.islice(itertools.combinations(primes, 2), count):
        d = pow(EXPONENT, -1, (p - 1) * (q - 1))
        public = rsa.RSAPublicNumbers(EXPONENT, p * q)
        parts = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
        yield rsa.RSAPrivateNumbers(p, q, d, *parts, public).private_key()


def recipient(certificate):
    parsed = asn1.Certificate.load(certificate.public_bytes(DER))
    return cms.IssuerAndSerialNumber({"issuer": parsed.issuer, "serial_number": parsed.serial_number})


def enveloped(content, certificate):
    key, initial = os.urandom(16), os.urandom(16)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(initial)).encryptor()
    octets = encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()
    transport = {
        "version": "v0",
        "rid": cms.RecipientIdentifier("issuer_and_serial_number", recipient(certificate)),
        "key_encryption_algorithm": {"algorithm": "rsaes_pkcs1v15"},
        "encrypted_key": certificate.public_key().encrypt(key, signatures.PKCS1v15()),
    }
    data = {
        "version": "v0",
        "recipient_infos": [cms.RecipientInfo("ktri", transport)],
        "encrypted_content_info": {
            "content_type": "data",
            "content_encryption_algorithm": {"algorithm": "aes128_cbc", "parameters": initial},
            "encrypted_content": octets,
        },
    }
    return cms.ContentInfo({"content_type": "enveloped_data", "content": cms.EnvelopedData(data)}).dump()


def attribute(kind, value):
    return cms.CMSAttribute({"type": kind, "values": [value]})


def message(content, key, certificate):
    attributes = cms.CMSAttributes(
        [
            attribute("content_type", "data"),
            attribute("message_digest", hashlib.sha256(content).digest()),
            attribute(MESSAGE_TYPE, PKCS_REQ),
            attribute(SENDER_NONCE, os.urandom(16)),
            attribute(TRANSACTION_ID, os.urandom(16).hex()),
        ]
    )
    own = asn1.Certificate.load(certificate.public_bytes(DER))
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", recipient(certificate)),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_rsa"},
        "signature": key.sign(attributes.dump(), signatures.PKCS1v15(), hashes.SHA256()),
    }
    data = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data", "content": content},
        "certificates": [own],
        "signer_infos": [signer],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump()


def prepared(account, challenge, key, authority):
    subject = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, account)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject)
    request = request.add_attribute(x509.oid.AttributeOID.CHALLENGE_PASSWORD, challenge.encode())
    csr = request.sign(key, hashes.SHA256()).public_bytes(DER)
    now = datetime.datetime.utcnow()
    own = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    own = own.serial_number(x509.random_serial_number())
    own = own.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
    return message(enveloped(csr, authority), key, own.sign(key, hashes.SHA256()))


def issued_for(octets, key):
    """Whether the answer is success and holds a certificate for this key; else what it says."""
    signed = cms.ContentInfo.load(octets)["content"]
    said = {one["type"].dotted: one["values"][0].native for one in signed["signer_infos"][0]["signed_attrs"]}
    if said[PKI_STATUS] != SUCCESS:
        return "pkiStatus %s, failInfo %s" % (said[PKI_STATUS], said.get(FAIL_INFO))
    envelope = cms.ContentInfo.load(signed["encap_content_info"]["content"].native)["content"]
    (info,) = envelope["recipient_infos"]
    cipher = key.decrypt(info.chosen["encrypted_key"].native, signatures.PKCS1v15())
    encrypted = envelope["encrypted_content_info"]
    initial = encrypted["content_encryption_algorithm"]["parameters"].native
    decryptor = Cipher(algorithms.AES(cipher), modes.CBC(initial)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    plain = decryptor.update(encrypted["encrypted_content"].native) + decryptor.finalize()
    certificates = pkcs7.load_der_pkcs7_certificates(unpadder.update(plain) + unpadder.finalize())
    wanted = key.public_key().public_numbers()
    found = [one.public_key() for one in certificates]
    return None if any(isinstance(one, rsa.RSAPublicKey) and one.public_numbers() == wanted for one in found) else "for another key"


def send(connection, path, octets):
    connection.request("POST", path, octets, {"Content-Type": "application/x-pki-message"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def client(address, mine, answers, times, failures):
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    path = address.path + "?operation=PKIOperation"
    for octets, key in mine:
        began = time.monotonic()
        status, tries = 503, 0
        try:
            # The server gives RSA a share of each second and no more; whoever is turned away comes again.
            while status == 503 and tries < MOST_TRIES:
                time.sleep(RETRY_SECONDS if tries > 0 else 0)
                status, body = send(connection, path, octets)
                tries += 1
        except OSError as error:
            failures.append(str(error))
            return
        times.append(time.monotonic() - began)
        if status != 200:
            failures.append("%d %s" % (status, body[:200].decode("latin1")))
            return
        answers.append((body, key))
    connection.close()


def main(url, file, clients):
    address = urlsplit(url)
    authority = registration_authority(address)
    with open(file, encoding="ascii") as lines:
        wishes = [line.split() for line in lines]
    messages = [
        (prepared(account, challenge, key, authority), key)
        for (account, challenge), key in zip(wishes, keys(len(wishes)))
    ]
    answers, times, failures = [], [], []
    threads = [
        threading.Thread(target=client, args=(address, messages[number::clients], answers, times, failures))
        for number in range(clients)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    failures += [fault for fault in (issued_for(body, key) for body, key in answers) if fault is not None]
    times.sort()
    at = lambda part: 1000 * times[min(len(times) - 1, int(part * len(times)))] if times else None
    result = {"issued": len(answers), "failed": len(failures), "error": failures[-1] if failures else ""}
    print(json.dumps({**result, "seconds": seconds, "p50": at(0.5), "p99": at(0.99)}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
