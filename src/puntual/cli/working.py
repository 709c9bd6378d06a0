"""`puntual work`: a worker, in the foreground."""

import asyncio
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from puntual.cli.running import say
from puntual.cli.starting import start
from puntual.cli.words import gettext as _

if TYPE_CHECKING:
    from procrastinate import App

CONCURRENCY = 3
PATIENCE = 60
"""Seconds a running job has to end after the first signal; then it is left for another worker."""
SAME_SIGNAL = 3
"""Seconds within which a second signal is the first one's echo."""
SILENT = 120
"""Seconds without a heartbeat after which a worker counts as dead and its jobs start again."""


@click.command(help=_("Do what waits in the queues, until Ctrl-C; jobs that run are finished first."))
@click.option("--queue", "queues", multiple=True, metavar="NAME", help=_("only this queue; may be given several times"))
@click.option("--once", is_flag=True, help=_("end when nothing waits any more"))
def work(queues: tuple[str, ...], once: bool) -> None:
    start(tasks=True)
    from procrastinate.contrib.django import app

    _take_over_stalled_jobs()
    if not once and sys.stdin.isatty():
        say(_("The worker is running. Ctrl-C ends it."))
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
        asyncio.run(_until_stopped(worker_app, queues, once))


async def _until_stopped(app: "App", queues: tuple[str, ...], once: bool) -> None:
    """Run a worker until it has nothing left or a signal comes: then it takes no new job and finishes those it has.

    A signal to the process group comes a second time from `puntual up`, which passes it on: only a later one ends at once.
    """
    loop = asyncio.get_running_loop()
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=queues or None,  # type: ignore[arg-type]  # None is every queue
                concurrency=CONCURRENCY,
                wait=not once,
                shutdown_graceful_timeout=PATIENCE,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        )
        asked: list[float] = []

        def stop() -> None:
            asked.append(loop.time())
            if len(asked) == 1 or asked[-1] - asked[0] > SAME_SIGNAL:
                worker.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        with suppress(asyncio.CancelledError):
            await worker


def _take_over_stalled_jobs() -> None:
    """Register the task that starts a killed worker's jobs again: every job may run again from its start."""
    from procrastinate.contrib.django import app

    @app.periodic(cron="*/2 * * * *")
    @app.task(name="work.take_over", queueing_lock="work.take_over")
    async def take_over(timestamp: int) -> None:
        manager = app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT):
            await manager.retry_job(job)
