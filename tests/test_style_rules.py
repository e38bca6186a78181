import datetime as dt
from pathlib import Path

import pytest

from assistant.errors import PromptError
from assistant.publish.read_issue import read_bullets
from assistant.style.check import check_bullet, check_issue
from assistant.style.fix import fix
from assistant.style.rules import Rule, load_rule, load_rules, words
from assistant.style.view import IssueContext
from assistant.types import Bullet, Finding, Issue, Masthead, Window

RULES = load_rules()


def findings(rule: Rule, example: str) -> list[Finding]:
    date = rule.examples.date
    if "issue" in rule.scope:
        issue = Issue(2, 1, date, tuple(read_bullets(example)), Masthead("T"))
        return [finding for _, finding in check_issue(issue, rules=[rule])]
    return check_bullet(bullet_of(rule, example), context_of(rule), [rule])


def bullet_of(rule: Rule, example: str) -> Bullet:
    if rule.scope[0] == "headline":
        return Bullet(example, "")
    (bullet,) = read_bullets(example)
    return bullet


def context_of(rule: Rule) -> IssueContext:
    date = rule.examples.date
    window = Window(date - dt.timedelta(days=17), date)
    return IssueContext(date, window, frozenset(rule.examples.known))


def cases(kind: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.code}-{number}")
        for rule in RULES
        for number, example in enumerate(getattr(rule.examples, kind))
    ]


@pytest.mark.parametrize("rule, example", cases("match"))
def test_rule_matches_its_examples(rule: Rule, example: str) -> None:
    found = findings(rule, example)
    assert found
    assert {finding.code for finding in found} == {rule.code}
    assert all("%s" not in finding.message for finding in found)


@pytest.mark.parametrize("rule, example", cases("passes"))
def test_rule_lets_its_examples_pass(rule: Rule, example: str) -> None:
    assert findings(rule, example) == []


@pytest.mark.parametrize(
    "rule, before, after",
    [
        pytest.param(rule, before, after, id=f"{rule.code}-{number}")
        for rule in RULES
        for number, (before, after) in enumerate(rule.examples.fixed.items())
    ],
)
def test_rule_mends_its_examples(
    rule: Rule, before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.style.fix.load_rules", lambda: (rule,))
    bullet = bullet_of(rule, before)
    fixed = fix(bullet, context_of(rule))
    assert (fixed.headline or fixed.text) == after


GOOD = """\
extends: existence
message: "'%s' is out."
level: warning
scope: text
tokens: [foo]
examples: {match: [a foo], pass: [a bar]}
"""


@pytest.mark.parametrize(
    "old, new, reason",
    [
        pytest.param("level: warning", "level: fatal", "bad-rule.yml, level", id="level"),
        pytest.param("level: warning", "level: warning\nlink: x", "bad-rule.yml, link", id="extra"),
        pytest.param("extends: existence", "extends: spelling", "bad-rule.yml, extends", id="kind"),
        pytest.param("extends: existence\n", "", "bad-rule.yml, extends", id="no-kind"),
        pytest.param("scope: text", "scope: page", "bad-rule.yml, scope.0", id="scope"),
        pytest.param("scope: text", "scope: []", "bad-rule.yml, scope", id="no-scope"),
        pytest.param("[foo]", "['(']", "'(' is no regular expression", id="regex"),
        pytest.param("[foo]", "['(']", "bad-rule.yml, tokens.0", id="regex-field"),
        pytest.param(
            "existence\nmessage: \"'%s' is out.\"\nlevel: warning\nscope: text\ntokens: [foo]",
            "substitution\nmessage: m\nlevel: warning\nscope: text\nswap: {(a)b: '\\2'}",
            "names a group that its expression lacks",
            id="group",
        ),
        pytest.param("[foo]", "[]", "bad-rule.yml, tokens", id="no-tokens"),
        pytest.param("'%s' is", "'%s' %s is", "bad-rule.yml, message", id="message"),
        pytest.param("match: [a foo], ", "", "bad-rule.yml, examples.match", id="no-example"),
        pytest.param("level: warning", "level: warning\ncode: x", "code is the file's", id="code"),
        pytest.param(GOOD, "- a list", "a rule is a mapping", id="list"),
        pytest.param(GOOD, "a: [", "could not be read", id="no-yaml"),
    ],
)
def test_wrong_rule_files_say_file_field_and_reason(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    assert old in GOOD
    path = tmp_path / "bad-rule.yml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(PromptError) as caught:
        load_rule(path)
    assert reason in str(caught.value)
    assert "bad-rule.yml" in str(caught.value)


def test_a_good_rule_file(tmp_path: Path) -> None:
    path = tmp_path / "good-rule.yml"
    path.write_text(GOOD, encoding="utf-8")
    rule = load_rule(path)
    assert (rule.code, rule.level, rule.scope) == ("good-rule", "warning", ("text",))
    (found,) = check_bullet(Bullet("", "A foo."), rules=[rule])
    assert (found.start, found.end, found.message) == (2, 5, "'foo' is out.")


def test_a_bad_file_name(tmp_path: Path) -> None:
    path = tmp_path / "Bad Rule.yml"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(PromptError, match="code"):
        load_rule(path)


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="no style rules"):
        load_rules(tmp_path)


def test_word_lists_have_no_comments_left() -> None:
    assert {"NATO", "USS", "US"} <= words("known-acronyms")
    assert not any("#" in entry or entry != entry.strip() for entry in words("event-nouns"))
    with pytest.raises(PromptError, match="could not be read"):
        words("nothing")
