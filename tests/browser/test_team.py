"""A desk with several editors: signing in, another's name at a conflict, a session that ended."""

import pytest
from playwright.sync_api import expect

from assistant.review.people import add_user
from tests.browser.driving import (
    ISSUE,
    Server,
    button,
    newest_text,
    replace_in_text,
    saved,
    wait_ready,
)

pytestmark = pytest.mark.browser
SECRET = "correct horse battery"


@pytest.fixture
def team(home):
    server = Server(home)
    with server.store() as work:
        for name in ("mika", "ken"):
            add_user(work.database, name, SECRET, "the test")
    server.start()
    yield server
    server.stop()


def sign_in(page, name, password=SECRET):
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    button(page, "Sign in").click()


@pytest.fixture
def enter(team, visit):
    def entered(name):
        page = visit(team.url, ready=False)
        sign_in(page, name)
        wait_ready(page)
        expect(page.locator("#user")).to_have_text(name)
        return page

    return entered


def test_whoever_has_no_password_stays_outside(team, visit):
    page = visit(team.url, ready=False)
    sign_in(page, "mika", "a guess that fails")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("#desk").count() == 0
    assert page.request.get(f"{team.url}api/issues").status == 401


def test_a_colleague_is_named_at_the_conflict_and_neither_loses_a_word(team, enter):
    mika, ken = enter("mika"), enter("ken")
    replace_in_text(ken, "July 13, opening", "July 12, opening")
    saved(ken, 2)
    replace_in_text(mika, "Force by fiscal", "Force itself by fiscal")
    box = mika.get_by_role("dialog", name="Two versions of this bullet")
    expect(box).to_contain_text("ken")
    button(box, "Save this choice").click()
    saved(mika, 3)
    with team.store() as work:
        merged = newest_text(work)
        assert "July 12, opening" in merged and "Force itself by fiscal" in merged
        authors = [revision.author for revision in work.issues.revisions(f"{ISSUE}-1")]
    assert authors == ["assistant", "ken", "mika"]


def test_a_session_that_ended_in_the_middle_of_an_edit_loses_nothing(team, enter):
    page = enter("mika")
    page.context.clear_cookies()
    replace_in_text(page, "Force by fiscal", "Force itself by fiscal")
    expect(page.locator("#state")).to_contain_text("Signed out, not saved. Your text is kept")
    button(page, "Sign in").click()
    sign_in(page, "mika")
    wait_ready(page)
    expect(page.locator("#text")).to_contain_text("Force itself by fiscal")
    saved(page, 2)
    with team.store() as work:
        assert newest_text(work).endswith("Force itself by fiscal 2027.")
