"""Who the desk lets in, and what its routes answer, without a browser."""

import datetime as dt
from dataclasses import replace

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from sqlalchemy import update

from assistant.cli import digest
from assistant.desk.app import create_app
from assistant.desk.guard import COOKIE
from assistant.desk.offsets import to_points, to_units
from assistant.errors import AssistantError
from assistant.review.people import add_user
from assistant.settings import Settings
from assistant.store.database import Database
from assistant.store.tables import sessions
from assistant.types import Bullet, Citation, Issue, Masthead
from assistant.workspace import Workspace
from tests.samples import article

HERE = "http://127.0.0.1:7860"
MET = "The ministers met in Tokyo on July 14."
TALKS = "https://wire.example/talks"
SECRET = "correct horse battery"


@pytest.fixture
def work(tmp_path):
    opened = Workspace(Settings(home=tmp_path, model="none"), Database.open(tmp_path / "a.sqlite3"))
    talks = replace(article("talks", MET, "Talks"), url=TALKS, canonical_url=TALKS)
    opened.articles.put(talks, [])
    yield opened
    opened.close()


@pytest.fixture
def issue(work):
    bullet = Bullet("US, Japan meet", f"\U0001f5fe {MET}", (Citation(16, 19, TALKS, "talks"),))
    masthead = Masthead("Digest")
    date = dt.date(2023, 7, 28)
    return work.issues.save(
        Issue(2, 14, date, (bullet,), masthead, writer="extractive"), "assistant"
    )


@pytest.fixture
def client(work):
    """A browser on the desk; the page itself is tested in tests/browser."""
    with TestClient(
        create_app(work),
        base_url=HERE,
        headers={"origin": HERE},
        raise_server_exceptions=False,
        follow_redirects=False,
    ) as opened:
        yield opened


def put(client, issue, **changes):
    bullet = client.get(f"/api/issues/{issue.id}/bullets/{issue.id}-1").json()
    form = {"based_on": bullet["revision"], "headline": bullet["headline"], "text": bullet["text"]}
    form["links"] = [{k: link[k] for k in ("start", "end", "url")} for link in bullet["links"]]
    return client.put(f"/api/issues/{issue.id}/bullets/{issue.id}-1", json=form | changes)


def test_offsets_are_the_browsers(client, issue, work):
    answer = put(client, issue, headline="US, Japan talk")
    assert answer.status_code == 200
    (link,) = answer.json()["links"]
    assert (link["start"], link["end"]) == (17, 20)
    (stored,) = work.issues.get(issue.id).bullets
    assert stored.text[stored.citations[0].start : stored.citations[0].end] == "met"


@pytest.mark.parametrize(("text", "points"), [("a\U0001f5feb", 1), ("a\U0001f5feb", 2), ("abc", 3)])
def test_an_offset_comes_back_as_it_went(text, points):
    assert to_points(text, to_units(text, points)) == points


def test_a_save_over_a_newer_revision_is_a_conflict(client, issue):
    assert put(client, issue, headline="One").status_code == 200
    answer = put(client, issue, headline="Other", based_on=1)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"text": "word " * 5000}, 400),
        ({"links": [{"start": 0, "end": 1, "url": "javascript:alert(1)"}]}, 400),
        ({"links": "all"}, 400),
        ({"surprise": 1}, 400),
        ({"text": "x" * 1_100_000}, 413),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(client, issue, changes, status):
    answer = put(client, issue, **changes)
    assert answer.status_code == status
    assert answer.json()["error"]["message"].endswith(".")


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_another_sites_request_is_refused(client, issue, origin):
    request = client.build_request("POST", f"/api/issues/{issue.id}/bullets", json={})
    del request.headers["origin"]
    if origin:
        request.headers["origin"] = origin
    assert client.send(request).status_code == 403
    assert len(client.get("/api/issues").json()["issues"]) == 1


def test_a_strange_host_name_is_refused_where_nobody_signs_in(client):
    assert client.get("/api/issues", headers={"host": "evil.example"}).status_code == 403


def test_a_body_of_unknown_length_is_refused(client, issue):
    def pieces():
        yield b"{}"

    answer = client.post(f"/api/issues/{issue.id}/bullets", content=pieces())
    assert answer.status_code == 411


