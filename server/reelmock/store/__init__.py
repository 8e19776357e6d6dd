"""SQL, and nothing of it outside."""
