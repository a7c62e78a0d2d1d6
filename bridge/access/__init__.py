"""Which page may talk to which daemon."""
