"""Attestations of devices for device-attest-01, made without a line of the product: certificates by `cryptography`, CBOR by
`cbor2`, and TPM statements by a software TPM (swtpm) through tpm2-tools.

attest.py apple TOKEN SERIAL UDID     attest.py tpm KEY-AUTHORIZATION DEVICE FOLDER PORT
Prints JSON: PEM of the root and of another root, the key as PEM, and attestation objects by name in base64url.
"""
import base64
import datetime
import hashlib
import json
import os
import struct
import subprocess
import sys
import time

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

NOW = datetime.datetime(2026, 1, 1)
DAY = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject, key, issuer, issuer_key, ca, extensions=()):
    builder = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer))
               .public_key(key).serial_number(x509.random_serial_number())
               .not_valid_before(NOW).not_valid_after(NOW + 3650 * DAY)
               .add_extension(x509.BasicConstraints(ca, None), True))
    if ca:
        builder = builder.add_extension(
            x509.KeyUsage(False, False, False, False, False, True, True, False, False), True)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def new_root(subject):
    key = ec.generate_private_key(ec.SECP384R1())
    return key, certificate(subject, key.public_key(), subject, key, True)


def pem(made):
    return made.public_bytes(serialization.Encoding.PEM).decode()


def der(made):
    return made.public_bytes(serialization.Encoding.DER)


def encode(value):
    return base64.urlsafe_b64encode(cbor2.dumps(value)).rstrip(b'=').decode()


def raw(oid, value):
    return x509.UnrecognizedExtension(ObjectIdentifier(oid), value), False


def apple(token, serial, udid):
    root_key, root = new_root('Apple Enterprise Attestation Root CA (test)')
    other_key, other = new_root('Another root')
    sub_key = ec.generate_private_key(ec.SECP384R1())
    sub = certificate('Attestation CA (test)', sub_key.public_key(), 'Apple Enterprise Attestation Root CA (test)',
                      root_key, True)
    key = ec.generate_private_key(ec.SECP256R1())

    def leaf(fresh, serial=serial, udid=udid, issuer_key=sub_key):
        fields = [raw('1.2.840.113635.100.8.9.1', serial.encode()), raw('1.2.840.113635.100.8.9.2', udid.encode()),
                  raw('1.2.840.113635.100.8.10.2', b'19.0')]
        if fresh is not None:
            fields.append(raw('1.2.840.113635.100.8.11.1', hashlib.sha256(fresh.encode()).digest()))
        return certificate('attested', key.public_key(), 'Attestation CA (test)', issuer_key, False, fields)

    def statement(made, **more):
        return encode({'fmt': 'apple', 'attStmt': {'x5c': [der(made), der(sub)], **more}})

    objects = {
        'good': statement(leaf(token)),
        'otherChallenge': statement(leaf('another token')),
        'noFreshness': statement(leaf(None)),
        'otherDevice': statement(leaf(token, 'OTHER', 'OTHER-UDID')),
        'forged': statement(leaf(token, issuer_key=other_key)),
        'noChain': encode({'fmt': 'apple', 'attStmt': {'x5c': []}}),
        'unknownFormat': encode({'fmt': 'packed', 'attStmt': {'x5c': [der(leaf(token)), der(sub)]}}),
        'tagged': base64.urlsafe_b64encode(cbor2.dumps(cbor2.CBORTag(1, {'fmt': 'apple'}))).rstrip(b'=').decode(),
    }
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption()).decode()
    return {'root': pem(root), 'otherRoot': pem(other), 'key': private, 'objects': objects}


