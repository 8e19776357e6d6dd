"""Every HTTP request that we make ourselves, and the signing of what we send."""
