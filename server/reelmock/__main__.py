"""`python -m reelmock` and the command `reelmock` start here."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C while it is still being imported ends it quietly."""
    try:
        from reelmock.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
