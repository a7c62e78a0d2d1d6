"""`python -m tests.fuzz.engine TARGET ARGUMENTS`: one target under atheris, which ends the process.

The code of `bridge` is instrumented while it is imported, so nothing of it may be imported before;
that is why this is a process of its own. The arguments are libFuzzer's.
"""

import shlex
import sys

import atheris

from tests.fuzz.target import target_named


def main() -> None:
    """Never returns: libFuzzer exits, with 0 if no promise was broken."""
    name, *arguments = sys.argv[1:]
    atheris.enabled_hooks.add("str")  # not "RegEx": its patterns cannot be matched from a place on
    with atheris.instrument_imports(include=["bridge"]):
        target = target_named(name)
    itself = shlex.join([sys.executable, "-m", "tests.fuzz.engine", name])  # what merging runs
    atheris.Setup([itself, *arguments], target.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
