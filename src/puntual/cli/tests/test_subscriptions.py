"""`puntual subscriptions`: one is made, seen, sent and ended. `puntual policy`: a file comes back as it was."""

from pathlib import Path

from puntual.cli.tests.conftest import Command

POLICY = """\
name = "Crédito"

[[rule]]
segment = ""
terms_days = 30
limits = { PEN = "20000" }
documents = ["Ficha RUC"]
up_to = { collector = { PEN = "1000" }, manager = { PEN = "10000" } }
review_months = 12

[[paragraph]]
language = "es"
title = "Pagos"
text = "En la cuenta de siempre."
"""


def test_a_subscription_from_beginning_to_end(puntual: Command) -> None:
    mine = ("--org", "acme")
    puntual.good(
        "org", "create", "acme", "--name", "Acme", "--country", "PE", "--currency", "PEN", "--owner", "ana@acme.test"
    )
    made = puntual.json("subscriptions", "add", "letter", "--to", "ana@acme.test", "--every", "month", "--on", 3, *mine)
    assert (made["report"], made["every"], made["on"], made["to"]) == ("letter", "month", 3, ["ana@acme.test"])
    assert puntual.json("subscriptions", "list", *mine) == {"subscriptions": [made]}
    assert puntual.json("subscriptions", "send", made["id"], *mine)["mails"] == 1
    assert "letter" in puntual.refused(1, "subscriptions", "add", "nothing", "--to", "ana@acme.test", *mine)
    week = ("--every", "week", "--on", 9)
    assert "9" in puntual.refused(2, "subscriptions", "add", "dso", "--to", "ana@acme.test", *week, *mine)
    puntual.good("subscriptions", "remove", made["id"], *mine)
    assert made["id"] in puntual.refused(2, "subscriptions", "remove", made["id"], *mine)


def test_the_credit_policy_as_a_file(puntual: Command, tmp_path: Path) -> None:
    mine = ("--org", "credit")
    puntual.good("org", "create", "credit", "--name", "Credit", "--country", "PE", "--currency", "PEN")
    file = tmp_path / "policy.toml"
    file.write_text(POLICY)
    assert puntual.json("policy", "import", file, *mine) == {"number": 1, "state": "draft"}
    assert puntual.good("policy", "export", "--draft", *mine) == POLICY
    assert puntual.refused(2, "policy", "export", *mine)  # nothing is in force
    assert puntual.json("policy", "compare", 1, 1, *mine)["differences"] == []
    file.write_text(POLICY.replace("terms_days = 30", "terms_days = true"))
    assert "terms_days" in puntual.refused(1, "policy", "import", file, *mine)
