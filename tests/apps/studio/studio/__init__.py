"""A small service that has videos made, stores them, and serves them."""
