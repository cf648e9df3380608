"""Logs in (right and wrong password) and reports one session with pyrad; checks every signature of the answers.

pyrad of Debian knows no Message-Authenticator, so it is computed here (RFC 3579 section 3.2).
"""

import hashlib
import hmac
import io
import socket
import sys

from pyrad.dictionary import Dictionary
from pyrad.packet import AcctPacket, AuthPacket

DICTIONARY = """
ATTRIBUTE User-Name 1 string
ATTRIBUTE User-Password 2 string
ATTRIBUTE NAS-IP-Address 4 ipaddr
ATTRIBUTE Acct-Status-Type 40 integer
ATTRIBUTE Acct-Session-Id 44 string
ATTRIBUTE Message-Authenticator 80 octets
"""

auth_port, acct_port, secret, user, password = sys.argv[1:6]
secret = secret.encode()
names = Dictionary(io.StringIO(DICTIONARY))


def digest(octets):
    return hmac.new(secret, octets, "md5").digest()


def at_of(octets, wanted):
    """Offset of the value of the first attribute of a type; -1 where it is missing."""
    offset = 20
    while offset < len(octets):
        if octets[offset] == wanted:
            return offset + 2
        offset += octets[offset + 1]
    return -1


def sign(octets):
    at = at_of(octets, 80)
    return octets[:at] + digest(octets) + octets[at + 16 :]


def is_signed(reply, authenticator):
    at = at_of(reply, 80)
    if at != 22:
        return False
    zeroed = reply[:4] + authenticator + reply[20:at] + bytes(16) + reply[at + 16 :]
    return hmac.compare_digest(digest(zeroed), reply[at : at + 16])


def exchange(port, octets):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(5)
        udp.sendto(octets, ("127.0.0.1", int(port)))
        return udp.recv(4096)


def show(kind, packet, octets, reply):
    packet.authenticator = octets[4:20]
    parsed = packet.CreateReply(packet=reply)
    proved = packet.VerifyReply(parsed, reply) and is_signed(reply, octets[4:20])
    print(kind, parsed.code, "signed" if proved else "NOT SIGNED")


for tried in (password, "wrong"):
    packet = AuthPacket(code=1, secret=secret, dict=names)
    packet["User-Name"] = user
    packet["User-Password"] = packet.PwCrypt(tried)
    packet["Message-Authenticator"] = bytes(16)
    octets = sign(packet.RequestPacket())
    show("auth", packet, octets, exchange(auth_port, octets))

packet = AcctPacket(secret=secret, dict=names)
packet["User-Name"] = user
packet["NAS-IP-Address"] = "127.0.0.1"
packet["Acct-Status-Type"] = 1
packet["Acct-Session-Id"] = "pyrad-1"
packet["Message-Authenticator"] = bytes(16)
# Message-Authenticator over an authenticator of zeros first, then the Request Authenticator over all (RFC 5997 section 4.2).
unsigned = packet.RequestPacket()
signed = sign(unsigned[:4] + bytes(16) + unsigned[20:])
octets = signed[:4] + hashlib.md5(signed[:4] + bytes(16) + signed[20:] + secret).digest() + signed[20:]
show("acct", packet, octets, exchange(acct_port, octets))
