"""The forms of a draft: a step with the customer, a task for the team, a policy, an offer, the heading."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk import words
from puntual.desk.fields import MoneyField
from puntual.desk.watched import Watched
from puntual.strategies import wording
from puntual.strategies.facts import TONES
from puntual.strategies.manual import APPROVALS, INTERNALS, LANGUAGES, ROLES, Manual, Offer, Policy, Step
from puntual.strategies.steps import ASSIGNEES, CALLERS, GRANTERS, LIMITS, NUMBERS

_FAR = 3650
MOST_BYTES = 1_000_000
_KEPT = (
    *("name", "day", "business_days", "tone", "template", "offer", "role", "assignee", "approval"),
    *("entry", "attach_statement", "attach_invoices", "required", "proof"),
)


def _choices(values: Sequence[str], names: Any, empty: str = "") -> list[tuple[str, str]]:
    first = [("", empty)] if empty else []
    return first + [(value, str(_(names[value]))) for value in values]


class StepForm(Watched):
    """A step with the customer. `step` makes the step of it; what the form does not show stays as it was."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    day = forms.IntegerField(label=gettext_lazy("Day"), min_value=-30, max_value=_FAR)
    business_days = forms.BooleanField(label=gettext_lazy("Only business days count"), required=False)
    channel_1 = forms.ChoiceField(label=gettext_lazy("By"))
    channel_2 = forms.ChoiceField(label=gettext_lazy("Else by"), required=False)
    channel_3 = forms.ChoiceField(label=gettext_lazy("Else by"), required=False)
    tone = forms.ChoiceField(label=gettext_lazy("Tone"))
    template = forms.ChoiceField(label=gettext_lazy("Text"))
    offer = forms.ChoiceField(label=gettext_lazy("Offer"), required=False)
    segments = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these segments"), required=False, widget=forms.CheckboxSelectMultiple
    )
    role = forms.ChoiceField(label=gettext_lazy("Speaks to"))
    assignee = forms.ChoiceField(label=gettext_lazy("Goes to"), required=False)
    approval = forms.ChoiceField(label=gettext_lazy("Approval"))
    gap_days = forms.IntegerField(
        label=gettext_lazy("Days since the last contact"), min_value=0, max_value=_FAR, required=False
    )
    needs_delivered = forms.IntegerField(
        label=gettext_lazy("Delivered contacts before it"), min_value=0, max_value=100, required=False
    )
    entry = forms.BooleanField(label=gettext_lazy("An old invoice begins here"), required=False)
    attach_statement = forms.BooleanField(label=gettext_lazy("With the account statement"), required=False)
    attach_invoices = forms.BooleanField(label=gettext_lazy("With the files of the invoices"), required=False)
    next_after_days = forms.IntegerField(
        label=gettext_lazy("Days without an answer before the next channel"), min_value=0, max_value=90, required=False
    )
    required = forms.BooleanField(label=gettext_lazy("Never skipped"), required=False)
    proof = forms.CharField(label=gettext_lazy("What proves it"), max_length=200, required=False)

    def __init__(
        self,
        manual: Manual,
        step: Step,
        *arguments: Any,
        templates: Sequence[str] = (),
        segments: Sequence[tuple[str, str]] = (),
        currencies: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.origin = step
        self.currencies = tuple(dict.fromkeys([*currencies, *step.minimum]))
        initial = {name: getattr(step, name) for name in self.base_fields if hasattr(step, name)}
        initial["segments"] = list(step.segments)
        for place, channel in enumerate(step.channels[:3], 1):
            initial[f"channel_{place}"] = channel
        initial |= {f"minimum-{currency}": amount for currency, amount in step.minimum.items()}
        super().__init__(*arguments, **{**options, "initial": initial})
        channels = [name for name in words.CHANNELS if name != "internal"]
        known = dict.fromkeys([*templates, step.template] if step.template else templates)
        offers = [(offer.code, offer.name) for offer in manual.offers]
        self._offer("channel_1", _choices(channels, words.CHANNELS))
        self._offer("channel_2", _choices(channels, words.CHANNELS, "—"))
        self._offer("channel_3", _choices(channels, words.CHANNELS, "—"))
        self._offer("tone", [(tone, words.tone(tone)) for tone in TONES])
        self._offer("template", [(name, name) for name in known])
        self._offer("offer", [("", _("none")), *offers])
        self._offer("role", _choices(ROLES, wording.PERSON_ROLES))
        self._offer("assignee", _choices(CALLERS[::-1], wording.MEMBER_ROLES, _("whoever may")))
        self._offer("approval", _choices(APPROVALS[::-1], wording.APPROVALS))
        self._offer("segments", list(segments))
        if not segments:
            del self.fields["segments"]
        for currency in self.currencies:
            label = _("Only from this amount on, {currency}").format(currency=currency)
            self.fields[f"minimum-{currency}"] = MoneyField(label=label, required=False, currency=currency)
        self.order_fields([name for name in self.fields if name not in ("required", "proof")])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def step(self) -> Step:
        """The step as it is now to be."""
        given = self.cleaned_data
        channels = [given[f"channel_{place}"] for place in (1, 2, 3) if given[f"channel_{place}"]]
        kept = {name: given[name] for name in _KEPT}
        amounts = {currency: given[f"minimum-{currency}"] for currency in self.currencies}
        return replace(
            self.origin,
            **kept,
            channels=tuple(dict.fromkeys(channels)),
            segments=tuple(given.get("segments", self.origin.segments)),
            gap_days=given["gap_days"],
            needs_delivered=given["needs_delivered"] or 0,
            next_after_days=given["next_after_days"] or 0,
            minimum={currency: amount for currency, amount in amounts.items() if amount},
        )


class TaskForm(Watched):
    """A step the team takes without the customer."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    day = forms.IntegerField(label=gettext_lazy("Day"), min_value=1, max_value=_FAR)
    business_days = forms.BooleanField(label=gettext_lazy("Only business days count"), required=False)
    internal = forms.ChoiceField(label=gettext_lazy("What is done"))
    assignee = forms.ChoiceField(label=gettext_lazy("Goes to"), required=False)

    def __init__(self, manual: Manual, step: Step, *arguments: Any, **options: Any) -> None:
        self.origin = step
        initial = {name: getattr(step, name) for name in self.base_fields}
        super().__init__(*arguments, **{**options, "initial": initial})
        self.fields["internal"].choices = _choices(INTERNALS, wording.INTERNALS)  # type: ignore[attr-defined]
        self.fields["assignee"].choices = _choices(  # type: ignore[attr-defined]
            ASSIGNEES[::-1], wording.MEMBER_ROLES, _("whoever may")
        )

    def step(self) -> Step:
        """The step as it is now to be."""
        return replace(self.origin, **self.cleaned_data)


class PolicyForm(Watched):
    """A rule of the house in words."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}))
    team_only = forms.BooleanField(label=gettext_lazy("For the team alone"), required=False)

    def policy(self) -> Policy:
        """The policy as it is now to be; lines end as they are stored."""
        given = self.cleaned_data
        return Policy(given["title"], given["text"].replace("\r\n", "\n"), given["team_only"])


class OfferForm(Watched):
    """What may be granted. The limits shown are those of the kind; the others are left alone."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    percent = MoneyField(label=gettext_lazy("Percent"), required=False)
    days = forms.IntegerField(label=gettext_lazy("Days"), required=False, min_value=0, max_value=_FAR)
    installments = forms.IntegerField(label=gettext_lazy("Parts"), required=False, min_value=0, max_value=60)
    times = forms.IntegerField(label=gettext_lazy("Times per invoice"), required=False, min_value=0, max_value=12)
    down_percent = MoneyField(label=gettext_lazy("First part at least, percent"), required=False)
    from_day = forms.IntegerField(label=gettext_lazy("From day"), min_value=-365, max_value=_FAR)
    to_day = forms.IntegerField(label=gettext_lazy("Through day"), required=False, min_value=-365, max_value=_FAR)
    segments = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these segments"), required=False, widget=forms.CheckboxSelectMultiple
    )
    granted_by = forms.ChoiceField(label=gettext_lazy("Granted by"))
    words = forms.CharField(
        label=gettext_lazy("What the customer hears of it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        offer: Offer,
        *arguments: Any,
        segments: Sequence[tuple[str, str]] = (),
        currencies: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.origin = offer
        self.currencies = tuple(dict.fromkeys([*currencies, *offer.balance_from, *offer.balance_below]))
        initial = {name: getattr(offer, name) or None for name in self.base_fields}
        initial |= {"from_day": offer.from_day, "to_day": offer.to_day, "segments": list(offer.segments)}
        for name in ("balance_from", "balance_below"):
            initial |= {f"{name}-{currency}": amount for currency, amount in getattr(offer, name).items()}
        super().__init__(*arguments, **{**options, "initial": initial})
        for currency in self.currencies:
            label = _("Balance from, {currency}").format(currency=currency)
            self.fields[f"balance_from-{currency}"] = MoneyField(label=label, required=False, currency=currency)
            label = _("Balance below, {currency}").format(currency=currency)
            self.fields[f"balance_below-{currency}"] = MoneyField(label=label, required=False, currency=currency)
        self.fields["segments"].choices = list(segments)  # type: ignore[attr-defined]
        if not segments:
            del self.fields["segments"]
        self.order_fields([name for name in self.fields if name not in ("granted_by", "words")])
        for name in NUMBERS:
            kinds = " ".join(kind for kind, limits in LIMITS.items() if name in limits)
            self.fields[name].widget.attrs["data-kinds"] = kinds
        self.fields["kind"].choices = _choices(list(LIMITS), wording.KINDS)  # type: ignore[attr-defined]
        self.fields["granted_by"].choices = _choices(GRANTERS, wording.MEMBER_ROLES)  # type: ignore[attr-defined]

    def offer(self) -> Offer:
        """The offer as it is now to be."""
        given = self.cleaned_data
        limits: dict[str, Any] = {
            name: given[name] or (Decimal(0) if "percent" in name else 0) if name in LIMITS[given["kind"]] else 0
            for name in NUMBERS
        }
        limits |= {name: Decimal(limits[name]) for name in ("percent", "down_percent")}
        rest = {name: given[name] for name in ("name", "kind", "from_day", "to_day", "granted_by")}
        return replace(
            self.origin,
            **rest,
            **limits,
            balance_from=self._amounts("balance_from"),
            balance_below=self._amounts("balance_below"),
            segments=tuple(given.get("segments", self.origin.segments)),
            words=given["words"].replace("\r\n", "\n"),
        )

    def _amounts(self, name: str) -> dict[str, Decimal]:
        given = {currency: self.cleaned_data[f"{name}-{currency}"] for currency in self.currencies}
        return {currency: amount for currency, amount in given.items() if amount}


class HeadingForm(Watched):
    """What the manual is called."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    language = forms.ChoiceField(label=gettext_lazy("Language of its names and words"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["language"].choices = _choices(LANGUAGES, wording.LANGUAGES)  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A manual, segments or texts as a file; cleaned, its text."""

    file = forms.FileField(label=gettext_lazy("TOML file"), widget=forms.FileInput(attrs={"accept": ".toml"}))

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large for this."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This is not text in UTF-8. Save it again as UTF-8.")) from None
