"""Within a batch a read is asked once; between two batches, and outside of any, again."""

import pytest

from puntual.kernel.remembering import known_already, remembered, remembering


class Reads:
    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []
        self.read = remembered(self._read)

    def _read(self, key: int, *, word: str = "") -> int:
        if key < 0:
            raise ValueError
        self.asked.append((key, word))
        return len(self.asked)


def test_outside_of_a_batch_everything_is_asked() -> None:
    reads = Reads()
    assert (reads.read(1), reads.read(1)) == (1, 2)


def test_in_a_batch_each_question_is_asked_once_and_in_the_next_again() -> None:
    reads = Reads()
    for _ in range(2):
        with remembering():
            said = [reads.read(1), reads.read(1), reads.read(2), reads.read(1, word="x"), reads.read(1, word="x")]
            assert said[0] == said[1] and said[3] == said[4]
    assert reads.asked == [(1, ""), (2, ""), (1, "x")] * 2


def test_an_error_is_not_remembered() -> None:
    reads = Reads()
    with remembering():
        for _ in range(2):
            with pytest.raises(ValueError):
                reads.read(-1)


def test_what_is_known_already_is_not_asked_in_that_batch() -> None:
    reads = Reads()
    known_already(reads.read, 9, 1)  # outside of a batch nothing is kept
    with remembering():
        known_already(reads.read, 7, 1)
        assert (reads.read(1), reads.read(2), reads.read(1, word="x")) == (7, 1, 2)
    assert reads.read(1) == 3
