"""A TACACS+ server for tests, written from RFC 8907: authentication by PAP, CHAP and ASCII.

    python3 server.py --port 0 --key SECRET --user NAME=PASSWORD ...

Prints `listening on PORT`, then one line of JSON for every packet it takes: what it read, and the octets as they came.
What a user name begins with makes it misbehave: error, follow, restart, clear, secret, hang, close.
"""

import argparse
import hashlib
import hmac
import json
import socketserver
import struct
import threading

AUTHENTICATION = 1
ASCII, PAP, CHAP = 1, 2, 3
PASS, FAIL, GETUSER, GETPASS, RESTART, ERROR, FOLLOW = 1, 2, 4, 5, 6, 7, 0x21
UNENCRYPTED = 0x01

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, default=0)
arguments.add_argument("--key", required=True)
arguments.add_argument("--user", action="append", default=[])
options = arguments.parse_args()
KEY = options.key.encode()
USERS = dict(user.encode().split(b"=", 1) for user in options.user)
printing = threading.Lock()


def tell(**what):
    with printing:
        print(json.dumps(what), flush=True)


class Packet:
    """Section 4.1."""

    FORMAT = "!BBBBII"
    LENGTH = struct.calcsize(FORMAT)

    def __init__(self, version, kind, sequence, flags, session, body):
        self.version, self.kind, self.sequence = version, kind, sequence
        self.flags, self.session, self.body = flags, session, body

    def pad(self, key):
        """Section 4.5: MD5 over session, key, version, sequence number and the hash before."""
        fixed = struct.pack("!I", self.session) + key + bytes([self.version, self.sequence])
        out, last = b"", b""
        while len(out) < len(self.body):
            last = hashlib.md5(fixed + last).digest()
            out += last
        return out

    def crypted(self, key):
        if self.flags & UNENCRYPTED:
            return self.body
        return bytes(a ^ b for a, b in zip(self.body, self.pad(key)))

    def octets(self, key):
        head = (self.version, self.kind, self.sequence, self.flags, self.session, len(self.body))
        return struct.pack(self.FORMAT, *head) + self.crypted(key)


class Connection(socketserver.BaseRequestHandler):
    def exactly(self, count):
        octets = b""
        while len(octets) < count:
            more = self.request.recv(count - len(octets))
            if not more:
                return None
            octets += more
        return octets

    def receive(self):
        head = self.exactly(Packet.LENGTH)
        if head is None:
            return None
        version, kind, sequence, flags, session, length = struct.unpack(Packet.FORMAT, head)
        body = self.exactly(length) if version >> 4 == 0xC and length <= 65535 else None
        if body is None:
            return None
        packet = Packet(version, kind, sequence, flags, session, body)
        packet.body = packet.crypted(KEY)
        self.seen = (head + body).hex()
        return packet

    def reply(self, packet, status, message=b"", flags=0, key=KEY):
        body = struct.pack("!BBHH", status, 0, len(message), 0) + message
        answer = Packet(packet.version, packet.kind, packet.sequence + 1, flags, packet.session, body)
        self.request.sendall(answer.octets(key))

    def handle(self):
        self.request.settimeout(30)
        try:
            packet = self.receive()
            if packet is not None and packet.kind == AUTHENTICATION and packet.sequence == 1:
                self.authenticate(packet)
        except OSError:
            pass

    def authenticate(self, packet):
        start = read_start(packet.body)
        if start is None:
            # Section 4.5: a wrong key shows in the lengths.
            tell(event="unreadable", packet=self.seen)
            return self.reply(packet, ERROR, b"unreadable: is the key right?")
        tell(event="start", packet=self.seen, version=packet.version, client=self.client_address[0],
             **{name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                for name, value in start.items() if name != "data"})
        if self.misbehave(packet, start["user"]):
            return None
        check = {PAP: self.pap, CHAP: self.chap, ASCII: self.ascii}.get(start["type"])
        if check is None or start["action"] != 1:
            return self.reply(packet, RESTART)
        # Section 5.4.1: ASCII is of minor version 0, the others of 1.
        if (packet.version & 0xF) != (0 if start["type"] == ASCII else 1):
            return self.reply(packet, ERROR, b"wrong minor version")
        return check(packet, start)

    def misbehave(self, packet, user):
        if user.startswith(b"error"):
            self.reply(packet, ERROR, b"database down")
        elif user.startswith(b"follow"):
            self.reply(packet, FOLLOW, b"169.254.169.254")
        elif user.startswith(b"restart"):
            self.reply(packet, RESTART)
        elif user.startswith(b"clear"):
            self.reply(packet, PASS, flags=UNENCRYPTED)
        elif user.startswith(b"secret"):
            self.reply(packet, PASS, key=b"the secret of somebody else")
        elif user.startswith(b"hang"):
            self.exactly(1)
        elif not user.startswith(b"close"):
            return False
        return True

    def verdict(self, packet, is_right):
        self.reply(packet, PASS if is_right else FAIL)

    def pap(self, packet, start):
        known = USERS.get(start["user"])
        self.verdict(packet, known is not None and hmac.compare_digest(known, start["data"]))

    def chap(self, packet, start):
        """Section 5.4.2.3: identifier, challenge, response of MD5's 16 octets (RFC 1994)."""
        data, known = start["data"], USERS.get(start["user"])
        identifier, challenge, response = data[:1], data[1:-16], data[-16:]
        right = hashlib.md5(identifier + (known or b"") + challenge).digest()
        self.verdict(packet, known is not None and len(data) > 17 and hmac.compare_digest(right, response))

    def ascii(self, packet, start):
        """Section 5.4.2.1: user and password are asked for."""
        user = start["user"]
        if not user:
            self.reply(packet, GETUSER, b"Username: ")
            packet, user = self.answer()
        self.reply(packet, GETPASS, b"Password: ")
        packet, password = self.answer()
        known = USERS.get(user)
        self.verdict(packet, known is not None and hmac.compare_digest(known, password))

    def answer(self):
        packet = self.receive()
        if packet is None:
            raise OSError("the client has gone")
        length, _, _ = struct.unpack("!HHB", packet.body[:5])
        return packet, packet.body[5:5 + length]


def read_start(body):
    """Section 5.1; None where the lengths do not add up."""
    if len(body) < 8:
        return None
    action, privilege, kind, service, *lengths = body[:8]
    if 8 + sum(lengths) != len(body):
        return None
    fields, at = [], 8
    for length in lengths:
        fields.append(body[at:at + length])
        at += length
    user, port, address, data = fields
    return {"action": action, "privilege": privilege, "type": kind, "service": service,
            "user": user, "port": port, "address": address, "data": data}


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", options.port), Connection) as server:
    print(f"listening on {server.server_address[1]}", flush=True)
    server.serve_forever()
