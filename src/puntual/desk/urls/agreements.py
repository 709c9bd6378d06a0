"""The addresses of what was agreed; each subject but promises adds its own in a module beside this one."""

from django.urls import URLPattern, path

from puntual.desk.views import promises
from puntual.desk.views.lists import listing

inside: list[URLPattern] = [
    path("agreements/", listing("promises"), name="agreements"),
    path("agreements/promises/<uuid:promise_id>", promises.promise, name="promise"),
    path("agreements/promises/<uuid:promise_id>/anew", promises.anew, name="promise_anew"),
    path("agreements/promises/<uuid:promise_id>/withdraw", promises.withdraw, name="promise_withdraw"),
    path("agreements/promises/of/<uuid:customer_id>", promises.record, name="customer_promise"),
]
