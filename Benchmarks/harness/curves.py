"""Draws latency by percentile as SVG: both axes logarithmic, so that the tail has room."""
import math

COLOURS = ["#1b6ca8", "#6b7280", "#c2410c", "#15803d", "#7e22ce", "#b91c1c", "#a16207"]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 440, 70, 150, 46, 56


def draw(path, title, curves):
    """`curves`: by name, latencies in milliseconds by percentile."""
    percentiles = sorted({p for curve in curves.values() for p in curve})
    values = [value for curve in curves.values() for value in curve.values() if value > 0]
    low = 10 ** math.floor(math.log10(min(values)))
    high = 10 ** math.ceil(math.log10(max(values)))
    steps = max(1, round(math.log10(high / low)))

    def x(percentile):
        # Nines: 50 % is 0.3, 99 % is 2, 99.99 % is 4.
        first, last = (-math.log10(1 - p / 100) for p in (percentiles[0], percentiles[-1]))
        return LEFT + (WIDTH - LEFT - RIGHT) * (-math.log10(1 - percentile / 100) - first) / (last - first)

    def y(milliseconds):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * math.log10(max(milliseconds, low) / low) / steps

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
             f'font-size="12">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
             f'<text x="{LEFT}" y="24" font-size="15" font-weight="600">{title}</text>']
    for step in range(steps + 1):
        value = low * 10 ** step
        parts.append(f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end" fill="#374151">'
                     f'{value:g} ms</text>')
    for percentile in percentiles:
        place = x(percentile)
        parts.append(f'<path d="M{place:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#f3f4f6"/>')
        parts.append(f'<text x="{place:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#374151" '
                     f'font-size="10">{percentile:g}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle" '
                 f'fill="#374151">percentile</text>')
    ends = sorted(((y(curve[max(curve)]), name) for name, curve in curves.items()))
    places, last = {}, -100.0
    for place, name in ends:
        last = max(place, last + 15)
        places[name] = last
    for colour, (name, curve) in zip(COLOURS * 3, curves.items()):
        points = " ".join(f"{x(p):.1f},{y(v):.1f}" for p, v in sorted(curve.items()))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 8}" y="{places[name] + 4:.1f}" fill="{colour}">{name}</text>')
    parts.append("</svg>\n")
    with open(path, "w") as file:
        file.write("\n".join(parts))
