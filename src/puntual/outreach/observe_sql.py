"""The statement behind `observe`: one row per customer, everything aggregated in the database."""

from puntual.strategies.balances_sql import OF_FEW, credits_sql, items_sql

_POINT = """point AS (
    SELECT customer_id,
           bit_or(CASE WHEN usable THEN bits ELSE 0 END) AS reachable,
           bit_or(CASE WHEN usable AND consent = 'granted' THEN bits ELSE 0 END) AS authorized,
           bit_or(CASE WHEN bounced THEN spread ELSE 0 END) | bit_or(CASE WHEN refused THEN spread * 2 ELSE 0 END) AS unusable,
           max(language) FILTER (WHERE usable AND kind = 'whatsapp' AND language <> '') AS language,
           bool_or(kind = 'phone' AND NOT takes_sms) AS no_sms
    FROM (
        SELECT i.customer_id, i.kind, i.language, i.takes_sms, i.consent, i.bounce = 'hard' AS bounced,
               i.consent = 'withdrawn' AS refused,
               i.retired_on IS NULL AND i.bounce <> 'hard' AND i.consent <> 'withdrawn'
                   AND (p.ends_on IS NULL OR p.ends_on >= %(day)s) AS usable,
               CASE i.kind WHEN 'email' THEN 65 WHEN 'phone' THEN CASE WHEN i.takes_sms THEN 70 ELSE 66 END
                   WHEN 'whatsapp' THEN 72 ELSE 112 END AS bits,
               CASE i.kind WHEN 'email' THEN 1 WHEN 'phone' THEN 20 WHEN 'whatsapp' THEN 64 ELSE 1280 END AS spread
        FROM parties_contactpoint i
        LEFT JOIN parties_person p ON p.organization_id = %(org)s AND p.id = i.person_id
        WHERE i.organization_id = %(org)s AND i.retired_on IS NULL {only}
    ) points
    GROUP BY customer_id
)"""
_CONTACT = """contact AS (
    SELECT c.party_id,
           string_agg(a.channel || '|' || ceil(extract(epoch FROM coalesce(a.settled_at, a.claimed_at)))::bigint::text
                      || '|' || (a.result LIKE 'reached%%')::int || '|' || (a.direction = 'out')::int || '|' || c.id::text,
                      ';') AS contacts
    FROM outreach_activity a
    JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = a.customer_id
    WHERE a.organization_id = %(org)s AND a.channel <> 'internal' AND a.state IN ('sent', 'done', 'unknown', 'attempting')
      AND coalesce(a.settled_at, a.claimed_at) > %(history_from)s AND coalesce(a.settled_at, a.claimed_at) <= %(until)s
      AND a.id <> ALL(%(sending)s::uuid[]) {same_party}
    GROUP BY c.party_id
)"""
_WISH = """wish AS (
    SELECT i.customer_id,
           bit_or(CASE i.channel WHEN 'email' THEN 1 WHEN 'call' THEN 2 WHEN 'sms' THEN 4 WHEN 'whatsapp' THEN 8
                  WHEN 'letter' THEN 16 ELSE 0 END)::text
           || '|' || coalesce(max(i.hours_from), 0)::text || '|' || coalesce(min(i.hours_until), 24)::text AS wishes
    FROM parties_preference i
    WHERE i.organization_id = %(org)s {only}
      -- Looked up for the few there are: a join would read every person.
      AND coalesce((SELECT p.ends_on FROM parties_person p WHERE p.organization_id = %(org)s AND p.id = i.person_id),
                   %(day)s) >= %(day)s
    GROUP BY i.customer_id
)"""

_CONDUCT = """
WITH {point},
{contact},
{wish}
SELECT c.id::text, p.kind = 'natural' AS natural, c.consumer, p.country, c.time_zone, point.authorized,
       contact.contacts, wish.wishes
FROM parties_customer c
JOIN parties_party p ON p.organization_id = %(org)s AND p.id = c.party_id
LEFT JOIN point ON point.customer_id = c.id
LEFT JOIN contact ON contact.party_id = c.party_id
LEFT JOIN wish ON wish.customer_id = c.id
WHERE c.organization_id = %(org)s AND c.id = ANY(%(customers)s)
"""

