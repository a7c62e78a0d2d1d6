"""Who may talk to which daemon."""