class Tpm:
    def __init__(self, folder, port):
        os.makedirs(folder, exist_ok=True)
        self.folder = folder
        self.env = {**os.environ, 'TPM2TOOLS_TCTI': f'swtpm:host=127.0.0.1,port={port}'}
        self.process = subprocess.Popen(
            ['swtpm', 'socket', '--tpm2', '--tpmstate', f'dir={folder}', '--flags', 'not-need-init,startup-clear',
             '--server', f'type=tcp,bindaddr=127.0.0.1,port={port}',
             '--ctrl', f'type=tcp,bindaddr=127.0.0.1,port={port + 1}'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            if subprocess.run(['tpm2_getrandom', '1'], env=self.env, capture_output=True).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError('swtpm does not answer')

    def close(self):
        self.process.terminate()
        self.process.wait()

    def run(self, *command, **options):
        done = subprocess.run(command, env=self.env, cwd=self.folder, capture_output=True, **options)
        if done.returncode != 0:
            raise RuntimeError(f'{command}: {done.stderr.decode()}')
        # The TPM holds three objects at a time; every tool loads what it needs from its file.
        subprocess.run(['tpm2_flushcontext', '-t'], env=self.env, capture_output=True)
        return done.stdout

    def read(self, file):
        with open(os.path.join(self.folder, file), 'rb') as opened:
            return opened.read()

    def key(self, label, handle, attributes):
        self.run('tpm2_create', '-C', 'primary.ctx', '-G', 'ecc256:ecdsa-sha256', '-g', 'sha256', '-a', attributes,
                 '-u', f'{label}.pub', '-r', f'{label}.priv')
        self.run('tpm2_load', '-C', 'primary.ctx', '-u', f'{label}.pub', '-r', f'{label}.priv', '-c', f'{label}.ctx')
        self.run('tpm2_evictcontrol', '-C', 'o', '-c', f'{label}.ctx', hex(handle))
        self.run('tpm2_readpublic', '-c', hex(handle), '-f', 'pem', '-o', f'{label}.pem')
        return handle, self.read(f'{label}.pub')[2:]

    def certify(self, handle, ak, data):
        """TPM2_Certify as octets: tpm2_certify of tpm2-tools takes no qualifying data."""
        empty_password = struct.pack('>IHBH', 0x40000009, 0, 0, 0)
        sessions = empty_password * 2
        body = struct.pack('>II', handle, ak) + struct.pack('>I', len(sessions)) + sessions
        body += struct.pack('>H', len(data)) + data + struct.pack('>H', 0x0010)
        command = struct.pack('>HII', 0x8002, 10 + len(body), 0x148) + body
        answer = self.run('tpm2_send', input=command)
        _, _, code, _ = struct.unpack('>HIII', answer[:14])
        if code != 0:
            raise RuntimeError(f'TPM2_Certify: {code:#x}')
        length = struct.unpack('>H', answer[14:16])[0]
        info = answer[16:16 + length]
        signature = answer[16 + length:]
        # ECDSA, hash, r, s; sessions follow.
        at = 4
        for _ in range(2):
            at += 2 + struct.unpack('>H', signature[at:at + 2])[0]
        return info, signature[:at]


def tpm(authorization, device, folder, port):
    machine = Tpm(folder, int(port))
    try:
        return tpm_objects(machine, authorization, device)
    finally:
        machine.close()


def tpm_objects(machine, authorization, device):
    machine.run('tpm2_createek', '-c', 'ek.ctx', '-G', 'ecc')
    machine.run('tpm2_createak', '-C', 'ek.ctx', '-c', 'ak.ctx', '-G', 'ecc', '-g', 'sha256', '-s', 'ecdsa')
    ak = 0x81010002
    machine.run('tpm2_evictcontrol', '-C', 'o', '-c', 'ak.ctx', hex(ak))
    machine.run('tpm2_readpublic', '-c', hex(ak), '-f', 'pem', '-o', 'ak.pem')
    machine.run('tpm2_createprimary', '-C', 'o', '-c', 'primary.ctx')
    bound = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign'
    key, area = machine.key('key', 0x81010003, bound)
    second, second_area = machine.key('second', 0x81010004, bound)
    loose, loose_area = machine.key('loose', 0x81010005, 'sensitivedataorigin|userwithauth|sign')

    root_key, root = new_root('TPM maker (test)')
    other_key, other = new_root('Another root')
    ak_public = serialization.load_pem_public_key(machine.read('ak.pem'))
    aik = x509.ExtendedKeyUsage([ObjectIdentifier('2.23.133.8.3')])

    def ak_certificate(device=device, usage=aik, issuer_key=root_key):
        text = device.encode()
        value = bytes([0x30, len(text) + 2, 0x0c, len(text)]) + text
        san = x509.SubjectAlternativeName([x509.OtherName(ObjectIdentifier('1.3.6.1.5.5.7.8.3'), value)])
        extensions = [(san, False)] + ([(usage, False)] if usage else [])
        return certificate('AK', ak_public, 'TPM maker (test)', issuer_key, False, extensions)

    def statement(made, info, signature, public):
        return encode({'fmt': 'tpm', 'attStmt': {'ver': '2.0', 'alg': -7, 'x5c': [der(made)], 'sig': signature,
                                                 'certInfo': info, 'pubArea': public}})

    good = ak_certificate()
    digest = hashlib.sha256(authorization.encode()).digest()
    info, signature = machine.certify(key, ak, digest)
    other_info, other_signature = machine.certify(key, ak, hashlib.sha256(b'another').digest())
    loose_info, loose_signature = machine.certify(loose, ak, digest)
    altered = info[:-1] + bytes([info[-1] ^ 1])
    objects = {
        'good': statement(good, info, signature, area),
        'otherChallenge': statement(good, other_info, other_signature, area),
        'otherKey': statement(good, info, signature, second_area),
        'looseKey': statement(good, loose_info, loose_signature, loose_area),
        'altered': statement(good, altered, signature, area),
        'cutShort': statement(good, info, signature, area[:-3]),
        'otherDevice': statement(ak_certificate('OTHER'), info, signature, area),
        'noUsage': statement(ak_certificate(usage=None), info, signature, area),
        'forged': statement(ak_certificate(issuer_key=other_key), info, signature, area),
    }
    return {'root': pem(root), 'otherRoot': pem(other), 'key': machine.read('key.pem').decode(), 'objects': objects}


kind, *arguments = sys.argv[1:]
print(json.dumps({'apple': apple, 'tpm': tpm}[kind](*arguments)))
