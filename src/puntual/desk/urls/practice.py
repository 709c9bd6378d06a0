"""The addresses of the negotiation trainer."""

from django.urls import URLPattern, path

from puntual.desk.views import practice

inside: list[URLPattern] = [
    path("agreements/practice/", practice.practice, name="practice"),
    path("agreements/practice/begin", practice.begin, name="practice_begin"),
    path("agreements/practice/people/<uuid:user_id>", practice.person, name="practice_person"),
    path("agreements/practice/<uuid:talk_id>", practice.talk, name="practice_talk"),
]