_STATEMENT = """
WITH item AS (
    SELECT i.customer_id,
           string_agg(i.expected_on::text || '|' || i.id::text || '|' || i.currency || '|' || i.askable::text
                      || CASE WHEN f.id IS NULL AND i.due_generation = 1 AND i.expected_on = i.due_on THEN ''
                         ELSE '|' || i.due_generation::text || '|' || (f.id IS NULL)::int::text || '|'
                              || CASE WHEN i.extended_to IS NULL AND i.expected_on > i.due_on THEN i.due_on::text ELSE '' END
                         END, ';') AS items
    FROM ({items}) i
    LEFT JOIN (
        SELECT id FROM receivables_invoice
        WHERE organization_id = %(org)s AND claim_owner <> 'ours' AND claim_owner_since <= %(day)s
    ) f ON f.id = i.invoice_id
    GROUP BY i.customer_id
),
credit AS (
    SELECT customer_id, string_agg(currency || '|' || amount::text, ';') AS credits FROM ({credits}) c GROUP BY customer_id
),
held AS (
    SELECT i.* FROM receivables_hold i
    WHERE i.organization_id = %(org)s AND i.from_on <= %(day)s
      AND (i.until_on IS NULL OR i.until_on >= %(day)s)
      AND (i.released_on IS NULL OR i.released_on > %(day)s) {only}
),
hold AS (
    SELECT customer_id,
           string_agg(coalesce(installment_id::text, '') || '|' || reason || '|' || coalesce(amount::text, '') || '|'
                      || coalesce(until_on::text, '') || '|' || stops_chasing::int || '|' || stops_pre_due::int, ';') AS holds
    FROM (
        SELECT customer_id, installment_id, reason, amount, until_on, stops_chasing, stops_pre_due FROM held
        WHERE invoice_id IS NULL OR installment_id IS NOT NULL
        UNION ALL
        SELECT h.customer_id, i.id, h.reason, h.amount, h.until_on, h.stops_chasing, h.stops_pre_due
        FROM held h JOIN receivables_installment i ON i.organization_id = %(org)s AND i.invoice_id = h.invoice_id
        WHERE h.invoice_id IS NOT NULL AND h.installment_id IS NULL
    ) covered
    GROUP BY customer_id
),
{point},
under_way AS (
    SELECT i.customer_id, min(i.state || '|' || i.day::text || '|' || i.step) AS under_way
    FROM outreach_activity i
    WHERE i.organization_id = %(org)s AND i.state IN ('proposed', 'queued', 'to_do', 'attempting', 'unknown')
      AND i.direction = 'out' AND i.step NOT IN ('other_way', 'ask_instrument', 'give_missing')
      AND NOT (i.step = ANY(%(notices)s) AND i.state = 'proposed') {only}
    GROUP BY i.customer_id
),
delivered AS (
    SELECT customer_id, string_agg(tone || '|' || last_day::text || '|' || times::text, ';') AS delivered
    FROM (
        SELECT i.customer_id, i.tone, max(i.day) AS last_day, count(*) AS times
        FROM outreach_activity i
        WHERE i.organization_id = %(org)s AND i.state IN ('sent', 'done') AND i.direction = 'out'
          AND i.channel <> 'internal' AND i.day > %(rounds_from)s AND i.day <= %(day)s AND i.result <> ALL(%(unheard)s)
          AND (i.step <> ALL(%(notices)s) OR i.day = %(day)s) {only}
        GROUP BY i.customer_id, i.tone
    ) tones
    GROUP BY customer_id
),
mark AS (
    SELECT i.customer_id, string_agg(i.installment_id::text || '|' || i.step || '|' || i.tone, ';') AS marks
    FROM outreach_mark i
    JOIN receivables_installment o ON o.organization_id = %(org)s AND o.id = i.installment_id
         AND o.due_generation = i.due_generation {still_open}
    WHERE i.organization_id = %(org)s AND NOT i.voided AND i.at <= %(now)s {only}
    GROUP BY i.customer_id
),
{contact},
{wish},
talk AS (
    SELECT customer_id, extract(epoch FROM max(coalesce(sent_at, received_at)))::bigint AS wrote
    FROM outreach_answer
    WHERE organization_id = %(org)s AND channel = 'whatsapp' AND customer_id IS NOT NULL
      AND received_at > %(now)s - interval '24 hours' AND received_at <= %(now)s
    GROUP BY customer_id
),
recent AS (
    SELECT customer_id, string_agg(currency || '|' || amount::text || '|' || last_day::text, ';') AS payments
    FROM (
        SELECT i.customer_id, i.currency, sum(i.amount) AS amount, max(i.received_on) AS last_day
        FROM payments_payment i
        WHERE i.organization_id = %(org)s AND i.received_on > %(rest_from)s AND i.received_on <= %(day)s
          AND i.reversed_on IS NULL {only}
        GROUP BY i.customer_id, i.currency
    ) paid
    GROUP BY customer_id
)
SELECT c.id::text, c.party_id::text, c.creditor_id::text, p.kind = 'natural' AS natural, c.consumer, p.country, c.time_zone,
       p.status, c.handling, item.items, credit.credits, hold.holds, point.reachable,
       point.unusable | CASE WHEN point.no_sms THEN 16 ELSE 0 END AS unusable, point.authorized,
       under_way.under_way, delivered.delivered, mark.marks, contact.contacts, recent.payments,
       coalesce(point.language, c.language) AS language, talk.wrote, {segments} AS segments, wish.wishes
FROM {whom}
JOIN parties_party p ON p.organization_id = %(org)s AND p.id = c.party_id
LEFT JOIN credit ON credit.customer_id = c.id
LEFT JOIN hold ON hold.customer_id = c.id
LEFT JOIN point ON point.customer_id = c.id
LEFT JOIN under_way ON under_way.customer_id = c.id
LEFT JOIN delivered ON delivered.customer_id = c.id
LEFT JOIN mark ON mark.customer_id = c.id
LEFT JOIN contact ON contact.party_id = c.party_id
LEFT JOIN recent ON recent.customer_id = c.id
LEFT JOIN talk ON talk.customer_id = c.id
LEFT JOIN wish ON wish.customer_id = c.id
{figures}
"""

