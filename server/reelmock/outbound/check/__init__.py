"""The contract, run against any server of the Videos API, as a stranger's client sees it:
over HTTP alone."""
