"""The sample organization of `puntual demo`: an HR consultancy in Lima, made from a seed and the same every time."""

from puntual.cli.sample.load import Login, ensure_sample

__all__ = ["Login", "ensure_sample"]
