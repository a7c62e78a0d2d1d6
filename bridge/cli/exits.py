"""The exit codes; 0 is success."""

from typing import Final

FAILED: Final = 1
"""Serving fails or is broken off, the page explained is refused, or no client could work."""
USAGE: Final = 2
"""A wrong command line or configuration, as argparse has it."""
