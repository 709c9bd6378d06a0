"""The staff's web. How a page is made:

**Address.** Everything of an organization lies under `/o/<slug>/`; add a `path` to `inside` in a module of `urls/`. A page
whose name stands in `navigation.MAP` (today, customers, portfolio, settings …) appears in the rail by itself; the
first word of an address says which entry is lit. `{% to "customer" customer.id %}` in templates,
`pages.address(request, "customer", customer.id)` in views; `pages.customer` in a template is true where such a page
exists.

**View.** In `views/<place>.py`:

    @require_GET
    @needs("view")  # a Permission of organizations.roles; others get a 403 that names whom to ask
    def customers(request: DeskRequest) -> HttpResponse:
        rows = queries.customers(request.organization.id, as_of=request.actor.today)
        rows = keyset.paginate(rows, request, by=("search_name", "id"))
        return page(request, "desk/customers.html", _("412 customers owe something"), rows=rows)

A new address needs its row in tests/house/permissions.txt: which roles it is for, GET and POST.

`OrganizationScope` has already opened the organization's transaction: `request.organization`, `.membership`, `.actor`
(the `Actor` every action takes, with `now` and `today`). An answer of 400 or more rolls back. A `Problem` may simply
be let go: it becomes a message (htmx) or a page, status 422. To show it beside a form catch it, and answer with
`status=422` and `formats.sentence(problem)`. A write is `@require_POST`, one action, `messages.success(request, …)`, then
a redirect (or a `fragment` for htmx). No query in templates.

**Template.** `{% extends "desk/base.html" %}{% load desk i18n %}`; blocks: `crumbs` (a `<p>` above the title),
`heading` (the title, when it is not plain text), `lead` (a `<p>` below), `primary` (the one primary button),
`content`, `shortcuts` (`<dt>`, `<dd>` for the help), `head` (the whole heading), `main` (a page without the wrap, as
a review with two panes). No `style=`, no inline script: the policy refuses them. Tags: `icon`, `to`, `amount`, `day`,
`moment`, `ago`, `due`, `tone`, `light`, `age_bar`, `age_legend`, `pager`, `field`; filters: `money`, `change`,
`count`, `tone_class`, `channel`, `channel_icon`, `role`, `bucket`. `may.approve` is whether the person may. Icons
used in templates reach the sprite by `tools/assets.py icons`; those named in Python stand in `icons.txt`. CSS: `.head
.sec .split .stack .since .notes .table(.rows .ledger .mid .compact .pickable) .n .cur .mute .fine .tone .light .facts
.next .hist .nav-underline .nav-segmented .review(.opened .both) .mail .act(.record) .words .results .empty .field
.notice(.problem .inline) .narrow .box`, on a phone `.stacked` and `.numbered` tables: all of it is css/puntual.css. What Tabler
has a utility for (gaps, margins, borders, flex) is written in the template.

**Lists.** A list is described, not written: `lists.describing.List` in a module of `desk/lists/`, named in `lists.registry`, its
page `views.lists.listing(NAME)` in a module of `desk/urls/`. Filters, orders, columns, kept views, files, bulk actions
with a preview and paging by key come with it, and so do its tests (`tests/test_list_machinery.py` walks every list).

**Two panes.** `.review` holds a `.list` and beside it a `.view`; on a phone the list alone, or with `.opened` the view
alone, or with `.both` one below the other. `parts/review.html` is the pattern: the whole `#review` is swapped by
morphing, so the list keeps its place and its ticks; every link has an `href` and every form an `action` that do the
same without htmx.

**htmx 4.** Attributes are inherited only with `:inherited`; the CSRF header is on `<body>`. Answer a part with
`fragment(request, "desk/parts/rows.html", rows=rows)`: waiting messages travel along. Any status is swapped; errors
retarget themselves to the messages. `hx-on`, `js:` and `[filters]` in triggers need eval, which the policy refuses.
The page must work without it: a form has an `action`, a link a `href`.

**Money and customers.** `{% load ledger %}`: `says` (words of `labels.py`), `by_channel`, `scope`, `phone`, `age`,
`lateness`, `clock`. `standing.standings` sums open items per customer and currency, with what each amount is made of.
Lists: `<table class="table mid list">`, cells `at-a` to `at-e` are what a phone shows. Fields:
`fields.MoneyField`, `fields.DayField`.

**Forms in place.** A link with `data-sheet` opens the form it leads to in a dialog; the view answers with `sheets.sheet`
and, once the action is done, `sheets.done`. Without a script the same address is a page.

**Refused.** What an action refuses (a `Problem`) goes to `refusing.refuse`, as `carried_out` and `accepted` do: it stands beside
the field whose value the problem names among its details (one that fills no place of the sentence counts too), else above the
form. A template that writes a control by hand includes `parts/wrong.html` with its bound field and describes the control by it.

**Two at once.** A form of what is there already is a `watched.Watched`, made with its `initial` when it is sent too (one that
chooses which of several it sets: a `watched.WatchedOneOf`, with what is `there`):
`carried_out` and `accepted` then refuse what somebody changed meanwhile, beside the field. Its template includes
`parts/form_errors.html`, or carries `form.seen` in a hidden field `seen`.

**Guide.** docs/guide holds a part for each place; `guide.part_of` says which one a page leads to.

**Keys.** `data-key="a"` on a link or button: that key clicks it. `data-list` on a table (`data-list="preview"`: walking
opens) gives j and k; `.rows` makes a row a big link. `data-open="id"` opens the `<dialog class="sheet" id="id">`,
`data-close` closes it.

**Charts.** `<div data-chart="spark" data-values="[3, 5, 2]" role="img" aria-label="…">`; kinds are in js/charts.js,
the numbers also in a table or sentence.
"""
