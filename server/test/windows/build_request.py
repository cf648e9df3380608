#!/usr/bin/python3
"""Makes certificate requests as Windows and cepces do, with asn1crypto and the openssl command; no code of the product.

  build_request.py pkcs10 --key KEY --out FILE [--subject CN] [--dns NAME] [--upn NAME] [--sid SID] [--ca]
      [--template-name NAME] [--template-oid OID] [--pair NAME=VALUE]... [--renews CERTIFICATE] [--break-signature]
  build_request.py cmc    --in PKCS10 --out FILE [--key KEY | --no-sign] [--old-key KEY --old CERTIFICATE] [--reg-info TEXT]
      [--two]
  build_request.py pkcs7  --in PKCS10 --out FILE --old-key KEY --old CERTIFICATE

Keys and certificates are PEM, the rest is DER.
"""
import argparse
import functools
import hashlib
import subprocess
from asn1crypto import algos, cms, core, keys, pem, x509

OID_CMC_DATA = '1.3.6.1.5.5.7.12.2'
NO_SIGNATURE = '1.3.6.1.5.5.7.6.2'


def openssl(*words, data=None):
    return subprocess.run(['openssl', *words], input=data, stdout=subprocess.PIPE, check=True).stdout


@functools.lru_cache
def spki_of(key):
    return keys.PublicKeyInfo.load(openssl('pkey', '-in', key, '-pubout', '-outform', 'DER'))


def sign(key, data):
    return openssl('dgst', '-sha256', '-sign', key, data=data)


def signature_algorithm(key):
    name = 'sha256_rsa' if spki_of(key).algorithm == 'rsa' else 'sha256_ecdsa'
    return algos.SignedDigestAlgorithm({'algorithm': name})


def certificate_of(path):
    with open(path, 'rb') as file:
        octets = file.read()
    return x509.Certificate.load(pem.unarmor(octets)[2] if pem.detect(octets) else octets)


def der_sequence(*parts):
    return core.Sequence(contents=b''.join(parts)).dump()


def bmp(text):
    return core.BMPString(text).dump()


def context(number, content):
    length = len(content)
    header = bytes([length]) if length < 128 else bytes([0x81, length]) if length < 256 else b'\x82' + length.to_bytes(2, 'big')
    return bytes([0xA0 | number]) + header + content


def extension(oid, value, critical=False):
    parts = [core.ObjectIdentifier(oid).dump()]
    if critical:
        parts.append(core.Boolean(True).dump())
    return der_sequence(*parts, core.OctetString(value).dump())


def attribute(oid, *values):
    return der_sequence(core.ObjectIdentifier(oid).dump(), bytes([0x31]) + length_of(b''.join(values)))


def length_of(content):
    n = len(content)
    if n < 128:
        return bytes([n]) + content
    octets = n.to_bytes((n.bit_length() + 7) // 8, 'big')
    return bytes([0x80 | len(octets)]) + octets + content


def pkcs10(options):
    extensions = []
    if options.template_name:
        extensions.append(extension('1.3.6.1.4.1.311.20.2', bmp(options.template_name)))
    if options.template_oid:
        extensions.append(
            extension(
                '1.3.6.1.4.1.311.21.7',
                der_sequence(core.ObjectIdentifier(options.template_oid).dump(), core.Integer(options.template_major).dump(), core.Integer(0).dump()),
            )
        )
    names = b''
    if options.dns:
        names += x509.GeneralName('dns_name', options.dns).dump()
    if options.upn:
        names += context(0, core.ObjectIdentifier('1.3.6.1.4.1.311.20.2.3').dump() + context(0, core.UTF8String(options.upn).dump()))
    if names:
        extensions.append(extension('2.5.29.17', core.Sequence(contents=names).dump()))
    if options.sid:
        sid = core.OctetString(options.sid.encode()).dump()
        other = context(0, core.ObjectIdentifier('1.3.6.1.4.1.311.25.2.1').dump() + context(0, sid))
        extensions.append(extension('1.3.6.1.4.1.311.25.2', core.Sequence(contents=other).dump()))
    if options.ca:
        extensions.append(extension('2.5.29.19', der_sequence(core.Boolean(True).dump()), True))
    attributes = [
        # The version of the operating system, and who asks: every Windows request has them (MS-WCCE 2.2.2.7).
        attribute('1.3.6.1.4.1.311.13.2.3', core.IA5String('10.0.20348.2').dump()),
        attribute(
            '1.3.6.1.4.1.311.21.20',
            der_sequence(
                core.Integer(6).dump(),
                core.UTF8String('ws1.lab.test').dump(),
                core.UTF8String('LAB\\WS1$').dump(),
                core.UTF8String('taskhostw.exe').dump(),
            ),
        ),
    ]
    for pair in options.pair:
        name, value = pair.split('=', 1)
        attributes.append(attribute('1.3.6.1.4.1.311.13.2.1', der_sequence(bmp(name), bmp(value))))
    if options.renews:
        attributes.append(attribute('1.3.6.1.4.1.311.13.1', certificate_of(options.renews).dump()))
    if extensions:
        attributes.append(attribute('1.2.840.113549.1.9.14', der_sequence(*extensions)))
    subject = x509.Name.build({'common_name': options.subject}) if options.subject else x509.Name.build({})
    info = der_sequence(
        core.Integer(0).dump(), subject.dump(), spki_of(options.key).dump(), context_of_many(0, b''.join(sorted(attributes)))
    )
    signature = bytearray(sign(options.key, info))
    if options.break_signature:
        signature[-1] ^= 1
    return der_sequence(info, signature_algorithm(options.key).dump(), core.OctetBitString(bytes(signature)).dump())


def context_of_many(number, content):
    return bytes([0xA0 | number]) + length_of(content)


def digest_algorithm():
    return algos.DigestAlgorithm({'algorithm': 'sha256'})


def signer(sid, algorithm, value, digest, content_type):
    """A SignerInfo; `value` makes the signature of the octets it is given."""
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({'type': 'content_type', 'values': [content_type]}),
            cms.CMSAttribute({'type': 'message_digest', 'values': [digest]}),
        ]
    )
    return der_sequence(
        core.Integer(3 if sid[0] == 0x80 else 1).dump(),
        sid,
        digest_algorithm().dump(),
        b'\xa0' + attributes.dump()[1:],
        algorithm,
        core.OctetString(value(attributes.dump())).dump(),
    )


