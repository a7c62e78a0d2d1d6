"""What ends a turn early."""


class Failure(Exception):
    """A system, or what came of the load on it, is not as it has to be; says what."""
