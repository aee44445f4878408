"""A row of the table: what was to be reached, and what was measured in this run."""
from dataclasses import asdict, dataclass


@dataclass
class Row:
    group: str
    name: str
    """The figure that the goal is about: a ratio to another measurement of the same run where there is one."""
    value: float | None = None
    unit: str = "×"
    """Such as `>= 1.5`; empty where the row is for information."""
    goal: str = ""
    """The absolute figures behind the value."""
    detail: str = ""
    """Why there is no value."""
    missing: str = ""

    @property
    def met(self):
        if not self.goal or self.value is None:
            return None
        sign, limit = self.goal.split()
        return self.value >= float(limit) if sign == ">=" else self.value <= float(limit)

    def as_json(self):
        return {**asdict(self), "met": self.met}

    def cells(self):
        value = "–" if self.value is None else f"{figure(self.value)} {self.unit}".strip()
        goal = self.goal.replace(">=", "≥").replace("<=", "≤") + (f" {self.unit}" if self.goal else "")
        verdict = {True: "yes", False: "**no**", None: ""}[self.met]
        return [self.name, value, goal.strip(), verdict, self.missing or self.detail]


def figure(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.1f}"


def unmeasured(group, names, reason):
    return [Row(group, name, goal=goal, unit=unit, missing=str(reason)) for name, goal, unit in names]
