"""One line of the table."""

from dataclasses import dataclass


@dataclass
class Row:
    """What was measured, ours, the peer's, and the ratio of the two against its goal; lower is better."""

    what: str
    ours: str
    peer: str
    ratio: float
    goal: float | None

    def met(self):
        """Whether the goal was met; None if there is none."""
        return None if self.goal is None else self.ratio <= self.goal
