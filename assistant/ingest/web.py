"""Fetches a page from the public web, and from nowhere else.

An editor may paste any address, and any page may redirect. So a host is resolved here,
its addresses are checked, and the connection goes to the very address that was checked:
a second look-up with another answer cannot lead inside. Names and certificates stay
those of the host.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpcore
import httpx

from assistant.errors import IngestError
from assistant.ingest.address import canonical_url
from assistant.ingest.reading import READERS

MAX_BYTES = 10_000_000
MAX_REDIRECTS = 5
MAX_SECONDS = 30.0
CONNECT_SECONDS = 10.0
PORTS = {"http": 80, "https": 443}

_HEADERS = {
    "User-Agent": "digest-assistant/0.1",
    "Accept": ", ".join(READERS),
    "Accept-Encoding": "gzip",
}
# Global by the registry, yet answered by cloud hosts to their own machines.
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16")})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REFUSALS = {
    401: "asks for a login",
    403: "refuses programs",
    429: "is asked too often",
    451: "is barred",
}


@dataclass(frozen=True)
class Fetched:
    """Document from the web: its last address, media type, declared charset and bytes."""

    url: str
    media_type: str
    charset: str | None
    data: bytes


class Fetcher:
    """Gets documents over http and https within limits of time and size.

    `allow_private` lets tests reach a server on the loopback interface, at any port.
    """

    def __init__(self, *, allow_private: bool = False, seconds: float = MAX_SECONDS) -> None:
        self._allow_private = allow_private
        self._seconds = seconds

    def fetch(self, url: str) -> Fetched:
        """Document at `url`, after at most `MAX_REDIRECTS` redirects.

        Raises:
            IngestError: refused, unreachable, too large, too slow, or of an unknown type.

        """
        deadline = time.monotonic() + self._seconds
        for _ in range(MAX_REDIRECTS + 1):
            target = self._checked(url)
            answer = self._get(target, deadline)
            if isinstance(answer, Fetched):
                return answer
            try:
                url = urljoin(str(target), answer)
            except ValueError as error:
                raise IngestError(f"{target.host} redirects to what is no address.") from error
        raise IngestError(f"This address redirects more than {MAX_REDIRECTS} times.")

    def _checked(self, url: str) -> httpx.URL:
        canonical_url(url)  # refuses other schemes and passwords
        try:
            target = httpx.URL(url.strip())
        except httpx.InvalidURL as error:
            raise IngestError(f"{url[:200]!r} is not a web address.") from error
        if not self._allow_private and target.port not in (None, PORTS[target.scheme]):
            raise IngestError(f"Port {target.port} is not one of the web's (80 and 443).")
        return target

    def _get(self, target: httpx.URL, deadline: float) -> Fetched | str:
        """Document, or the address to which the server redirects."""
        backend = _CheckedNetwork(deadline, self._allow_private)
        request_url = httpcore.URL(
            scheme=target.raw_scheme,
            host=target.raw_host,
            port=target.port,
            target=target.raw_path,
        )
        headers = [("Host", target.netloc.decode("ascii")), *_HEADERS.items()]
        timeouts = {"connect": CONNECT_SECONDS, "read": self._seconds, "write": self._seconds}
        try:
            with (
                httpcore.ConnectionPool(_certificates(), network_backend=backend) as pool,
                pool.stream("GET", request_url, headers=headers,
                            extensions={"timeout": timeouts}) as response,
            ):  # fmt: skip
                return _read(target, response)
        except httpcore.TimeoutException as error:
            raise IngestError(f"{target.host} did not answer in time: try again later.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
            raise IngestError(f"{target.host} could not be reached: {error}.") from error


def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _read(target: httpx.URL, response: httpcore.Response) -> Fetched | str:
    headers = httpx.Headers(response.headers)
    if response.status in (301, 302, 303, 307, 308):
        return str(headers.get("location", ""))
    if response.status != 200:
        does = "has no such page" if response.status in (404, 410) else "answers with an error"
        does = _REFUSALS.get(response.status, does)
        raise IngestError(
            f"{target.host} {does} (status {response.status}): paste the article's text instead."
        )
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    if media_type not in READERS:
        raise IngestError(
            f"{target.host} sent {media_type[:60] or 'no content type'}; pages, PDFs, Word files "
            "and text can be read."
        )
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise IngestError(
            f"{target.host} sent an encoding that was not asked for: {encoding[:40]}."
        )
    data = _limited(response.iter_stream(), unzip=encoding != "identity")
    return Fetched(str(target), media_type, _charset(parameters), data)


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'") or None
    return None


def _limited(chunks: Iterable[bytes], unzip: bool) -> bytes:
    """All chunks, unpacked, up to `MAX_BYTES` both as sent and as unpacked."""
    too_large = IngestError(f"The page is larger than {MAX_BYTES / 1e6:.0f} MB.")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    data = bytearray()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > MAX_BYTES:
            raise too_large
        try:
            data += unpacker.decompress(chunk, MAX_BYTES + 1 - len(data)) if unzip else chunk
        except zlib.error as error:
            raise IngestError("The page came in a broken compression: try again.") from error
        if len(data) > MAX_BYTES:
            raise too_large
    if unzip and not unpacker.eof:
        raise IngestError("The page was cut off on its way: try again.")
    return bytes(data)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also inside an IPv6 wrapping."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None or ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        inner = [ip.sixtofour, *(ip.teredo or ())]
        if ip.is_site_local or any(each and not is_public(str(each)) for each in inner):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip in _METADATA)


class _CheckedNetwork(httpcore.NetworkBackend):
    """Connects only to addresses that it has resolved and checked, until a deadline."""

    def __init__(self, deadline: float, allow_private: bool) -> None:
        self._deadline = deadline
        self._allow_private = allow_private
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port):
            limit = _remaining(self._deadline, timeout)
            try:
                stream = self._network.connect_tcp(
                    address, port, limit, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        """All addresses of `host`; one that is not public spoils them all."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise IngestError(f"There is no host {host}: check the address.") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self._allow_private and not all(map(is_public, addresses)):
            raise IngestError(f"{host} is not on the public web, so it is not fetched.")
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """Connection whose every wait ends at one deadline, however slowly bytes drip in."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _remaining(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = _remaining(self._deadline, timeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, limit)
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _remaining(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for this page is over")
    return left if timeout is None else min(left, timeout)
