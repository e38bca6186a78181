"""Web addresses: one form for each page, readable article ids, kinds of publishers by host."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

import yaml

from assistant import resources
from assistant.errors import IngestError, PromptError
from assistant.types import Kind

_TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id|_ga|_gl"
    r"|cmpid|ncid|smid|s_cid|ref_src|ref_url|__twitter_impression)",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_MIRRORS = ("www.", "m.", "mobile.", "amp.")
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")
# Labels of a host name that do not say whose it is.
_LABELS = "www www2 www3 m amp co go or ne ac com org gov en english"
_PLAIN_LABELS = frozenset(_LABELS.split())


def canonical_url(url: str) -> str:
    """Form of `url` under which a page is known.

    Scheme and host in small letters, without a default port, fragment, tracking
    parameters or a trailing slash (the root keeps its own); non-ASCII escaped.

    Raises:
        IngestError: not an absolute http or https address, or one with a password.

    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError as error:  # includes UnicodeError
        raise IngestError(f"{url[:200]!r} is not a web address.") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or re.search(r"[\s\x00-\x1f]", url.strip()):
        raise IngestError(f"{url[:200]!r} is not a web address (http or https).")
    if parts.username is not None or parts.password is not None:
        raise IngestError("An address must not hold a user name or password.")
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[scheme]:
        netloc += f":{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~").rstrip("/") or "/"
    pairs = [p for p in parts.query.split("&") if p and not _TRACKING.fullmatch(p.split("=")[0])]
    query = quote("&".join(pairs), safe="/%:@!$&'()*+,;=?~")
    return urlunsplit((scheme, netloc, path, query, ""))


def same_site(one: str, other: str) -> bool:
    """Whether two addresses have one host, `www.`, `m.` and `amp.` aside.

    Stricter than one registrable domain: pages of one shared host under different
    names (`a.blog.example`, `b.blog.example`) belong to different people.
    """
    return _bare_host(one) == _bare_host(other)


def _bare_host(url: str) -> str:
    host = urlsplit(url).hostname or ""
    for prefix in _MIRRORS:
        host = host.removeprefix(prefix)
    return host


def article_id(canonical: str | None, title: str, text: str) -> str:
    """Stable id: of the address where there is one, else of title and text.

    The words in it are for the reader; the eight hexadecimal digits tell apart.
    """
    if canonical is None:
        words, key = _words(title), f"{title}\n{text}"
    else:
        segments = [s for s in reversed(urlsplit(canonical).path.split("/")) if s]
        slug = next((w for s in segments if (w := _words(re.sub(r"\.\w+$", "", s)))), [])
        words, key = [_site(canonical), *slug], canonical
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return "-".join([*words[:5], digest])


def _words(text: str) -> list[str]:
    return [w for w in re.findall(r"[a-z0-9]+", text.lower()) if len(w) > 1 and not w.isdigit()][:4]


def _site(canonical: str) -> str:
    host = urlsplit(canonical).hostname or ""
    labels = host.split(".")[:-1] or [host]
    telling = [label for label in labels if label not in _PLAIN_LABELS]
    return re.sub(r"[^a-z0-9]+", "", (telling or labels)[-1]) or "web"


def date_in_url(url: str) -> dt.date | None:
    """Day in an address such as `/2023/07/24/` or `/20230724`, if there is one."""
    found = _IN_PATH.search(urlsplit(url).path)
    if found is None:
        return None
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError:
        return None


def kind_of(canonical: str | None) -> Kind:
    """`official`, `wire` or `press` by the rules in `prompts/publishers.yaml`; else `other`."""
    if canonical is None:
        return "other"
    host = urlsplit(canonical).hostname or ""
    kinds: tuple[Kind, ...] = ("official", "wire")
    for kind in kinds:
        if any(host == name or host.endswith(f".{name}") for name in _hosts()[kind]):
            return kind
    return "press"


@lru_cache(maxsize=1)
def _hosts() -> dict[str, tuple[str, ...]]:
    path = resources.prompts() / "publishers.yaml"
    try:
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {kind: tuple(rules[kind]) for kind in ("official", "wire")}
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise PromptError(f"{path.name} must list hosts under `official` and `wire`.") from error
