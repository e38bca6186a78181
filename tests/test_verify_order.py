"""The modules of the checker read in one direction."""

import re

import assistant.verify
from assistant import resources

FOLDER = resources.prompts().parent / "assistant" / "verify"
ORDER = re.findall(r"\w+", assistant.verify.__doc__.partition("here:")[2])


def test_the_order_names_every_module():
    assert sorted(ORDER) == sorted(p.stem for p in FOLDER.glob("*.py") if p.stem != "__init__")


def test_no_module_imports_one_that_stands_after_it():
    for module in ORDER:
        text = (FOLDER / f"{module}.py").read_text(encoding="utf-8")
        for imported in re.findall(r"from assistant\.verify\.(\w+) import", text):
            assert ORDER.index(imported) < ORDER.index(module), f"{module} imports {imported}"
