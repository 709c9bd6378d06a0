"""Write a customer's record to a file. `puntual record` calls it by name: the command line knows nothing of the desk."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import override

from puntual.audit.actions import Actor
from puntual.desk.evidence import evidence, evidence_files
from puntual.organizations.models import Organization
from puntual.parties.models import Customer


class Command(BaseCommand):
    """Called from Python only: `call_command("customer_record", by=…, organization=…, customer=…, out=…)`."""

    stealth_options = ("by", "organization", "customer", "out")

    def handle(
        self, *args: Any, by: Actor, organization: Organization, customer: Customer, out: Path, **options: Any
    ) -> str:
        """Write the ZIP, or where `out` ends in .pdf the document alone; returns how many files are in it."""
        with override(organization.language), timezone.override(organization.time_zone):
            if out.suffix == ".pdf":
                out.write_bytes(evidence(by, customer, organization.time_zone).content)
                return "1"
            with out.open("wb") as file:
                return str(len(evidence_files(by, customer, organization.time_zone, file)))
