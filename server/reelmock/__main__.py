"""`python -m reelmock` and the command `reelmock` start here."""

import signal


def main() -> None:
    """Run the command line; Ctrl-C while it is still being imported ends it quietly."""
    # As an exception it would come amid an import, and some of those swallow it.
    interrupted = signal.getsignal(signal.SIGINT)
    if interrupted is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from reelmock.cli import main as run

    signal.signal(signal.SIGINT, interrupted)
    run()


if __name__ == "__main__":
    main()
