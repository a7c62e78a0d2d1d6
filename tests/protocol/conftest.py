"""How Hypothesis goes about its work."""

from hypothesis import settings

# Without a deadline for each example: on a busy machine it would be the machine that fails.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
