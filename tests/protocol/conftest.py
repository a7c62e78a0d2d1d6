"""How Hypothesis goes about its work."""

from hypothesis import settings

# Without a deadline for each example: on a busy machine it would be the machine that fails. The
# same examples on each run: what they cover, and which mutants they catch, are promises.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