# By the due date, which an index knows: nothing is expected before it.
_COMING = " AND i.due_on <= %(horizon)s"

_SKIP = """ AND NOT EXISTS (
        SELECT FROM outreach_activity a
        WHERE a.organization_id = %(org)s AND a.customer_id = i.customer_id AND a.direction = 'out'
          AND a.state IN ('proposed', 'queued', 'to_do', 'attempting', 'unknown')
          AND a.step NOT IN ('other_way', 'ask_instrument', 'give_missing')
          AND NOT (a.step = ANY(%(notices)s) AND a.state = 'proposed'))"""


_OWING = "item JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = item.customer_id"
_NAMED = """(SELECT * FROM parties_customer WHERE organization_id = %(org)s AND id = ANY(%(customers)s)) c
LEFT JOIN item ON item.customer_id = c.id"""


def observe_sql(
    *, only: bool, skip_under_way: bool, back_dated: bool, segments: str, figures: str, settled_too: bool = False
) -> str:
    """The statement for everybody or `only` for the named customers, `settled_too` also for those of them who owe nothing;
    `back_dated` sums entries instead of kept balances.

    `segments` is the mask of the segments a customer is in, `figures` the table or statement it is worked out from.
    """
    one = OF_FEW if only else ""
    items = items_sql(only=only, back_dated=back_dated) + _COMING + (_SKIP if skip_under_way else "")
    return _STATEMENT.format(
        items=items,
        whom=_NAMED if settled_too else _OWING,
        credits=credits_sql(only=only, back_dated=back_dated),
        **_pieces(only=only),
        only=one,
        still_open="" if back_dated else "AND o.open_amount > 0",
        segments=segments or "0",
        figures=f"LEFT JOIN {figures} f ON f.id = c.id" if segments else "",
    )


def conduct_sql() -> str:
    """What conduct asks for of the customers named: who they are, what they authorized and wish, what was said and when."""
    return _CONDUCT.format(**_pieces(only=True))


def _pieces(*, only: bool) -> dict[str, str]:
    one = OF_FEW if only else ""
    party = (
        "AND c.party_id IN (SELECT party_id FROM parties_customer WHERE organization_id = %(org)s AND id = ANY(%(customers)s))"
        if only
        else ""
    )
    return {
        "point": _POINT.format(only=one),
        "contact": _CONTACT.format(same_party=party),
        "wish": _WISH.format(only=one),
    }
