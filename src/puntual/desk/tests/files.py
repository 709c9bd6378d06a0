"""Files as people upload them, and the worker that lands them."""

from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import Cast
from puntual.intake.models import ImportJob
from puntual.intake.running import run
from puntual.tenancy.scope import acting_for

HEADER = "Código;Cliente;Correo;Número;Emisión;Vencimiento;Moneda;Importe"
PLAIN = f"""{HEADER}
C1;Textiles Quenara;pagos@quenara.example;F-1;2026-10-01;2026-10-31;PEN;1180.00
C1;Textiles Quenara;pagos@quenara.example;F-2;2026-11-01;2026-12-01;PEN;590.00
C2;Viñas Trehuelén;;F-3;2026-09-01;2026-10-01;USD;12900.00
"""
AMBIGUOUS = """Código;Cliente;Número;Vencimiento;Moneda;Importe
C1;Textiles Quenara;F-1;03/04/2026;PEN;1180.00
C1;Textiles Quenara;F-2;05/06/2026;PEN;590.00
"""


def upload(client: Client, content: str | bytes, *, name: str = "facturas.csv", **values: str):
    """What the import page answers to a file."""
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, data)
    return client.post("/o/sembria/imports/new", {"kind": "invoices", **values, "file": file})


def uploaded(client: Client, content: str, **values: str) -> str:
    """The address of the uploaded file's page."""
    answer = upload(client, content, **values)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def work(cast: Cast) -> ImportJob:
    """What a worker does: land the job that was launched last."""
    with acting_for(cast.id):
        job = ImportJob.objects.filter(organization_id=cast.id, state="running").latest("created_at")
    return run(cast.actor(), job.id)


def job_of(cast: Cast, address: str) -> ImportJob:
    with acting_for(cast.id):
        return ImportJob.objects.get(organization_id=cast.id, id=UUID(address.rsplit("/", 1)[-1]))
