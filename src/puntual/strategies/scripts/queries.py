"""Which words one negotiates with in an organization: its own where it wrote some, else the built-in. Inside `acting_for`."""

from collections.abc import Mapping
from uuid import UUID

from puntual.kernel.remembering import remembered
from puntual.strategies.negotiation import SITUATIONS, Script, read_script, script
from puntual.strategies.scripts.files import FiledScript
from puntual.strategies.scripts.models import OwnScript
from puntual.strategies.texts import base_language


@remembered
def own_scripts(organization_id: UUID, language: str) -> Mapping[str, OwnScript]:
    """The organization's own, by situation; a regional language ("es-PE") takes the general one, an unknown one English."""
    mine = OwnScript.objects.filter(organization_id=organization_id, language=base_language(language))
    return {one.situation: one for one in mine}


def script_for(organization_id: UUID, situation: str, language: str) -> Script:
    """The words for a situation in a language: the organization's own, else the built-in."""
    own = own_scripts(organization_id, language).get(situation)
    return read_script(own.content) if own else script(situation, language)


def filed_scripts(organization_id: UUID) -> list[FiledScript]:
    """Every own script, as it is written into a file."""
    mine = OwnScript.objects.filter(organization_id=organization_id)
    rows = sorted(mine, key=lambda one: (one.language, SITUATIONS.index(one.situation)))
    return [FiledScript(row.language, read_script(row.content)) for row in rows]
