"""Real time, and waiting for it."""
