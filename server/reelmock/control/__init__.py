"""The emulator's own wire."""
