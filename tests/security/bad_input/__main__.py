"""Writes the table into docs/security.md."""

from tests.security.bad_input.document import write

write()
