"""How a stored schema becomes the newest one."""
