"""The `puntual` command. Names, options, exit codes and JSON are stable: others script them."""


def main() -> None:
    """Where the command begins; ends the process with 0 (done), 1 (done with refusals, or failed) or 2 (wrong usage)."""
    import sys

    from puntual.cli.running import run

    sys.exit(run(sys.argv[1:]))
