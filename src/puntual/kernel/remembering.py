"""Reads that give the same answer for a whole batch are asked once in it, and at no other time."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within this block a `remembered` function answers the same arguments from what it said before.

    The block is one batch for one organization and lasts seconds: a change made meanwhile counts from the next one on.
    """
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """A read with hashable arguments that a batch asks again and again; outside `remembering` it is simply called."""

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _known.get()
        if known is None:
            return function(*args, **kwargs)
        key = _key(function, args, kwargs)
        if key not in known:
            known[key] = function(*args, **kwargs)
        found: R = known[key]
        return found

    return answer


def known_already(asked: Callable[P, R], answer: R, *args: P.args, **kwargs: P.kwargs) -> None:
    """Within `remembering`, the answer of a `remembered` function that was learned on another way: it is not asked again."""
    known = _known.get()
    if known is not None:
        known[_key(asked.__wrapped__, args, kwargs)] = answer  # type: ignore[attr-defined]


def _key(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    return function, args, tuple(sorted(kwargs.items()))
