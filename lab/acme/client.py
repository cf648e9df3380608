"""The acme library of certbot: account (P-256, external account), order,
http-01, certificate, revocation by the account.

client.py DIRECTORY FOLDER WELL-KNOWN NAME[,NAME...] [KID MAC-KEY]
"""
import ipaddress
import pathlib
import sys

import josepy
from acme import challenges, client, crypto_util, messages
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
import OpenSSL

directory_url, folder, well_known, names, *eab = sys.argv[1:]
folder = pathlib.Path(folder)


def new_account_key():
    return josepy.JWKEC(key=ec.generate_private_key(ec.SECP256R1()))


key = new_account_key()
net = client.ClientNetwork(key, alg=josepy.ES256, user_agent='sallyport-lab')
directory = messages.Directory.from_json(net.get(directory_url).json())
acme = client.ClientV2(directory, net=net)
fields = {'email': 'lab@example.test', 'terms_of_service_agreed': True}
if eab:
    fields['external_account_binding'] = messages.ExternalAccountBinding.from_data(
        account_public_key=key.public_key(), kid=eab[0], hmac_key=eab[1], directory=directory)
registration = acme.new_account(messages.NewRegistration.from_data(**fields))
print('account', registration.uri)

private = ec.generate_private_key(ec.SECP256R1())
pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                            serialization.NoEncryption())
(folder / 'key.pem').write_bytes(pem)


def is_address(name):
    try:
        ipaddress.ip_address(name)
        return True
    except ValueError:
        return False


split = names.split(',')
domains = [name for name in split if not is_address(name)]
addresses = [ipaddress.ip_address(name) for name in split if is_address(name)]
csr = crypto_util.make_csr(pem, domains or None, ipaddrs=addresses or None)
order = acme.new_order(csr)
for authorization in order.authorizations:
    for body in authorization.body.challenges:
        if isinstance(body.chall, challenges.HTTP01):
            response, validation = body.response_and_validation(key)
            (pathlib.Path(well_known) / body.chall.encode('token')).write_text(validation)
            acme.answer_challenge(body, response)
order = acme.poll_and_finalize(order)
(folder / 'fullchain.pem').write_text(order.fullchain_pem)
print('certificate', len(order.fullchain_pem))

acme.update_registration(registration.update(body=registration.body.update(contact=())))
certificate = OpenSSL.crypto.load_certificate(OpenSSL.crypto.FILETYPE_PEM, order.fullchain_pem)
acme.revoke(josepy.ComparableX509(certificate), 0)
print('revoked')
