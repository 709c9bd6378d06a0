"""The credit policy: what is in force, the draft of the next version, and what customers read of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import crediting
from puntual.desk.forms.credit import NameForm, RuleForm, WordsForm, segment_choices
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet, tried
from puntual.desk.words import LANGUAGES
from puntual.parties.models import Creditor
from puntual.strategies.credit import actions, queries, text
from puntual.strategies.credit.models import CreditPolicy
from puntual.strategies.credit.policy import EVERYBODY, Policy, same

GET_POST = ("GET", "POST")
OTHERS = "everybody"
"""The rule of who is in no other segment, in an address."""


@require_GET
@needs("view")
def policy(request: DeskRequest) -> HttpResponse:
    """What is in force now, and the draft there is."""
    return _show(request, queries.in_force(request.organization.id))


@require_GET
@needs("view")
def version(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """Any version: a draft is written here by whoever may, others are read."""
    return _show(request, _find(request, version_id))


@require_POST
@needs("manual")
def make(request: DeskRequest) -> HttpResponse:
    """A draft, from what is in force or from nothing."""
    own = request.organization
    made = actions.make_policy_draft(request.actor, name=_("Credit policy"), currency=own.currency)
    return redirect(address(request, "credit_version", made.id))


@require_POST
@needs("manual")
def activate(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """Put the draft into force."""
    found = _find(request, version_id)
    said = _("The credit policy is in force from now on.")
    if tried(request, lambda: actions.activate_policy(request.actor, found.id), said):
        return redirect(address(request, "credit_policy"))
    return redirect(address(request, "credit_version", found.id))


@require_POST
@needs("manual")
def discard(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """Do away with the draft."""
    found = _find(request, version_id)
    tried(request, lambda: actions.discard_policy_draft(request.actor, found.id))
    return redirect(address(request, "credit_policy"))


@require_http_methods(GET_POST)
@needs("manual")
def name(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """Call the draft something else."""
    found = _draft(request, version_id)
    back = address(request, "credit_version", found.id)
    form = NameForm(request.POST or None, initial={"name": queries.policy_of(found).name})
    if request.method == "POST" and accepted(
        form, lambda given: actions.rename_policy(request.actor, found.id, given["name"])
    ):
        return done(request, back)
    return sheet(request, form, _("Name of the policy"), back)


@require_http_methods(GET_POST)
@needs("manual")
def new_rule(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """A rule for another segment."""
    found = _draft(request, version_id)
    said = queries.policy_of(found)
    choices = segment_choices(crediting.segment_names(request), [rule.segment for rule in said.rules])
    back = address(request, "credit_version", found.id)
    if not choices:
        raise Http404
    initial = {**RuleForm.of(said.rules[-1]), "segment": choices[0][0]}
    form = RuleForm(choices, crediting.currencies(request, said), request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda _given: actions.put_rule(request.actor, found.id, form.rule())
    ):
        messages.success(request, _("The rule is in the draft."))
        return done(request, back)
    return sheet(request, form, _("A rule for a segment"), back, template="desk/parts/credit_rule.html")


@require_http_methods(GET_POST)
@needs("manual")
def rule(request: DeskRequest, version_id: UUID, segment: str) -> HttpResponse:
    """Change one rule of the draft."""
    found = _draft(request, version_id)
    said, code = queries.policy_of(found), EVERYBODY if segment == OTHERS else segment
    mine = said.rule_of(code)
    if mine is None:
        raise Http404
    back = address(request, "credit_version", found.id)
    initial = RuleForm.of(mine)
    form = RuleForm((), crediting.currencies(request, said), request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda _given: actions.put_rule(request.actor, found.id, form.rule(code), replaces=code)
    ):
        messages.success(request, _("The rule is in the draft."))
        return done(request, back)
    names = crediting.segment_names(request)
    title = _("Rule for {segment}").format(segment=names.get(code, code) if code else _("everybody else"))
    return sheet(request, form, title, back, template="desk/parts/credit_rule.html")


@require_POST
@needs("manual")
def drop_rule(request: DeskRequest, version_id: UUID, segment: str) -> HttpResponse:
    """Take a rule out of the draft."""
    found = _draft(request, version_id)
    code = EVERYBODY if segment == OTHERS else segment
    tried(request, lambda: actions.drop_rule(request.actor, found.id, code))
    return redirect(address(request, "credit_version", found.id))


@require_http_methods(GET_POST)
@needs("manual")
def words(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """What the text says besides, in `?language=`."""
    found = _draft(request, version_id)
    language = _language(request)
    mine = [one for one in queries.policy_of(found).paragraphs if one.language == language]
    initial = {"title": mine[0].title, "text": mine[0].text} if mine else {}
    back = address(request, "credit_version", found.id)
    form = WordsForm(request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda _given: actions.put_paragraphs(request.actor, found.id, language, form.paragraphs(language))
    ):
        messages.success(request, _("The words are in the draft."))
        return done(request, back)
    title = _("Your own words in {language}").format(language=LANGUAGES[language])
    return sheet(request, form, title, back)


@require_GET
@needs("view")
def policy_text(request: DeskRequest) -> HttpResponse:
    """What customers read: to look at, to copy, as a PDF."""
    asked = _asked(request)
    return page(
        request,
        "desk/credit_text.html",
        _("Payment terms for customers"),
        text=text.policy_text(request.organization, *asked.arguments),
        query=asked.query,
        chosen=asked,
        creditors=asked.creditors,
        segments=asked.segments,
        languages=LANGUAGES,
        purposes=[(code, _(title)) for code, title in text.PURPOSES.items()],
    )


@require_GET
@needs("view")
def policy_pdf(request: DeskRequest) -> HttpResponse:
    """The same as a PDF."""
    asked = _asked(request)
    made = text.pdf(text.policy_text(request.organization, *asked.arguments), request.actor.now)
    file = f"{request.organization.slug}-credit-{asked.language}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{file}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@require_GET
@needs("view")
def policy_plain(request: DeskRequest) -> HttpResponse:
    """The same as plain text."""
    asked = _asked(request)
    made = text.policy_text(request.organization, *asked.arguments).plain()
    return HttpResponse(made, content_type="text/plain; charset=utf-8")


class _Asked:
    """Whose text is asked for: creditor, segment, language and purpose; what is asked wrongly is not asked."""

    def __init__(self, request: DeskRequest) -> None:
        given = request.GET
        self.creditors = list(Creditor.objects.filter(organization_id=request.organization.id).order_by("name"))
        if not self.creditors:
            raise Http404
        version = queries.in_force(request.organization.id)
        if wanted := given.get("version"):
            version = next((one for one in queries.versions(request.organization.id) if str(one.id) == wanted), None)
        if version is None:
            raise Http404
        self.policy: Policy = queries.policy_of(version)
        self.creditor = next((one for one in self.creditors if str(one.id) == given.get("creditor")), self.creditors[0])
        names = crediting.segment_names(request)
        self.segments = [
            (one.segment, names.get(one.segment, one.segment) if one.segment else _("Everybody else"))
            for one in self.policy.rules
        ]
        asked = given.get("segment", "")
        self.segment = asked if any(asked == code for code, _name in self.segments) else EVERYBODY
        self.language = _language(request, self.creditor.language)
        purpose = given.get("purpose", "")
        self.purpose = purpose if purpose in text.PURPOSES else text.CONTRACT
        self.query = given.urlencode()

    @property
    def arguments(self) -> tuple[Creditor, Policy, str, str, str]:
        """As `policy_text` takes them."""
        return self.creditor, self.policy, self.segment, self.language, self.purpose


def _asked(request: DeskRequest) -> _Asked:
    return _Asked(request)


def _language(request: DeskRequest, otherwise: str = "es") -> str:
    asked = request.GET.get("language", "")
    base = otherwise.split("-")[0]
    return asked if asked in LANGUAGES else base if base in LANGUAGES else "en"


def _show(request: DeskRequest, found: CreditPolicy | None) -> HttpResponse:
    org = request.organization.id
    active, draft = queries.in_force(org), queries.draft(org)
    said = queries.policy_of(found) if found else None
    context: dict[str, Any] = {
        "version": found,
        "policy": said,
        "active": active,
        "draft": draft,
        "rules": crediting.rules_shown(request, said) if said else [],
        "own": [(code, name, _words_in(said, code)) for code, name in LANGUAGES.items()] if said else [],
        "versions": list(queries.versions(org)[:20]),
        "writing": bool(found and found.state == CreditPolicy.State.DRAFT),
        "unchanged": bool(said and active and draft and found == draft and same(said, queries.policy_of(active))),
        "more_rules": bool(
            said and segment_choices(crediting.segment_names(request), [one.segment for one in said.rules])
        ),
        "waiting": queries.waiting(org).count(),
        "others": OTHERS,
    }
    if found and said and active and found != active:
        pair = (queries.policy_of(active), said)
        context["differences"] = crediting.differences_shown(request, *(pair if context["writing"] else pair[::-1]))
    title = said.name if said else _("No credit policy is in force")
    return page(request, "desk/credit_policy.html", title, **context)


def _words_in(policy: Policy | None, language: str) -> str:
    found = [one.title for one in policy.paragraphs if one.language == language] if policy else []
    return ", ".join(found)


def _find(request: DeskRequest, version_id: UUID) -> CreditPolicy:
    return get_object_or_404(CreditPolicy, organization_id=request.organization.id, id=version_id)


def _draft(request: DeskRequest, version_id: UUID) -> CreditPolicy:
    found = _find(request, version_id)
    if found.state != CreditPolicy.State.DRAFT:
        raise Http404
    return found
