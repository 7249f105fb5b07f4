"""One change of one account over a secure connection, from the start of the program to its end."""

import http.server
import os
import ssl
import tempfile
import threading

import certifi
import trustme

from paths import OURS, PYTHON, environment, peer, script
from process import in_turn, median, run
from row import Row

ACCOUNT = b'{"id":"11111111-1111-4111-8111-111111111111","externalId":"acct-1","name":"Old","traits":{}}'


class Answers(http.server.BaseHTTPRequestHandler):
    """One account, whatever is asked."""

    protocol_version = "HTTP/1.1"
    # Head and body leave in one piece.
    wbufsize = -1

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(ACCOUNT)))
        self.end_headers()
        self.wfile.write(ACCOUNT)
        self.wfile.flush()

    do_GET = do_PUT = answer

    def log_message(self, *_):
        pass


def measure(quick):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with http.server.ThreadingHTTPServer(("localhost", 0), Answers) as server, tempfile.TemporaryDirectory() as home:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # Both read as many certificates as a system has, and this one.
        bundle = os.path.join(home, "certificates.pem")
        with open(certifi.where(), "rb") as known, open(bundle, "wb") as file:
            file.write(known.read() + authority.cert_pem.bytes())
        surroundings = {
            **environment(f"https://localhost:{server.server_port}"),
            "VITALLY_SCRIPT_HOME": home,
            "SSL_CERT_FILE": bundle,
            "REQUESTS_CA_BUNDLE": bundle,
        }
        ours, python = [OURS, "-q", "run", "-y", script("update.rhai")], [PYTHON, peer("update.py")]
        took = in_turn(
            {"ours": lambda: run(ours, surroundings), "python": lambda: run(python, surroundings)}, 5 if quick else 21
        )
        server.shutdown()
    wall = {name: median(results, "wall") * 1000 for name, results in took.items()}
    what = "One change over a secure connection, written down before it is sent"
    return [Row(f"{what}, against `requests`", f"{wall['ours']:.1f} ms", f"{wall['python']:.1f} ms", wall["ours"] / wall["python"], 1 / 15)]
