"""What a person does about a provider. Callers import this from `outreach.actions`."""

from puntual.audit.actions import Actor, action
from puntual.outreach.models import Provider
from puntual.outreach.ways import provider_of


def try_now(by: Actor, channel: str) -> None:
    """Let the next message go to a provider that is left in peace, to see whether it works again."""
    name = provider_of(channel)
    with action(by, "outreach.try_provider", provider=name) as log:
        resting = Provider.objects.filter(pk=name)
        log.say(was=resting.values_list("reason", flat=True).first())
        resting.update(rest_until=None, probing_until=None)
