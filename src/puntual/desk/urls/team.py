"""Addresses of the team: its day, who is away, whose customers are whose by rule, and what each is to reach."""

from django.urls import URLPattern, path

from puntual.desk.views import absences, portfolios, targets, team

inside: list[URLPattern] = [
    path("team/", team.team, name="team"),
    path("team/day", team.progress, name="team_day"),
    path("team/absences/new", absences.new, name="new_absence"),
    path("team/absences/<uuid:absence_id>/end", absences.end, name="end_absence"),
    path("team/targets/", targets.targets, name="targets"),
    path("team/targets/<uuid:membership_id>", targets.change, name="change_targets"),
    path("team/portfolios/", portfolios.portfolios, name="portfolios"),
    path("team/portfolios/new", portfolios.new, name="new_portfolio"),
    path("team/portfolios/try", portfolios.attempt, name="try_portfolio"),
    path("team/portfolios/apply", portfolios.apply, name="apply_portfolios"),
    path("team/portfolios/<uuid:rule_id>", portfolios.rule, name="portfolio_rule"),
    path("team/portfolios/<uuid:rule_id>/move", portfolios.move, name="move_portfolio"),
    path("team/portfolios/<uuid:rule_id>/delete", portfolios.delete, name="delete_portfolio"),
]
