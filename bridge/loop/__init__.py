"""What the event loop's work is divided by: turns, timers, and waiting for one another."""
