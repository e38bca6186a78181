"""Keeps issues, past and being drafted. Nothing that was saved is lost: see `save`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from sqlalchemy import Connection, RowMapping, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.errors import StoreError
from assistant.store import audit, bullets
from assistant.store.bullets import Revision
from assistant.store.database import Database
from assistant.store.tables import bullets as bullet_rows
from assistant.store.tables import issues
from assistant.types import Bullet, Evidence, Issue, Masthead, Usage, Window

IssueStatus = Literal["draft", "imported", "sent"]


@dataclass(frozen=True)
class Line:
    """An issue in a list of issues."""

    id: str
    volume: int
    number: int
    date: dt.date
    status: IssueStatus


class Issues:
    """The issues of one database.

    The id of an issue is `vol-2-14`. A draft of a number that was published already
    stands beside it as `vol-2-14-draft`; a published issue that is imported takes the
    place of its draft, whose wordings stay as revisions.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, issue: Issue, author: str, note: str = "") -> Issue:
        """Save an issue in one transaction and return it with all ids filled in.

        A bullet with an id is the next revision of that bullet. One without continues
        the bullet of the issue that tells the same story, or else has the same headline;
        otherwise it is new. Bullets that are no longer in the issue keep their revisions.

        Raises `StoreError` if the issue was sent, a bullet's id is not of this issue, or
        a claim rests on an article that is not stored.
        """
        with self._database.write() as connection:
            status: IssueStatus = "imported" if issue.writer == "imported" else "draft"
            issue_id = _id(connection, issue, status)
            _write(connection, issue, issue_id, status)
            named = _named(connection, issue_id, issue.bullets)
            connection.execute(
                update(bullet_rows).where(bullet_rows.c.issue_id == issue_id).values(position=None)
            )
            for position, bullet in enumerate(named):
                connection.execute(
                    upsert(bullet_rows)
                    .values(id=bullet.id, issue_id=issue_id, position=position)
                    .on_conflict_do_update(index_elements=["id"], set_={"position": position})
                )
                bullets.save(connection, bullet, author, checker=issue.model, note=note)
            audit.record(connection, author, "issue saved", {"issue": issue_id, "status": status})
            return replace(issue, id=issue_id, bullets=named)

    def add_bullet(self, issue_id: str, bullet: Bullet, author: str, note: str = "") -> str:
        """Put a new bullet at the end of a draft and return its id.

        Raises `StoreError` if there is no such issue, or it is no draft.
        """
        with self._database.write() as connection:
            row = _draft_row(connection, issue_id)
            known = connection.scalar(
                select(func.count()).where(bullet_rows.c.issue_id == issue_id)
            )
            last = connection.scalar(
                select(func.max(bullet_rows.c.position)).where(bullet_rows.c.issue_id == issue_id)
            )
            named = replace(bullet, id=f"{issue_id}-{(known or 0) + 1}")
            position = 0 if last is None else last + 1
            connection.execute(
                insert(bullet_rows).values(id=named.id, issue_id=issue_id, position=position)
            )
            bullets.save(connection, named, author, checker=row["model"], note=note)
            detail = {"issue": issue_id, "bullet": named.id}
            audit.record(connection, author, "bullet added", detail)
            return named.id

    def arrange(self, issue_id: str, order: Sequence[str], author: str) -> None:
        """Give a draft exactly these of its bullets, in this order.

        A bullet that is left out keeps its revisions, and may be named again later. Raises
        `StoreError` if the issue is no draft, or a bullet is not its own or named twice.
        """
        with self._database.write() as connection:
            _draft_row(connection, issue_id)
            own = set(
                connection.scalars(
                    select(bullet_rows.c.id).where(bullet_rows.c.issue_id == issue_id)
                )
            )
            if not own.issuperset(order) or len(set(order)) != len(order):
                raise StoreError("The bullets changed meanwhile; open the issue again.")
            connection.execute(
                update(bullet_rows).where(bullet_rows.c.issue_id == issue_id).values(position=None)
            )
            for position, bullet_id in enumerate(order):
                connection.execute(
                    update(bullet_rows)
                    .where(bullet_rows.c.id == bullet_id)
                    .values(position=position)
                )
            audit.record(
                connection, author, "bullets arranged", {"issue": issue_id, "order": list(order)}
            )

    def left_out(self, issue_id: str) -> Sequence[str]:
        """Ids of the bullets that were taken out of an issue."""
        with self._database.read() as connection:
            return connection.scalars(
                select(bullet_rows.c.id)
                .where(bullet_rows.c.issue_id == issue_id, bullet_rows.c.position.is_(None))
                .order_by(bullet_rows.c.id)
            ).all()

    def set_masthead(self, issue_id: str, masthead: Masthead, author: str) -> None:
        """Change what stands around the bullets of a draft; `StoreError` if it is none."""
        with self._database.write() as connection:
            _draft_row(connection, issue_id)
            connection.execute(
                update(issues)
                .where(issues.c.id == issue_id)
                .values(
                    title=masthead.title,
                    image_credit=masthead.image_credit,
                    boilerplate=masthead.boilerplate,
                )
            )
            audit.record(connection, author, "masthead changed", {"issue": issue_id})

    def get(self, issue_id: str) -> Issue:
        """Return an issue with its bullets as last saved; `StoreError` if there is none."""
        with self._database.read() as connection:
            return _issue(connection, _row(connection, issue_id))

    def status(self, issue_id: str) -> IssueStatus:
        """Return whether an issue is a draft, imported or sent; `StoreError` if there is none."""
        with self._database.read() as connection:
            return _row(connection, issue_id)["status"]  # type: ignore[no-any-return]

    def index(self) -> Sequence[Line]:
        """Return a line for every issue, by date, then id, without reading the bullets."""
        columns = (issues.c.id, issues.c.volume, issues.c.number, issues.c.date, issues.c.status)
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).order_by(issues.c.date, issues.c.id))
            return [Line(*row) for row in rows]

    def list(self) -> Sequence[Issue]:
        """Return every issue, by date, then id."""
        with self._database.read() as connection:
            rows = connection.execute(select(issues).order_by(issues.c.date, issues.c.id))
            return [_issue(connection, row) for row in rows.mappings().all()]

    def last_before(self, date: dt.date) -> Issue | None:
        """Return the newest issue of an earlier day; of a number and its draft, the number."""
        with self._database.read() as connection:
            row = (
                connection.execute(
                    select(issues)
                    .where(issues.c.date < date)
                    .order_by(issues.c.date.desc(), issues.c.id)
                    .limit(1)
                )
                .mappings()
                .first()
            )
            return None if row is None else _issue(connection, row)

    def revisions(self, bullet_id: str) -> Sequence[Revision]:
        """Return every saved version of a bullet, oldest first."""
        with self._database.read() as connection:
            found = bullets.history(connection, bullet_id)
        if not found:
            raise StoreError(f"There is no bullet {bullet_id!r}.")
        return found

    def quotes(self, bullet_id: str) -> Mapping[Evidence, str]:
        """Return what each evidence of a bullet says, in the article's version it was read from.

        Unlike `Articles.get` this still holds when the article changed or was removed.
        """
        with self._database.read() as connection:
            return bullets.quotes(connection, bullet_id)


