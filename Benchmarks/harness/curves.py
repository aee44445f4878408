"""Draws curves as SVG: latency by percentile, both axes logarithmic so that the tail has room; rate by connections."""
import math
from dataclasses import dataclass
from typing import Callable

COLOURS = ["#1b6ca8", "#6b7280", "#c2410c", "#15803d", "#7e22ce", "#b91c1c", "#a16207"]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 440, 70, 160, 46, 56


@dataclass
class Axis:
    """Where a value lies on an unbounded line."""
    position: Callable[[float], float]
    """The values with a line of their own, of all that are shown; the axis ends with the first and the last."""
    ticks: Callable[[list], list]
    label: str
    caption: str = ""


def each(values):
    return sorted(set(values))


def decades(values):
    low = math.floor(math.log10(min(value for value in values if value > 0)))
    high = max(math.ceil(math.log10(max(values))), low + 1)
    return [10.0 ** power for power in range(low, high + 1)]


def steps(values):
    """From zero on, by a round step."""
    step = 10 ** math.floor(math.log10(max(values)))
    step = next(step * part for part in (0.1, 0.2, 0.5, 1) if max(values) <= 10 * step * part)
    return [step * number for number in range(math.ceil(max(values) / step) + 1)]


# Nines: 50 % is 0.3, 99 % is 2, 99.99 % is 4.
PERCENTILES = Axis(lambda value: -math.log10(1 - value / 100), each, "{:g}", "percentile")
MILLISECONDS = Axis(lambda value: math.log10(max(value, 1e-6)), decades, "{:g} ms")
CONNECTIONS = Axis(math.log2, each, "{:,}", "connections")
RATES = Axis(lambda value: value, steps, "{:,.0f}/s")


def scale(axis, values, start, end):
    """The values with a line of their own, and where any value lies between two places."""
    ticks = axis.ticks(values)
    first, last = (axis.position(tick) for tick in (ticks[0], ticks[-1]))

    def place(value):
        return start + (end - start) * (min(max(axis.position(value), first), last) - first) / (last - first)

    return ticks, place


def draw(path, title, curves, across=PERCENTILES, up=MILLISECONDS):
    """`curves`: by name, what is measured upwards, by what is measured across."""
    columns, x = scale(across, [key for curve in curves.values() for key in curve], LEFT, WIDTH - RIGHT)
    rows, y = scale(up, [value for curve in curves.values() for value in curve.values()], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
             f'font-size="12">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
             f'<text x="{LEFT}" y="24" font-size="15" font-weight="600">{title}</text>']
    for value in rows:
        parts.append(f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end" fill="#374151">'
                     f'{up.label.format(value)}</text>')
    for value in columns:
        parts.append(f'<path d="M{x(value):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#f3f4f6"/>')
        parts.append(f'<text x="{x(value):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#374151" '
                     f'font-size="10">{across.label.format(value)}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle" '
                 f'fill="#374151">{across.caption}</text>')
    ends = sorted(((y(curve[max(curve)]), name) for name, curve in curves.items()))
    places, last = {}, -100.0
    for place, name in ends:
        last = max(place, last + 15)
        places[name] = last
    for colour, (name, curve) in zip(COLOURS * 3, curves.items()):
        points = " ".join(f"{x(key):.1f},{y(value):.1f}" for key, value in sorted(curve.items()))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 8}" y="{places[name] + 4:.1f}" fill="{colour}">{name}</text>')
    parts.append("</svg>\n")
    with open(path, "w") as file:
        file.write("\n".join(parts))
