"""A NAS that retransmits: the same report with another Identifier and a larger Acct-Delay-Time each time.

Prints how many of the transmissions were acknowledged, their answers verified by pyrad.
"""

import io
import socket
import sys
import time

from pyrad.dictionary import Dictionary
from pyrad.packet import AcctPacket

DICTIONARY = """
ATTRIBUTE User-Name 1 string
ATTRIBUTE NAS-Identifier 32 string
ATTRIBUTE Acct-Status-Type 40 integer
ATTRIBUTE Acct-Delay-Time 41 integer
ATTRIBUTE Acct-Input-Octets 42 integer
ATTRIBUTE Acct-Session-Id 44 string
ATTRIBUTE Event-Timestamp 55 date
"""

port, secret, session, clock, delays = sys.argv[1:6]
names = Dictionary(io.StringIO(DICTIONARY))
happened = int(time.time())
acknowledged = 0

for number, delay in enumerate(delays.split(",")):
    # What the delay says has really passed: a NAS without a clock is judged by arrival minus delay.
    time.sleep(max(0, happened + int(delay) - time.time()))
    packet = AcctPacket(secret=secret.encode(), dict=names, id=100 + number)
    packet["User-Name"] = "dave"
    packet["NAS-Identifier"] = "pyrad-nas"
    packet["Acct-Status-Type"] = 3
    packet["Acct-Session-Id"] = session
    packet["Acct-Input-Octets"] = 1000
    if int(delay) > 0:
        packet["Acct-Delay-Time"] = int(delay)
    if clock == "clock":
        packet["Event-Timestamp"] = happened
    octets = packet.RequestPacket()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(5)
        udp.sendto(octets, ("127.0.0.1", int(port)))
        reply = udp.recv(4096)
    acknowledged += packet.VerifyReply(packet.CreateReply(packet=reply), reply)

print("acknowledged", acknowledged)
