"""The fetcher against a real server on the loopback interface, and what it refuses."""

import gzip
import http.server
import socket
import threading

import pytest

from assistant.errors import IngestError
from assistant.ingest import web
from assistant.ingest.web import Fetcher, is_public

PAGE = b"<html><body><p>Text of the page.</p></body></html>"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path.split("?")[0], (404, {}, b""))
        if callable(answer):
            answer(self)
            return
        status, headers, body = answer
        self.send_response(status)
        for name, value in {"Content-Type": "text/html", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # clients that hang up are part of these tests
    server.answers, server.seen = {"/a": (200, {}, PAGE)}, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.stopped = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.stopped.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def fetcher():
    return Fetcher(allow_private=True, seconds=5)


@pytest.fixture
def names(monkeypatch):
    """Host names that resolve to scripted addresses, and the names that were looked up."""
    real, asked = socket.getaddrinfo, []
    table = {}

    def look_up(host, port, *args, **kwargs):
        if host not in table:
            return real(host, port, *args, **kwargs)
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in table[host]
        ]

    monkeypatch.setattr(web.socket, "getaddrinfo", look_up)
    return table, asked


def test_a_page_is_fetched_plainly(server, fetcher):
    server.answers["/a"] = (
        200,
        {"Content-Type": "text/html; Charset='EUC-JP'", "Set-Cookie": "a=1"},
        PAGE,
    )
    fetched = fetcher.fetch(server.url + "/a?q=1#part")
    assert (fetched.media_type, fetched.charset, fetched.data) == ("text/html", "EUC-JP", PAGE)
    assert fetched.url.startswith(server.url + "/a?q=1")
    fetcher.fetch(server.url + "/a")
    path, headers = server.seen[1]
    assert headers["Host"] == server.url.removeprefix("http://")
    assert "Cookie" not in headers
    assert headers["User-Agent"].startswith("digest-assistant/")


def test_proxies_of_the_environment_are_ignored(server, fetcher, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetcher.fetch(server.url + "/a").data == PAGE


def test_a_name_is_looked_up_once_and_keeps_its_host_header(server, fetcher, names):
    table, asked = names
    table["news.test"] = ["127.0.0.1"]
    assert fetcher.fetch(f"http://news.test:{server.server_port}/a").data == PAGE
    assert asked == ["news.test"]
    assert server.seen[0][1]["Host"] == f"news.test:{server.server_port}"


def test_the_certificate_is_asked_for_under_the_name(fetcher, names):
    names[0]["news.test"] = ["127.0.0.1"]
    hello = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept():
            connection, _ = listener.accept()
            hello.append(connection.recv(4096))
            connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        with pytest.raises(IngestError, match="could not be reached"):
            fetcher.fetch(f"https://news.test:{listener.getsockname()[1]}/")
        thread.join()
    assert b"news.test" in hello[0]


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["169.254.169.254"]]
)
def test_a_name_that_leads_inside_is_refused(names, addresses):
    names[0]["news.test"] = addresses
    with pytest.raises(IngestError, match="not on the public web"):
        Fetcher().fetch("http://news.test/")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0.0.0.0", "[::1]",
     "[::]", "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00:ec2::254]", "10.1.2.3", "192.168.0.1",
     "172.16.0.1", "169.254.169.254", "100.64.0.1"],
)  # fmt: skip
def test_addresses_inside_are_refused_in_every_spelling(host):
    with pytest.raises(IngestError):
        Fetcher().fetch(f"http://{host}/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::5db8:d822", True),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2002:c0a8:1::1", False),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fec0::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
    ],
)
def test_public_addresses(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://news.example/a", "http or https"),
        ("file:///etc/passwd", "http or https"),
        ("news.example/a", "http or https"),
        ("http://", "web address"),
        ("http://[1/", "web address"),
        ("http://user:pw@news.example/", "user name or password"),
        ("http://news.example:8080/", "Port 8080"),
        ("https://news.example:80/", "Port 80"),
    ],
)
def test_other_addresses_are_refused_before_any_connection(url, reason, monkeypatch):
    monkeypatch.setattr(
        web.socket, "getaddrinfo", lambda *_, **__: pytest.fail("it looked up a name")
    )
    with pytest.raises(IngestError, match=reason):
        Fetcher().fetch(url)


def test_redirects_are_followed_to_the_last_address(server, fetcher):
    server.answers["/old"] = (301, {"Location": "/newer?x=1#y"}, b"")
    server.answers["/newer"] = (307, {"Location": server.url + "/a"}, b"")
    assert fetcher.fetch(server.url + "/old").url == server.url + "/a"


