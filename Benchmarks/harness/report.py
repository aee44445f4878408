"""The table for people, the JSON for programs, and the section of docs/performance.md that holds the last table."""
import json
import os
import platform
import subprocess

from .rows import HEAD

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def machine():
    def first(path, key):
        with open(path) as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "?")

    def version(*command):
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=20)
        except OSError:
            return "not installed"
        lines = (run.stdout + run.stderr).strip().splitlines()
        return lines[0].strip() if lines else "?"

    system = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    return {
        "processor": f"{first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": f"{int(first('/proc/meminfo', 'MemTotal').split()[0]) // 1024 ** 2} GB",
        "system": f"{system}, Linux {platform.release().split('-')[0]}",
        "load at the start": f"{os.getloadavg()[0]:.1f}",
        "Swift": version("swift", "--version"), "nginx": version("nginx", "-v"), "Go": version("go", "version"),
        "Node": version("node", "--version"), "Python": platform.python_version(), "wrk": version("wrk", "-v"),
    }


def text(rows):
    lines, group = [], None
    *columns, last = range(len(HEAD))
    widths = [max(len(cells[i]) for cells in [HEAD, *(row.cells() for row in rows)]) for i in columns]

    def line(cells):
        return "  " + "  ".join(cells[i].ljust(width) for i, width in zip(columns, widths)) + "  " + cells[last]

    for row in rows:
        if row.group != group:
            group = row.group
            lines.append(f"\n{group}")
        lines.append(line(row.cells()))
    return "\n".join([line(HEAD), *lines])


def markdown(rows, facts, settings, pictures):
    """`pictures`: titles by file name."""
    lines = [f"Measured {settings['date']}, revision `{settings['revision']}`: {settings['rounds']} rounds of "
             f"{settings['seconds']} s each."]
    if pictures:
        lines.append("As pictures: " + ", ".join(f"[{title}]({file})" for file, title in pictures.items()) + ".")
    lines.append("")
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    group = None
    for row in rows:
        if row.group != group:
            group = row.group
            lines += ["", f"### {group}", "", f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row.cells()) + " |")
    return "\n".join(lines)


def update(path, section):
    """Replaces what stands between the two marks of a document."""
    with open(path) as file:
        document = file.read()
    head, rest = document.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    with open(path, "w") as file:
        file.write(f"{head}{BEGIN}\n{section}\n{END}{tail}")


def save(path, rows, facts, settings, results):
    with open(path, "w") as file:
        json.dump({"machine": facts, "settings": settings, "rows": [row.as_json() for row in rows], "results": results},
                  file, indent=2)
        file.write("\n")
