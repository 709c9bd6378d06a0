"""What the matching is worth on the seeded bank: each rule's precision, and how much of it all would be posted by itself.

`python -m bench.matching` writes what was measured to `measured.toml`, which the product goes by until it has a record of its own.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from bench.statement_lines import lines, make
from puntual.payments.matching.match import How, Proposal, propose
from puntual.payments.matching.portfolio import Portfolio

SEEDS = range(100, 124)
SIZE = 3_000, 30_000, 4_000  # customers, open items, lines
BAR = Decimal("0.995")
ENOUGH = 200
FILE = Path(__file__).resolve().parents[1] / "src/puntual/payments/reconciling/measured.toml"


@dataclass
class Measured:
    """How often each rule was right of what it called sure."""

    lines: int = 0
    right: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    def automatic(self) -> list[str]:
        """The rules that reach the bar."""
        return [
            rule
            for rule, answers in sorted(self.answers.items())
            if answers >= ENOUGH and Decimal(self.right[rule]) / answers >= BAR
        ]

    def coverage(self, rules: list[str]) -> float:
        """The share of all lines that these rules would post."""
        return sum(self.answers[rule] for rule in rules) / self.lines

    def precision(self, rules: list[str]) -> float:
        """The share of what these rules would post that is right, to the invoice."""
        return sum(self.right[rule] for rule in rules) / max(1, sum(self.answers[rule] for rule in rules))


def measure(seeds: range, size: tuple[int, int, int]) -> Measured:
    """Match the lines of these seeds one after the other; what is right is settled, whatever was proposed."""
    measured = Measured()
    for seed in seeds:
        made = make(seed, *size)
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


def main() -> None:
    """Measure, and keep it."""
    measured = measure(SEEDS, SIZE)
    rows = [f"{rule} = [{measured.right[rule]}, {answers}]" for rule, answers in sorted(measured.answers.items())]
    head = "# How often each rule was right, of how many answers it called sure: python -m bench.matching\n\n[rules]\n"
    FILE.write_text(head + "\n".join(rows) + "\n", "utf-8")
    rules = measured.automatic()
    print(f"automatic: {', '.join(rules)}")
    print(
        f"precision {measured.precision(rules):.4%}, coverage {measured.coverage(rules):.1%} of {measured.lines:,} lines"
    )


if __name__ == "__main__":
    main()
