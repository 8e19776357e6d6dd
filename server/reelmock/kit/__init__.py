"""What a test holds of a server in another process: the same as of an Emulator."""
