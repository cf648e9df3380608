#!/usr/bin/env python3
"""An EST client that binds its request to the TLS connection (RFC 7030 section 3.5). Prints the HTTP status.

est-channel.py PORT ROOT USER:PASSWORD right|wrong|tls13 FOLDER
"""
import base64, os, socket, ssl, subprocess, sys, tempfile

port, root, credentials, which, folder = sys.argv[1:]
context = ssl.create_default_context(cafile=root)
context.maximum_version = ssl.TLSVersion.TLSv1_3 if which == "tls13" else ssl.TLSVersion.TLSv1_2
with context.wrap_socket(socket.create_connection(("127.0.0.1", int(port))), server_hostname="localhost") as tls:
    unique = tls.get_channel_binding("tls-unique")
    if which != "right":
        unique = os.urandom(12)
    work = tempfile.mkdtemp(dir=folder)
    key, der = os.path.join(work, "key"), os.path.join(work, "der")
    settings = os.path.join(work, "cnf")
    with open(settings, "w") as file:
        file.write("[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\n[dn]\nCN=alice\n[at]\n")
        file.write("challengePassword=%s\n" % base64.b64encode(unique).decode())
    subprocess.run(
        ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key]
        + ["-config", settings, "-outform", "DER", "-out", der],
        check=True,
        capture_output=True,
    )
    with open(der, "rb") as file:
        body = base64.b64encode(file.read())
    head = (
        "POST /.well-known/est/user/simpleenroll HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        "Authorization: Basic %s\r\nContent-Type: application/pkcs10\r\nContent-Length: %d\r\n\r\n"
        % (base64.b64encode(credentials.encode()).decode(), len(body))
    )
    tls.sendall(head.encode() + body)
    print(tls.recv(4096).split()[1].decode())
