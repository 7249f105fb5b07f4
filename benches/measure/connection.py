"""The least that a client can do: requests over one connection that is kept, and no look at what comes."""

import base64
import re
import socket

from paths import KEY

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
NEXT = re.compile(rb'"next":"([^"]+)"')


class Connection:
    """One connection to a simulator."""

    def __init__(self, origin):
        host, port = origin.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray(1 << 20)
        key = base64.b64encode(f"{KEY}:".encode()).decode()
        self.head = f"Host: {host}\r\nAuthorization: Basic {key}\r\n\r\n"

    def get(self, path):
        """The body at a path under /resources; it is only good until the next one is asked for."""
        self.socket.sendall(f"GET /resources{path} HTTP/1.1\r\n{self.head}".encode())
        view, got, whole = memoryview(self.buffer), 0, None
        while whole is None or got < whole:
            count = self.socket.recv_into(view[got:])
            if count == 0:
                raise SystemExit("the simulator closed the connection")
            got += count
            if whole is None and (end := self.buffer.find(b"\r\n\r\n", 0, got)) >= 0:
                start = end + 4
                whole = start + int(LENGTH.search(self.buffer, 0, start)[1])
        return view[start:whole]


def walk(origin):
    """Asks for every page of accounts, one after the other; how many there were."""
    connection, pages, cursor = Connection(origin), 0, ""
    while cursor is not None:
        page = connection.get(f"/accounts?limit=100&status=activeOrChurned{cursor}")
        pages += 1
        found = NEXT.search(page, len(page) - 300)
        cursor = f"&from={found[1].decode().replace('+', '%2B').replace('=', '%3D')}" if found else None
    return pages
