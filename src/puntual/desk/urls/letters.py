"""The addresses of letters: what waits to be printed, print batches, and what came back."""

from django.urls import URLPattern, path

from puntual.desk.views import printing

inside: list[URLPattern] = [
    path("letters/", printing.letters, name="letters"),
    path("letters/gather", printing.gather, name="letters_gather"),
    path("letters/returned", printing.returned, name="letter_returned"),
    path("letters/one/<uuid:letter_id>.pdf", printing.one_letter, name="printed_letter"),
    path("letters/<uuid:batch_id>", printing.batch, name="print_batch"),
    path("letters/<uuid:batch_id>/progress", printing.progress, name="print_progress"),
    path("letters/<uuid:batch_id>/print-<int:part>.pdf", printing.print_file, name="print_file"),
    path("letters/<uuid:batch_id>/manifest.<str:form>", printing.print_manifest, name="print_manifest"),
    path("letters/<uuid:batch_id>/posted", printing.posted, name="print_posted"),
    path("letters/<uuid:batch_id>/put-back", printing.put_back, name="print_put_back"),
]
