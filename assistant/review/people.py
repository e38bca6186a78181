"""Who may use the desk: users with hashed passwords, and signing in.

The browser holds a random token; the database holds its SHA-256, so that a copy of the
file signs nobody in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.errors import ReviewError
from assistant.store.database import Database
from assistant.store.people import People

if TYPE_CHECKING:
    from pwdlib import PasswordHash

LEAST_CHARACTERS = 10
_NAME = re.compile(r"[\w.@-][\w.@ -]{0,39}")
SESSION = dt.timedelta(days=14)


def add_user(database: Database, name: str, password: str, by: str) -> None:
    """Let `name` sign in with `password`; one who could already gets the new password.

    Raises ReviewError for a name or a password that will not do.
    """
    if not _NAME.fullmatch(name):
        raise ReviewError("A user's name has up to 40 letters, digits, spaces and . @ - _.")
    if len(password) < LEAST_CHARACTERS:
        raise ReviewError(f"A password needs at least {LEAST_CHARACTERS} characters.")
    People(database).put(name, _hasher().hash(password), by)


def sign_in(database: Database, name: str, password: str) -> str | None:
    """A token for the browser that is now `name`; None where the password is wrong.

    An unknown name takes as long as a wrong password, so that names cannot be found out.
    """
    people = People(database)
    stored = people.password(name)
    right = _hasher().verify(password, stored or _nobody())
    if not right or stored is None:
        return None
    token = secrets.token_urlsafe(32)
    people.open_session(_digest(token), name, dt.datetime.now(dt.UTC) + SESSION)
    return token


def signed_in(database: Database, token: str) -> str | None:
    """Who the browser with this token is; None where it has to sign in."""
    return People(database).user_of(_digest(token))


def sign_out(database: Database, token: str) -> None:
    """Forget a browser's token."""
    People(database).close_session(_digest(token))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@lru_cache(maxsize=1)
def _hasher() -> PasswordHash:
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())
