"""A mistake in a manual: where it stands, down to the line of a file, and what is wrong."""

from puntual.kernel.problems import N_, Problem, Translate, Written, as_data, as_it_is

PLACES = {
    "": N_("The manual's heading"),
    "step": N_("Step “{code}”"),
    "policy": N_("Policy “{code}”"),
    "offer": N_("Offer “{code}”"),
    "notice": N_("Notice “{code}”"),
}
_AT = N_("{place}, {field}: {reason}")
_AT_LINE = N_("Line {line}. {place}, {field}: {reason}")
_LINE = N_("Line {line}. {reason}")


class Fault(Problem):
    """A mistake in the `field` of one table of a manual ("" for its heading, else a step, policy, offer or notice).

    `number` counts the tables of a kind from 0, `code` names the one at fault. `line` is known where the manual came as a file.
    """

    def __init__(
        self, table: str, code: str, field: str, message: str, /, *, number: int = 0, line: int = 0, **details: object
    ) -> None:
        super().__init__(message, step=code if table == "step" else "", field=field, **details)
        self.table = table
        self.code = code
        self.field = field
        self.number = number
        self.line = line

    def reason(self, translate: Translate = as_it_is, written: Written = as_data) -> str:
        """What is wrong, for whoever sees where."""
        return super().text(translate, written)

    def text(self, translate: Translate = as_it_is, written: Written = as_data) -> str:
        """Where it is and what is wrong, in the language `translate` speaks."""
        reason = self.reason(translate, written)
        if not self.field:
            return translate(_LINE).format(line=self.line, reason=reason) if self.line else reason
        place = translate(PLACES[self.table]).format(code=self.code)
        form = translate(_AT_LINE if self.line else _AT)
        return form.format(line=self.line, place=place, field=self.field, reason=reason)
