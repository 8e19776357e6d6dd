"""One verb a function, on the ports of the house."""
