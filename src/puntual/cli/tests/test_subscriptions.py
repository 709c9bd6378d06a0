"""`puntual subscriptions`: one is made, seen, sent and ended; what is wrong is said."""

from puntual.cli.tests.conftest import Command


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
