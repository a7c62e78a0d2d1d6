"""Who a client is: tokens, tickets, and what issuers sign."""