def test_every_answer_forbids_frames_and_foreign_content(client):
    policy = client.get("/api/issues").headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy


def test_there_is_no_other_interface(client):
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


def test_an_issue_that_is_not_there_is_said_so(client):
    answer = client.get("/api/issues/vol-9-9")
    assert answer.status_code == 400 and "no issue 'vol-9-9'" in answer.json()["error"]["message"]


class TestTeam:
    @pytest.fixture(autouse=True)
    def team(self, work):
        add_user(work.database, "mika", SECRET, "root")

    def sign_in(self, client, password=SECRET, name="mika"):
        return client.post("/sign-in", data={"name": name, "password": password})

    def test_nothing_is_shown_before_signing_in(self, client, issue):
        page = client.get("/desk/", headers={"accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in")
        for path in ("/api/issues", f"/api/issues/{issue.id}/preview", "/desk/config"):
            assert client.get(path).status_code == 401

    def test_what_is_done_is_attributed(self, client, issue, work):
        assert self.sign_in(client).headers["location"] == "/desk/"
        assert put(client, issue, headline="One").status_code == 200
        assert work.issues.revisions(f"{issue.id}-1")[-1].author == "mika"

    def test_the_cookie_is_of_no_use_to_scripts_and_other_sites(self, client):
        cookie = self.sign_in(client).headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie

    def test_the_database_holds_neither_password_nor_token(self, client, work):
        self.sign_in(client)
        with work.database.read() as connection:
            rows = [
                str(row)
                for name in ("users", "sessions")
                for row in connection.exec_driver_sql(f"SELECT * FROM {name}")
            ]
        assert len(rows) == 2
        assert not any(SECRET in row or client.cookies[COOKIE] in row for row in rows)

    def test_signing_out_ends_the_session(self, client):
        self.sign_in(client)
        token = client.cookies[COOKIE]
        assert client.post("/sign-out").headers["location"] == "/sign-in"
        client.cookies.set(COOKIE, token)
        assert client.get("/api/issues").status_code == 401

    def test_an_old_session_is_over(self, client, work):
        self.sign_in(client)
        assert client.get("/api/issues").status_code == 200
        with work.database.write() as connection:
            past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
            connection.execute(update(sessions).values(expires_at=past))
        assert client.get("/api/issues").status_code == 401

    @pytest.mark.parametrize(("name", "password"), [("mika", "wrong"), ("nobody", SECRET)])
    def test_a_wrong_password_and_a_wrong_name_look_the_same(self, client, name, password):
        answer = self.sign_in(client, password, name)
        assert answer.status_code == 401
        assert "That name and password do not belong together." in answer.text

    def test_passwords_cannot_be_tried_at_will(self, client):
        answers = [self.sign_in(client, "wrong").status_code for _ in range(6)]
        assert answers == [401] * 5 + [429]
        assert self.sign_in(client).status_code == 429

    def test_a_new_password_ends_old_sessions(self, client, work):
        self.sign_in(client)
        add_user(work.database, "mika", "another long password", "root")
        assert client.get("/api/issues").status_code == 401


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [("mika", "short", "at least 10"), ("<b>", SECRET, "name"), ("", SECRET, "name")],
)
def test_a_user_needs_a_name_and_a_password_that_will_do(work, name, password, why):
    with pytest.raises(AssistantError, match=why):
        add_user(work.database, name, password, "root")


def test_a_user_is_added_from_the_command_line(tmp_path):
    words = ["user", "add", "mika", "--home", str(tmp_path)]
    added = CliRunner().invoke(digest, words, input=f"{SECRET}\n{SECRET}\n")
    assert added.exit_code == 0 and "mika can sign in now." in added.output
    as_json = [*words, "--json", "--password-file", "-"]
    assert CliRunner().invoke(digest, as_json, input=f"{SECRET}\n").exit_code == 0


def test_others_are_not_let_in_without_users(tmp_path):
    import ui

    with pytest.raises(AssistantError, match="digest user add"):
        ui.launch("0.0.0.0", 0, tmp_path, "none")
