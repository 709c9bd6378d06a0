"""`python -m puntual.cli`: how the command starts another one of its own."""

from puntual.cli import main

main()
