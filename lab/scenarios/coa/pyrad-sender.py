"""Sends one CoA- or Disconnect-Request with pyrad and prints code and Error-Cause of the verified answer."""

import io
import socket
import sys
import time

from pyrad.dictionary import Dictionary
from pyrad.packet import CoAPacket

DICTIONARY = """
ATTRIBUTE User-Name 1 string
ATTRIBUTE Proxy-State 33 octets
ATTRIBUTE Event-Timestamp 55 date
ATTRIBUTE Error-Cause 101 integer
"""

source, port, secret, code, user = sys.argv[1:6]
packet = CoAPacket(code=int(code), secret=secret.encode(), dict=Dictionary(io.StringIO(DICTIONARY)))
packet["User-Name"] = user
packet["Event-Timestamp"] = int(time.time())
packet["Proxy-State"] = b"one"
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind((source, 0))
udp.settimeout(10)
udp.sendto(packet.RequestPacket(), ("127.0.0.1", int(port)))
octets = udp.recv(4096)
reply = packet.CreateReply(packet=octets)
proved = packet.VerifyReply(reply, octets)
cause = reply["Error-Cause"][0] if 101 in reply else "-"
states = reply[33] if 33 in reply else []
print(reply.code, cause, "proved" if proved else "FORGED", states)
