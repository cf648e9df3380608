#!/usr/bin/python3
"""Makes an answer of MS-WSTEP with asn1crypto and the openssl command, or one with a fault in it, for the test of the judge.

  build_answer.py FOLDER [--fault status|hash|bodylist|leaf|root|certs-only]   writes answer.xml, root.pem, request.der
"""
import argparse
import base64
import hashlib
import os
import subprocess
from asn1crypto import core

X509V3 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3'
SECEXT = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
ANSWER = f"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing">
<s:Header><a:Action s:mustUnderstand="1">http://schemas.microsoft.com/windows/pki/2009/01/enrollment/RSTRC/wstep</a:Action>
<a:RelatesTo>urn:uuid:72048b64-0f19-448f-8c2e-b4c661860aa0</a:RelatesTo></s:Header>
<s:Body><RequestSecurityTokenResponseCollection xmlns="http://docs.oasis-open.org/ws-sx/ws-trust/200512"><RequestSecurityTokenResponse>
<TokenType>{X509V3}</TokenType>
<DispositionMessage xml:lang="en-US" xmlns="http://schemas.microsoft.com/windows/pki/2009/01/enrollment">Issued</DispositionMessage>
<BinarySecurityToken ValueType="{SECEXT}#PKCS7" EncodingType="{SECEXT}#base64binary" xmlns="{SECEXT}">%s</BinarySecurityToken>
<RequestedSecurityToken><BinarySecurityToken ValueType="{X509V3}" EncodingType="{SECEXT}#base64binary"
 xmlns="{SECEXT}">%s</BinarySecurityToken></RequestedSecurityToken>
<RequestID xmlns="http://schemas.microsoft.com/windows/pki/2009/01/enrollment">7</RequestID>
</RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection></s:Body></s:Envelope>"""


def sequence(*parts):
    return core.Sequence(contents=b''.join(parts)).dump()


def set_of(*parts):
    return core.Set(contents=b''.join(parts)).dump()


def integer(value):
    return core.Integer(value).dump()


def oid(value):
    return core.ObjectIdentifier(value).dump()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder')
    parser.add_argument('--fault')
    options = parser.parse_args()
    os.chdir(options.folder)

    def openssl(*words):
        subprocess.run(['openssl', *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    new = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    openssl('req', '-x509', *new, '-keyout', 'root.key', '-out', 'root.pem', '-subj', '/CN=Root', '-days', '9', '-addext', 'keyUsage=critical,keyCertSign')
    for name, issuer, extensions in (('ca', 'root', 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign'), ('leaf', 'ca', 'extendedKeyUsage=clientAuth')):
        openssl('req', *new, '-keyout', f'{name}.key', '-out', f'{name}.csr', '-subj', f'/CN={name}')
        with open('extensions', 'w', encoding='ascii') as file:
            file.write(f'{extensions}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n')
        signer = ['-CA', f'{issuer}.pem', '-CAkey', f'{issuer}.key', '-CAcreateserial', '-extfile', 'extensions']
        openssl('x509', '-req', '-in', f'{name}.csr', *signer, '-days', '9', '-out', f'{name}.pem')
    openssl('req', '-in', 'leaf.csr', '-outform', 'DER', '-out', 'request.der')
    openssl('x509', '-in', 'leaf.pem', '-outform', 'DER', '-out', 'leaf.der')
    with open('leaf.der', 'rb') as file:
        leaf = file.read()

    status = sequence(
        integer(2 if options.fault == 'status' else 0), sequence(integer(4 if options.fault == 'bodylist' else 1)), core.UTF8String('Issued').dump()
    )
    digest = hashlib.sha1(b'other' if options.fault == 'hash' else leaf).digest()
    added = set_of(sequence(oid('1.3.6.1.4.1.311.21.17'), set_of(core.OctetString(digest).dump())))
    body = sequence(
        sequence(
            sequence(integer(1), oid('1.3.6.1.5.5.7.7.1'), set_of(status)),
            sequence(integer(2), oid('1.3.6.1.4.1.311.10.10.1'), set_of(sequence(integer(0), sequence(integer(1)), added))),
        ),
        sequence(),
        sequence(),
    )
    with open('body.der', 'wb') as file:
        file.write(body)
    with open('certificates.pem', 'w', encoding='ascii') as file:
        for name in ('leaf', 'root'):
            if options.fault != name:
                with open(f'{name}.pem', encoding='ascii') as part:
                    file.write(part.read())
    content = '1.2.840.113549.1.7.1' if options.fault == 'certs-only' else '1.3.6.1.5.5.7.12.3'
    openssl(
        *['cms', '-sign', '-binary', '-nodetach', '-nosmimecap', '-econtent_type', content, '-in', 'body.der'],
        *['-signer', 'ca.pem', '-inkey', 'ca.key', '-certfile', 'certificates.pem', '-outform', 'DER', '-out', 'token.der'],
    )
    with open('token.der', 'rb') as file:
        token = file.read()
    with open('answer.xml', 'w', encoding='ascii') as file:
        file.write(ANSWER % (base64.b64encode(token).decode(), base64.b64encode(leaf).decode()))


main()
