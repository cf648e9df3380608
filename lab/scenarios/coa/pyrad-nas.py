"""A device as pyrad makes one: takes CoA and Disconnect, prints what it got, one JSON line each.

What it answers depends on User-Name: `stubborn` is refused with Error-Cause 504, `silent` gets no answer, everybody
else is acknowledged.
"""

import io
import json
import socket
import sys

from pyrad.dictionary import Dictionary
from pyrad.packet import CoAPacket

DICTIONARY = """
ATTRIBUTE User-Name 1 string
ATTRIBUTE Error-Cause 101 integer
"""

address, port, secret = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
names = Dictionary(io.StringIO(DICTIONARY))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind((address, port))
print("listening", flush=True)

while True:
    octets, source = udp.recvfrom(4096)
    packet = CoAPacket(packet=octets, secret=secret, dict=names)
    packet.raw_packet = octets
    user = packet["User-Name"][0] if 1 in packet else ""
    proved = bool(packet.VerifyCoARequest())
    print(json.dumps({"octets": octets.hex(), "user": user, "proved": proved, "code": packet.code}), flush=True)
    if not proved or user == "silent":
        continue
    reply = packet.CreateReply()
    reply.code = packet.code + (2 if user == "stubborn" else 1)
    if user == "stubborn":
        reply["Error-Cause"] = 504
    udp.sendto(reply.ReplyPacket(), source)