def _row(connection: Connection, issue_id: str) -> RowMapping:
    row = connection.execute(select(issues).where(issues.c.id == issue_id)).mappings().first()
    if row is None:
        raise StoreError(
            f"There is no issue {issue_id!r}; `digest list issues` shows those there are."
        )
    return row


def _draft_row(connection: Connection, issue_id: str) -> RowMapping:
    """The row of an issue that may be changed."""
    row = _row(connection, issue_id)
    if row["status"] != "draft":
        raise StoreError(f"Issue {issue_id} is {row['status']} and cannot be changed.")
    return row


def _id(connection: Connection, issue: Issue, status: IssueStatus) -> str:
    """Where the issue belongs; refuses one that was sent."""
    number = f"vol-{issue.volume}-{issue.number}"
    stored = dict(
        connection.execute(
            select(issues.c.id, issues.c.status).where(
                issues.c.volume == issue.volume, issues.c.number == issue.number
            )
        ).all()
    )
    issue_id = number
    if status == "draft" and stored.get(number, "draft") != "draft":
        issue_id = f"{number}-draft"
    if stored.get(issue_id) == "sent":
        raise StoreError(f"Issue {issue_id} was sent and can no longer be changed.")
    return issue_id


def _write(connection: Connection, issue: Issue, issue_id: str, status: IssueStatus) -> None:
    row = {
        "volume": issue.volume,
        "number": issue.number,
        "date": issue.date,
        "status": status,
        "since": issue.window and issue.window.since,
        "until": issue.window and issue.window.until,
        "title": issue.masthead.title,
        "image_credit": issue.masthead.image_credit,
        "boilerplate": issue.masthead.boilerplate,
        "writer": issue.writer,
        "model": issue.model,
        "warnings": list(issue.warnings),
        "usage": asdict(issue.usage),
    }
    connection.execute(
        upsert(issues)
        .values(row | {"id": issue_id})
        .on_conflict_do_update(index_elements=["id"], set_=row)
    )


def _named(connection: Connection, issue_id: str, incoming: Sequence[Bullet]) -> tuple[Bullet, ...]:
    """Give every bullet its id: its own, that of the bullet it continues, or a fresh one."""
    known = connection.scalars(
        select(bullet_rows.c.id)
        .where(bullet_rows.c.issue_id == issue_id)
        .order_by(bullet_rows.c.position.nulls_last(), bullet_rows.c.id)
    ).all()
    newest = bullets.newest_of(connection, known)
    fresh = len(known)
    taken = {bullet.id for bullet in incoming}
    free = [newest[name].bullet for name in known if name in newest and name not in taken]
    named: list[Bullet] = []
    for bullet in incoming:
        if bullet.id and bullet.id not in known:
            raise StoreError(f"Issue {issue_id} has no bullet {bullet.id!r}.")
        if not bullet.id:
            continued = next((old for old in free if _continues(bullet, old)), None)
            if continued is None:
                fresh += 1
                bullet = replace(bullet, id=f"{issue_id}-{fresh}")
            else:
                free.remove(continued)
                bullet = replace(bullet, id=continued.id)
        named.append(bullet)
    return tuple(named)


def _continues(bullet: Bullet, old: Bullet) -> bool:
    if bullet.story is not None and old.story is not None:
        return bullet.story.id == old.story.id
    return bullet.headline == old.headline


def _issue(connection: Connection, row: RowMapping) -> Issue:
    ids = connection.scalars(
        select(bullet_rows.c.id)
        .where(bullet_rows.c.issue_id == row["id"], bullet_rows.c.position.is_not(None))
        .order_by(bullet_rows.c.position)
    ).all()
    newest = bullets.newest_of(connection, ids)
    return Issue(
        volume=row["volume"],
        number=row["number"],
        date=row["date"],
        bullets=tuple(newest[bullet_id].bullet for bullet_id in ids if bullet_id in newest),
        masthead=Masthead(row["title"], row["image_credit"], row["boilerplate"]),
        window=Window(row["since"], row["until"]) if row["since"] else None,
        writer=row["writer"],
        model=row["model"],
        warnings=tuple(row["warnings"]),
        usage=Usage(**row["usage"]),
        id=row["id"],
    )
