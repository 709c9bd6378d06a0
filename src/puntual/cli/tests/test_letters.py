"""`puntual letters`: what it says where there is nothing to print, no such batch, no such letter."""

from pathlib import Path

from puntual.cli.tests.conftest import Command


def test_what_cannot_be_is_said(puntual: Command, tmp_path: Path) -> None:
    puntual.good("org", "create", "cartas", "--name", "Cartas", "--country", "PE", "--currency", "PEN")
    where = ("--org", "cartas", "--lang", "en")
    assert "No letter waits" in puntual.refused(1, "letters", "batch", "--out", tmp_path / "out", *where)
    assert not (tmp_path / "out").exists()
    assert "no way of posting" in puntual.refused(1, "letters", "batch", "--service", "pigeon", *where)
    assert "no batch 7" in puntual.refused(2, "letters", "posted", 7, *where)
    assert "not the code" in puntual.refused(1, "letters", "returned", "12-0345-98", "--reason", "moved", *where)
    assert "no letter 12-0345-97" in puntual.refused(
        1, "letters", "returned", "12 0345 97", "--reason", "moved", *where
    )
    puntual.refused(2, "letters", "returned", "12-0345-97", "--reason", "eaten", *where)
