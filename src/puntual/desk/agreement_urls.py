"""The addresses of what was agreed; each subject adds its own in a module beside this one."""

from django.urls import URLPattern, path

from puntual.desk.views import agreements_promises as promises

inside: list[URLPattern] = [
    path("agreements/", promises.promises, name="agreements"),
]
