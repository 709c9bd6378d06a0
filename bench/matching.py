"""What the matching is worth on the seeded bank: each rule's precision, and how much of it all would be posted by itself.

`python -m bench.matching` writes what was measured to `measured.toml`, which the product goes by until it has a record of its own.
`make bench` matches once what it has not been measured on, in time and memory.
"""

import json
import resource
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from uuid import UUID

from bench.statement_lines import Made, lines, make
from puntual.payments.matching.match import propose
from puntual.payments.matching.portfolio import Portfolio
from puntual.payments.matching.proposals import How, Proposal
from puntual.payments.matching.record import BAR, Record, seeded

SEEDS = range(100, 124)
SIZE = 3_000, 30_000, 4_000  # customers, open items, lines
FILE = Path(__file__).resolve().parents[1] / "src/puntual/payments/matching/measured.toml"


@dataclass
class Measured:
    """How often each rule was right of what it called sure."""

    lines: int = 0
    right: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    def automatic(self) -> list[str]:
        """The rules that reach the bar."""
        records = {rule: Record(self.right[rule], answers, own=False) for rule, answers in self.answers.items()}
        return sorted(rule for rule, record in records.items() if record.reaches(BAR))

    def coverage(self, rules: list[str]) -> float:
        """The share of all lines that these rules would post."""
        return sum(self.answers[rule] for rule in rules) / self.lines

    def precision(self, rules: list[str]) -> float:
        """The share of what these rules would post that is right, to the invoice."""
        return sum(self.right[rule] for rule in rules) / max(1, sum(self.answers[rule] for rule in rules))


def measure(banks: Iterable[Made]) -> Measured:
    """Match the lines of these banks one after the other; what is right is settled, whatever was proposed."""
    measured = Measured()
    for made in banks:
        portfolio = Portfolio.of(made.payers, made.items)
        for credit, truth in lines(made):
            measured.lines += 1
            proposals = propose(credit, portfolio)
            if proposals and proposals[0].sure:
                rule = proposals[0].rule
                measured.answers[rule] += 1
                measured.right[rule] += is_right(proposals[0], truth)
            portfolio.settle(truth.items())
    return measured


def is_right(one: Proposal, truth: dict[UUID, int]) -> bool:
    """Whether the proposal settles what is true. Over several items a small difference may stand on any of them."""
    said = {part.item_id: part.amount for part in one.parts}
    return said == truth or (one.how == How.ADJUSTED and said.keys() == truth.keys())


def rows(size: int) -> list[dict[str, object]]:
    """The benchmark's row: so many lines against ten times as many open items, indexing included."""
    made = make(7, size, 10 * size, size)
    start = perf_counter()
    measured = measure([made])
    seconds = perf_counter() - start
    rules = [rule for rule, record in seeded().items() if record.reaches(BAR)]
    return [
        {
            "work": "matching",
            "n": size,
            "seconds": round(seconds, 3),
            "floor_seconds": None,
            "ratio": None,
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            "note": f"precision {measured.precision(rules):.2%}, coverage {measured.coverage(rules):.1%}",
        }
    ]


def main() -> None:
    """Measure, and keep it."""
    measured = measure(make(seed, *SIZE) for seed in SEEDS)
    kept = [f"{rule} = [{measured.right[rule]}, {answers}]" for rule, answers in sorted(measured.answers.items())]
    head = "# How often each rule was right, of how many answers it called sure: python -m bench.matching\n\n[rules]\n"
    FILE.write_text(head + "\n".join(kept) + "\n", "utf-8")
    rules = measured.automatic()
    print(f"automatic: {', '.join(rules)}")
    print(
        f"precision {measured.precision(rules):.4%}, coverage {measured.coverage(rules):.1%} of {measured.lines:,} lines"
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(rows(int(sys.argv[2]))))
    else:
        main()
