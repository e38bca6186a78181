"""Checks and long work beside the page: asked for, stopped, gone on with, and what goes wrong."""

import datetime as dt
import threading
import time

import pytest

from assistant.desk import background
from assistant.desk import traffic as traffic_module
from assistant.desk.background import Checker, Runner
from assistant.desk.traffic import Traffic
from assistant.errors import ModelError
from assistant.review.edit import Words, newest, save_bullet
from assistant.settings import Settings
from assistant.store.database import Database
from assistant.types import Bullet, Issue, Masthead
from assistant.workspace import Workspace

DEADLINE = 20.0


@pytest.fixture
def work(tmp_path):
    opened = Workspace(Settings(home=tmp_path, model="none"), Database.open(tmp_path / "a.sqlite3"))
    yield opened
    opened.close()


@pytest.fixture
def issue(work):
    bullet = Bullet("US, Japan meet", "The ministers met in Tokyo on July 14.")
    date = dt.date(2023, 7, 28)
    return work.issues.save(Issue(2, 14, date, (bullet,), Masthead("D"), writer="editor"), "mika")


@pytest.fixture
def running(work):
    """Starts checkers and runners, and stops them at the end."""
    started = []

    def start(service):
        service.start()
        started.append(service)
        return service

    yield start
    for service in started:
        service.stop()


def until(holds):
    """Wait for a thread to bring something about."""
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, "that never came about"
        threading.Event().wait(0.02)


def test_what_was_asked_for_is_checked(work, issue, running):
    checker = running(Checker(work))
    bullet = issue.bullets[0].id
    checker.ask(issue.id, bullet, "mika")
    assert checker.busy(bullet)
    until(lambda: not checker.busy())
    assert [c.verdict.status for c in newest(work, bullet).bullet.claims] == ["unsupported"] * 2


def test_what_was_stale_when_the_server_stopped_is_checked_by_the_next(work, issue, running):
    bullet = issue.bullets[0].id
    save_bullet(work, issue.id, bullet, Words("A", "They met."), "mika", 1)
    assert newest(work, bullet).bullet.claims[0].stale
    running(Checker(work))
    until(lambda: not any(c.stale for c in newest(work, bullet).bullet.claims))


def test_a_check_that_fails_says_why_and_leaves_the_claim_stale(work, issue, running, monkeypatch):
    def fails(*_):
        raise ModelError("The model does not answer; try again later.")

    monkeypatch.setattr(background, "check_bullet", fails)
    bullet = issue.bullets[0].id
    save_bullet(work, issue.id, bullet, Words("A", "They met."), "mika", 1)
    checker = running(Checker(work))
    until(lambda: checker.failure(bullet) is not None)
    assert "does not answer" in checker.failure(bullet)
    assert newest(work, bullet).bullet.claims[0].stale


def test_a_check_asked_for_anew_is_dropped_before_its_next_claim_and_done_as_a_whole(
    work, issue, running, monkeypatch
):
    begun, go_on = threading.Semaphore(0), threading.Semaphore(0)
    claims, of_a_part = [], []

    def slow(*given):
        *_, touched_only, before_each = given
        of_a_part.append(touched_only)
        for number in range(2):
            before_each()
            claims.append(number)
            begun.release()
            assert go_on.acquire(timeout=DEADLINE)

    monkeypatch.setattr(background, "check_bullet", slow)
    bullet = issue.bullets[0].id
    checker = running(Checker(work))
    checker.ask(issue.id, bullet, "mika")
    assert begun.acquire(timeout=DEADLINE)
    checker.ask(issue.id, bullet, "ken", touched_only=True)
    go_on.release()
    assert begun.acquire(timeout=DEADLINE)
    go_on.release(2)
    until(lambda: not checker.busy())
    assert claims == [0, 0, 1]
    assert of_a_part == [False, False]
    assert checker.failure(bullet) is None


def test_work_beside_the_page_lets_a_request_go_first_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(traffic_module, "MOST_SECONDS", DEADLINE)
    traffic, went = Traffic(), threading.Event()
    traffic.give_way()  # nobody asks for anything: at once
    traffic.begin()

    def work():
        traffic.give_way()
        went.set()

    beside = threading.Thread(target=work)
    beside.start()
    assert not went.wait(0.05)
    traffic.end()
    assert went.wait(DEADLINE / 2)
    traffic.begin()
    monkeypatch.setattr(traffic_module, "MOST_SECONDS", 0.01)
    traffic.give_way()  # an open stream: only so long


def steps(begun, go_on, done):
    """A drafting that waits before each of three steps, and notes those that it took."""

    def draft(workspace, issue_id, request, author, progress):
        for number in range(3):
            progress(number, 3, f"Step {number}")
            begun.release()
            assert go_on.acquire(timeout=DEADLINE)
            done.append(number)
        return {"added": [], "warnings": []}

    return draft


def test_a_job_is_cancelled_at_its_next_step_and_gone_on_with(work, running, monkeypatch):
    begun, go_on, done = threading.Semaphore(0), threading.Semaphore(0), []
    monkeypatch.setattr(background, "draft_chosen", steps(begun, go_on, done))
    runner = running(Runner(work, Checker(work)))
    job = runner.ask("draft", "vol-2-14", {"writer": "extractive"}, "mika")
    assert begun.acquire(timeout=DEADLINE)
    runner.cancel(job.id)
    go_on.release()
    until(lambda: runner.jobs.get(job.id).state == "cancelled")
    assert done == [0]
    for _ in range(3):
        go_on.release()
    runner.resume(job.id)
    until(lambda: runner.jobs.get(job.id).state == "done")
    assert done == [0, 0, 1, 2]
    assert runner.jobs.get(job.id).result == {"added": [], "warnings": []}


def test_what_was_running_in_a_crash_goes_on_in_the_next_server(work, running, monkeypatch):
    monkeypatch.setattr(background, "draft_chosen", lambda *_: {"added": ["a"], "warnings": []})
    runner = Runner(work, Checker(work))
    job_id = runner.jobs.add("draft", "vol-2-14", {}, "mika")
    runner.jobs.move(job_id, "running", "Step 1")
    running(runner)
    until(lambda: runner.jobs.get(job_id).state == "done")


@pytest.mark.parametrize(
    ("error", "said"),
    [(ModelError("The model is down."), "The model is down."), (KeyError("x"), "KeyError")],
)
def test_a_job_that_fails_says_why_and_the_next_one_runs(work, running, monkeypatch, error, said):
    def fails(*_):
        raise error

    monkeypatch.setattr(background, "draft_chosen", fails)
    runner = running(Runner(work, Checker(work)))
    job = runner.ask("draft", "vol-2-14", {}, "mika")
    until(lambda: runner.jobs.get(job.id).state == "failed")
    assert said in runner.jobs.get(job.id).step
    monkeypatch.setattr(background, "read_sources", lambda *_: {"added": []})
    after = runner.ask("read", None, {"addresses": []}, "mika")
    until(lambda: runner.jobs.get(after.id).state == "done")
