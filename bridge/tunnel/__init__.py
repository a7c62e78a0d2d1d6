"""Sessions at work: asyncio towards the daemon, receivers towards the client, no HTTP."""