def test_redirects_come_to_an_end(server, fetcher):
    server.answers["/loop"] = (302, {"Location": "/loop"}, b"")
    with pytest.raises(IngestError, match="more than 5 times"):
        fetcher.fetch(server.url + "/loop")
    assert len(server.seen) == 6


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "http or https"),
        ("http://user:pw@news.example/", "password"),
        ("http://[bad/", "no address|not a web address"),
    ],
)
def test_a_redirect_is_checked_like_an_address(server, fetcher, location, reason):
    server.answers["/old"] = (302, {"Location": location}, b"")
    with pytest.raises(IngestError, match=reason):
        fetcher.fetch(server.url + "/old")


def test_a_redirect_from_outside_to_inside_is_refused(server, names, monkeypatch):
    """The first hop is let through as public; the second is checked for itself."""
    names[0]["news.test"] = ["127.0.0.1"]
    server.answers["/old"] = (302, {"Location": "http://10.0.0.1/admin"}, b"")
    monkeypatch.setattr(web, "PORTS", {"http": server.server_port, "https": 443})
    monkeypatch.setattr(web, "is_public", lambda address: address == "127.0.0.1")
    with pytest.raises(IngestError, match=r"10\.0\.0\.1 is not on the public web"):
        Fetcher(seconds=5).fetch(f"http://news.test:{server.server_port}/old")
    assert [path for path, _ in server.seen] == ["/old"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "no such page"),
        (410, "no such page"),
        (403, "refuses"),
        (500, "error"),
        (204, "error"),
    ],
)
def test_an_error_of_the_server_is_told(server, fetcher, status, reason):
    server.answers["/a"] = (status, {}, b"")
    with pytest.raises(IngestError, match=rf"{reason}.*status {status}"):
        fetcher.fetch(server.url + "/a")


@pytest.mark.parametrize("media_type", ["image/png", "application/zip", "", "application/json"])
def test_other_content_is_refused(server, fetcher, media_type):
    server.answers["/a"] = (200, {"Content-Type": media_type}, PAGE)
    with pytest.raises(IngestError, match="pages, PDFs, Word files"):
        fetcher.fetch(server.url + "/a")


def test_compressed_pages_are_unpacked(server, fetcher):
    server.answers["/a"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(PAGE))
    assert fetcher.fetch(server.url + "/a").data == PAGE


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("identity", b"x" * 2001, "larger than"),
        ("gzip", gzip.compress(b"x" * 1_000_000), "larger than"),
        ("gzip", gzip.compress(PAGE)[:-4], "cut off"),
        ("gzip", b"no gzip at all", "broken compression"),
        ("br", b"x", "not asked for"),
    ],
    ids=["large", "bomb", "cut off", "broken", "brotli"],
)
def test_what_is_sent_is_limited(server, fetcher, monkeypatch, encoding, body, reason):
    monkeypatch.setattr(web, "MAX_BYTES", 2000)
    server.answers["/a"] = (200, {"Content-Encoding": encoding}, body)
    with pytest.raises(IngestError, match=reason):
        fetcher.fetch(server.url + "/a")


def endless(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while not handler.server.stopped.is_set():
        handler.wfile.write(b"x" * 100)


def test_an_endless_page_is_cut_short(server, fetcher, monkeypatch):
    monkeypatch.setattr(web, "MAX_BYTES", 100_000)
    server.answers["/a"] = endless
    with pytest.raises(IngestError, match="larger than"):
        fetcher.fetch(server.url + "/a")


def silent(handler):
    handler.server.stopped.wait()


def dripping(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while not handler.server.stopped.wait(0.01):
        handler.wfile.write(b"x")


def dripping_body(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while not handler.server.stopped.wait(0.01):
        handler.wfile.write(b"x")


@pytest.mark.parametrize("answer", [silent, dripping, dripping_body])
def test_a_slow_server_is_left_in_time(server, answer):
    server.answers["/a"] = answer
    with pytest.raises(IngestError, match="did not answer in time"):
        Fetcher(allow_private=True, seconds=0.1).fetch(server.url + "/a")


def test_a_host_that_is_none_is_named(monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(web.socket, "getaddrinfo", fail)
    with pytest.raises(IngestError, match="no host news.test: check the address"):
        Fetcher().fetch("https://news.test/")


def test_a_closed_port_is_told(fetcher):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(IngestError, match="could not be reached"):
        fetcher.fetch(f"http://127.0.0.1:{port}/")


def test_a_page_that_ends_early_is_told(server, fetcher):
    def answer(handler):
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\nx"
        )
        handler.close_connection = True

    server.answers["/a"] = answer
    with pytest.raises(IngestError, match="could not be reached"):
        fetcher.fetch(server.url + "/a")
