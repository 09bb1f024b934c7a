# SPDX-License-Identifier: MIT OR Apache-2.0
"""The traffic that record.sh records: name queries, web pages, and what else networks carry."""
import http.client
import http.server
import socket
import struct
import threading
import time

NAMES = ["example.org", "www.example.org", "mail.example.org", "ipv6.example.net"]
QUIET = {"log_message": lambda *arguments: None}


def answer(query):
    """A DNS response (RFC 1035): one A or AAAA record, for whatever name is asked."""
    kind = struct.unpack("!H", query[-4:-2])[0]
    address = bytes([192, 0, 2, 1]) if kind == 1 else socket.inet_pton(socket.AF_INET6,
                                                                       "2001:db8::1")
    head = query[:2] + struct.pack("!5H", 0x8180, 1, 1, 0, 0)
    record = struct.pack("!3HIH", 0xC00C, kind, 1, 300, len(address)) + address
    return head + query[12:] + record


def question(number, name, kind):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, kind, 1)


def serve_names_udp(family, host):
    server = socket.socket(family, socket.SOCK_DGRAM)
    server.bind((host, 53))
    while True:
        query, client = server.recvfrom(512)
        server.sendto(answer(query), client)


def serve_names_tcp():
    server = socket.create_server(("127.0.0.1", 53))
    while True:
        client, _ = server.accept()
        with client:
            query = client.recv(514)[2:]
            client.sendall(struct.pack("!H", len(answer(query))) + answer(query))


class Page(http.server.BaseHTTPRequestHandler):
    log_message = QUIET["log_message"]

    def do_GET(self):
        body = b"<p>%s</p>\n" % self.path.encode() * 40
        self.send_response(200 if self.path != "/missing" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server6(http.server.HTTPServer):
    address_family = socket.AF_INET6


def start(function, *arguments):
    threading.Thread(target=function, args=arguments, daemon=True).start()


def ask_udp(family, host, options=b""):
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        if options:
            client.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, options)
        client.connect((host, 53))
        for number, name in enumerate(NAMES):
            for kind in (1, 28):
                client.send(question(number, name, kind))
                client.recv(512)


def ask_tcp():
    for name in NAMES[:2]:
        with socket.create_connection(("127.0.0.1", 53)) as client:
            query = question(7, name, 1)
            client.sendall(struct.pack("!H", len(query)) + query)
            client.recv(514)


def browse(host, paths):
    for path in paths:
        connection = http.client.HTTPConnection(host, 8080)
        connection.request("GET", path)
        connection.getresponse().read()
        connection.close()


def knock(host, port):
    """A connection that is refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as client:
        client.connect_ex((host, port))


def echo():
    """Echo requests, which the kernel answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as client:
        for number in range(4):
            packet = struct.pack("!BBHHH", 8, 0, 0, 1, number) + bytes(range(48))
            words = sum(struct.unpack("!%dH" % (len(packet) // 2), packet))
            words = (words & 0xFFFF) + (words >> 16)
            check = ~(words + (words >> 16)) & 0xFFFF
            client.sendto(packet[:2] + struct.pack("!H", check) + packet[4:], ("127.0.0.1", 0))


def log():
    """Datagrams nobody listens for: the kernel says so. The last one comes in fragments."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        for text in (b"<13>demo: hello", b"<11>demo: disk is full", b"<14>demo: " + b"x" * 3000):
            client.sendto(text, ("127.0.0.1", 514))


start(serve_names_udp, socket.AF_INET, "127.0.0.1")
start(serve_names_udp, socket.AF_INET6, "::1")
start(serve_names_tcp)
start(http.server.HTTPServer(("127.0.0.1", 8080), Page).serve_forever)
start(Server6(("::1", 8080), Page).serve_forever)
time.sleep(0.5)

browse("127.0.0.1", ["/", "/news", "/missing"])
ask_udp(socket.AF_INET, "127.0.0.1")
browse("::1", ["/", "/about", "/news", "/contact"])
knock("127.0.0.1", 22)
ask_udp(socket.AF_INET6, "::1")
echo()
ask_tcp()
log()
ask_udp(socket.AF_INET, "127.0.0.1", options=bytes([7, 7, 4, 0, 0, 0, 0, 0]))  # record the route
knock("::1", 443)
browse("127.0.0.1", ["/about", "/contact", "/news", "/"])
