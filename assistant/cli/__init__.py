"""The command line, `digest`. Its names, JSON keys and exit codes are a contract.

Exit 0: the command ran; 1: it could not, with a sentence for the editor; 2: wrong usage.
With `--json` exactly one object goes to standard output; everything else to standard error.
"""

from __future__ import annotations

import sys

import click

from assistant.cli import checking, corpus, desk, drafting, evals, models
from assistant.cli.options import fail, notes
from assistant.errors import AssistantError
from assistant.review.blocked import Blocked


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="digest-assistant", prog_name="digest")
def digest() -> None:
    """Draft, link and fact-check the bullets of a policy newsletter."""


for module in (corpus, drafting, checking, models, evals, desk):
    for command in module.COMMANDS:
        digest.add_command(command)


def main() -> None:
    """Run `digest` and exit."""
    as_json = "--json" in sys.argv
    try:
        digest.main(standalone_mode=False)
    except Blocked as error:
        for row in () if as_json else error.rows():
            notes.print(f"Bullet {row['bullet']}: {row['message']}", markup=False, soft_wrap=True)
        fail(error.code, str(error), 1, as_json, blocking=error.rows())
    except AssistantError as error:
        fail(error.code, str(error), 1, as_json)
    except click.UsageError as error:
        hint = f" See `{error.ctx.command_path} --help`." if error.ctx else ""
        fail("usage", error.format_message() + hint, 2, as_json)
    except click.ClickException as error:
        fail("usage", error.format_message(), error.exit_code, as_json)
    except (click.Abort, KeyboardInterrupt):
        fail("interrupted", "Interrupted; what was stored so far is kept.", 130, as_json)
    except BrokenPipeError:
        sys.exit(0)
