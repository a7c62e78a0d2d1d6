"""How fast clients, users and daemons may go: rates, and what waits for them."""