def key_identifier(key):
    octets = hashlib.sha1(bytes(spki_of(key)['public_key'])).digest()
    return b'\x80' + length_of(octets)


def issuer_and_serial(certificate):
    return der_sequence(certificate.issuer.dump(), core.Integer(certificate.serial_number).dump())


def by_old(options, digest, content_type):
    old = certificate_of(options.old)
    return signer(
        issuer_and_serial(old),
        signature_algorithm(options.old_key).dump(),
        lambda octets: sign(options.old_key, octets),
        digest,
        content_type,
    )


def signed_data(content_type, content, signers, certificates):
    parts = [
        core.Integer(3).dump(),
        b'\x31' + length_of(digest_algorithm().dump()),
        der_sequence(core.ObjectIdentifier(content_type).dump(), context_of_many(0, core.OctetString(content).dump())),
    ]
    if certificates:
        parts.append(context_of_many(0, b''.join(certificates)))
    parts.append(b'\x31' + length_of(b''.join(sorted(signers))))
    return der_sequence(core.ObjectIdentifier('1.2.840.113549.1.7.2').dump(), context_of_many(0, der_sequence(*parts)))


def cmc(options):
    """MS-WCCE 3.1.1.4.3.1.3: a PKIData with one PKCS #10, its first signature by key identifier or none at all."""
    with open(getattr(options, 'in'), 'rb') as file:
        request = file.read()
    client = attribute(
        '1.3.6.1.4.1.311.21.20',
        der_sequence(core.Integer(6).dump(), core.UTF8String('ws1.lab.test').dump(), core.UTF8String('LAB\\WS1$').dump(), core.UTF8String('taskhostw.exe').dump()),
    )
    controls = der_sequence(
        core.Integer(2).dump(),
        core.ObjectIdentifier('1.3.6.1.4.1.311.10.10.1').dump(),
        b'\x31' + length_of(der_sequence(core.Integer(0).dump(), der_sequence(core.Integer(1).dump()), b'\x31' + length_of(client))),
    )
    if options.reg_info is not None:
        controls += der_sequence(
            core.Integer(3).dump(),
            core.ObjectIdentifier('1.3.6.1.5.5.7.7.18').dump(),
            b'\x31' + length_of(core.OctetString(options.reg_info.encode('utf-8')).dump()),
        )
    tagged = context_of_many(0, core.Integer(1).dump() + request)
    if options.two:
        tagged += context_of_many(0, core.Integer(4).dump() + request)
    data = der_sequence(der_sequence(controls), der_sequence(tagged), der_sequence(), der_sequence())
    digest = hashlib.sha256(data).digest()
    if options.no_sign:
        # RFC 5272 section 3.3.1, as Windows writes it: the algorithm says that nobody signed, the digest stands in.
        first = signer(
            key_identifier(options.key),
            der_sequence(core.ObjectIdentifier(NO_SIGNATURE).dump(), core.Null().dump()),
            lambda octets: hashlib.sha256(octets).digest(),
            digest,
            OID_CMC_DATA,
        )
    else:
        first = signer(
            key_identifier(options.key),
            signature_algorithm(options.key).dump(),
            lambda octets: sign(options.key, octets),
            digest,
            OID_CMC_DATA,
        )
    signers, certificates = [first], []
    if options.old:
        signers.append(by_old(options, digest, OID_CMC_DATA))
        certificates.append(certificate_of(options.old).dump())
    return signed_data(OID_CMC_DATA, data, signers, certificates)


def pkcs7(options):
    """MS-WCCE 3.1.1.4.3.2.1: the PKCS #10 as data, signed by the key of the certificate that is renewed."""
    with open(getattr(options, 'in'), 'rb') as file:
        request = file.read()
    digest = hashlib.sha256(request).digest()
    return signed_data('1.2.840.113549.1.7.1', request, [by_old(options, digest, '1.2.840.113549.1.7.1')], [certificate_of(options.old).dump()])


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest='command', required=True)
    one = commands.add_parser('pkcs10')
    for name in ('subject', 'dns', 'upn', 'sid', 'template-name', 'template-oid', 'renews'):
        one.add_argument('--' + name)
    one.add_argument('--template-major', type=int, default=100)
    one.add_argument('--pair', action='append', default=[])
    one.add_argument('--ca', action='store_true')
    one.add_argument('--break-signature', action='store_true')
    one.add_argument('--key', required=True)
    two = commands.add_parser('cmc')
    two.add_argument('--key', required=True)
    two.add_argument('--no-sign', action='store_true')
    two.add_argument('--two', action='store_true')
    two.add_argument('--reg-info')
    three = commands.add_parser('pkcs7')
    for command in (two, three):
        command.add_argument('--in', required=True)
        command.add_argument('--old-key', required=command is three)
        command.add_argument('--old', required=command is three)
    for command in (one, two, three):
        command.add_argument('--out', required=True)
    options = parser.parse_args()
    octets = {'pkcs10': pkcs10, 'cmc': cmc, 'pkcs7': pkcs7}[options.command](options)
    with open(options.out, 'wb') as file:
        file.write(octets)


main()
