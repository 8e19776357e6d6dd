"""`python -m reelmock` and the command `reelmock` start here."""

from reelmock.cli import main

if __name__ == "__main__":
    main()
