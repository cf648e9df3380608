#!/usr/bin/env python3
"""An EST server that shares nothing with Sallyport: Python's TLS and HTTP, OpenSSL's signing; written from RFC 7030.

foreign-est.py FOLDER: FOLDER holds ca.pem and ca.key (sign), tls.pem and tls.key (the server's own), shown.pem (what cacerts
shows; read each time). Prints its port. Basic credentials are dev:pw. A POST to .../slow/... is answered with 202 once, one to
.../busy/... with 503 once.
"""
import base64, http.server, os, ssl, subprocess, sys, tempfile

folder = sys.argv[1]
once = set()


def path(name):
    return os.path.join(folder, name)


def certs_only(file):
    arguments = ["openssl", "crl2pkcs7", "-nocrl", "-certfile", file, "-outform", "DER"]
    # Line ends as RFC 8951 lets a server write them.
    return base64.encodebytes(subprocess.run(arguments, check=True, capture_output=True).stdout)


def sign(request):
    work = tempfile.mkdtemp(dir=folder)
    with open(os.path.join(work, "request"), "wb") as file:
        file.write(request)
    issued = os.path.join(work, "issued.pem")
    arguments = ["openssl", "x509", "-req", "-inform", "DER", "-in", os.path.join(work, "request"), "-days", "90"]
    arguments += ["-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-set_serial", "0x" + os.urandom(16).hex()]
    subprocess.run(arguments + ["-copy_extensions", "copy", "-out", issued], check=True, capture_output=True)
    return certs_only(issued)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="text/plain", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path.endswith("/cacerts"):
            self.answer(200, certs_only(path("shown.pem")), "application/pkcs7-mime")
        elif self.path.endswith("/csrattrs"):
            self.answer(204)
        else:
            self.answer(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        shown = self.connection.getpeercert()
        basic = "Basic " + base64.b64encode(b"dev:pw").decode()
        renews = self.path.endswith("/simplereenroll")
        if renews and not shown:
            return self.answer(403, b"no certificate")
        if not renews and self.headers.get("Authorization") != basic:
            return self.answer(401, b"wrong", WWW_Authenticate='Basic realm="est"')
        if body not in once:
            once.add(body)
            if "/slow/" in self.path:
                return self.answer(202, Retry_After="1")
            if "/busy/" in self.path:
                return self.answer(503, b"busy", Retry_After="1")
        self.answer(200, sign(base64.b64decode(body)), "application/pkcs7-mime; smime-type=certs-only")


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(path("tls.pem"), path("tls.key"))
context.load_verify_locations(path("ca.pem"))
context.verify_mode = ssl.CERT_OPTIONAL
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print("port", server.server_address[1], flush=True)
server.serve_forever()
