"""The machine below: what it has, what it runs short of, and how often that is worth a line."""
