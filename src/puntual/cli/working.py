"""`puntual work`: a worker, in the foreground."""

import signal
from types import FrameType

import click

from puntual.cli.running import say
from puntual.cli.starting import start
from puntual.cli.words import gettext as _

CONCURRENCY = 3
PATIENCE = 60
"""Seconds a running job has to end after the first signal; then it is left for another worker."""
SILENT = 120
"""Seconds without a heartbeat after which a worker counts as dead and its jobs start again."""


@click.command(help=_("Do what waits in the queues, until Ctrl-C; jobs that run are finished first."))
@click.option("--queue", "queues", multiple=True, metavar="NAME", help=_("only this queue; may be given several times"))
@click.option("--once", is_flag=True, help=_("end when nothing waits any more"))
def work(queues: tuple[str, ...], once: bool) -> None:
    start()
    from procrastinate.contrib.django import app

    _take_over_stalled_jobs()
    _bear_a_second_signal()
    if not once:
        say(_("The worker is running. Ctrl-C ends it."))
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
        worker_app.run_worker(
            queues=queues or None,
            concurrency=CONCURRENCY,
            wait=not once,
            shutdown_graceful_timeout=PATIENCE,
            delete_jobs="successful",
        )


def _bear_a_second_signal() -> None:
    """A signal to the process group comes a second time from `puntual up`, which passes it on: only the third one kills.

    Procrastinate takes the first one and puts these handlers back.
    """

    def bear(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, bear)


def _take_over_stalled_jobs() -> None:
    """Register the task that starts a killed worker's jobs again: every job may run again from its start."""
    from procrastinate.contrib.django import app

    @app.periodic(cron="*/2 * * * *")
    @app.task(name="work.take_over", queueing_lock="work.take_over")
    async def take_over(timestamp: int) -> None:
        manager = app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT):
            await manager.retry_job(job)
