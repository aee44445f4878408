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
    """The same figure with all packs inside the host, where that is another one."""
    inside: float | None = None
    """The goal for that; `None` where it is the same."""
    inside_goal: str | None = None

    @property
    def met(self):
        return meets(self.value, self.goal)

    @property
    def inside_met(self):
        return meets(self.inside, self.goal if self.inside_goal is None else self.inside_goal)

    def as_json(self):
        return {**asdict(self), "met": self.met, "inside_met": self.inside_met}

    def cells(self):
        """What HEAD says."""
        goal, verdict = pretty(self.goal), VERDICTS[self.met]
        if self.inside is not None:
            goal = pair(goal, goal if self.inside_goal is None else pretty(self.inside_goal))
            verdict = pair(verdict, VERDICTS[self.inside_met])
        return [self.name, self.shown(self.value, "–"), self.shown(self.inside, ""),
                f"{goal} {self.unit}".strip() if goal else "", verdict, self.missing or self.detail]

    def shown(self, value, otherwise):
        return otherwise if value is None else f"{figure(value)} {self.unit}".strip()


HEAD = ["", "measured", "in the host", "goal", "met", ""]
VERDICTS = {True: "yes", False: "**no**", None: ""}


def meets(value, goal):
    """Whether a value reaches a goal; `None` where there is nothing to reach or nothing to say."""
    if not goal or value is None:
        return None
    sign, limit = goal.split()
    return value >= float(limit) if sign == ">=" else value <= float(limit)


def pretty(goal):
    return goal.replace(">=", "≥").replace("<=", "≤")


def pair(first, second):
    """What two cells of a row say, once where they say the same."""
    return first if first == second else f"{first or '–'} / {second or '–'}"


def both(group, name, unit, goal, measured, inside_goal=None, more=""):
    """The row of a figure that was measured with both engines: `measured` has value and detail of each."""
    (value, detail), (inside, beside) = measured["process"], measured["host"]
    return Row(group, name, value, unit, goal, f"{detail}; in the host {beside}{more}", inside=inside,
               inside_goal=inside_goal)



def figure(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.1f}"


def unmeasured(group, names, reason):
    return [Row(group, name, goal=goal, unit=unit, missing=str(reason)) for name, goal, unit in names]
