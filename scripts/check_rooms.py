#!/usr/bin/env python3
"""Holds what targets import against what Package.swift states, and the table of rooms in docs/architecture.md.

The compiler takes an import of whatever a target reaches by way of another one. Here what a file of a target imports has
to be stated for that target itself, and what is stated has to be imported somewhere.
Usage: scripts/check_rooms.py
"""
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMPORT = re.compile(r"^(?:@\w+(?:\(\w+\))?\s+)*(?:\w+\s+)?import\s+(?:(?:struct|class|enum|func|protocol)\s+)?(\w+)", re.M)
# What comes with the toolchain.
TOOLCHAIN = {"Swift", "Glibc", "Dispatch", "Synchronization", "Testing", "Foundation", "PackageDescription"}
# Where targets lie that say nothing of it.
FOLDERS = {"regular": "Sources", "executable": "Sources", "test": "Tests"}


def stated(target):
    """Names of the modules that a target depends on by its own words, in their order."""
    return [next(iter(dependency.values()))[0] for dependency in target["dependencies"]]


def main():
    # With what is built by itself, which imports rooms as well.
    environment = dict(os.environ, TOOLHOST_WORKSHOP="1")
    package = json.loads(subprocess.check_output(["swift", "package", "dump-package"], cwd=ROOT, env=environment))
    faults = []
    rooms = []
    for target in package["targets"]:
        if target["type"] not in FOLDERS:
            continue
        folder = ROOT / (target.get("path") or f"{FOLDERS[target['type']]}/{target['name']}")
        files = sorted(folder.rglob("*.swift"))
        if not files:
            continue
        names = stated(target)
        seen = set()
        for file in files:
            for name in IMPORT.findall(file.read_text()):
                if name in TOOLCHAIN:
                    continue
                seen.add(name)
                if name not in names:
                    faults.append(f"{file.relative_to(ROOT)}: imports {name}, which Package.swift does not state for {target['name']}")
        if target["name"].startswith("Host") and folder.parent.name == "Host":
            faults += [f"Package.swift: {target['name']} states {name}, which no file of it imports"
                       for name in names if name not in seen]
            rooms.append((target["name"][4:], [name[4:] for name in names if name.startswith("Host")]))
    faults += table_faults(rooms)
    if faults:
        sys.exit("\n".join(faults))
    print(f"rooms: {len(rooms)}, and all imports are stated")


def table_faults(rooms):
    """What the table says otherwise than Package.swift, in its order."""
    text = (ROOT / "docs/architecture.md").read_text()
    rows = re.findall(r"^\| (\w+) \| .*? \| ([^|]*) \|$", text.split("## Rooms")[1].split("\n## ")[0], re.M)
    rows = [(name, built) for name, built in rows if name != "room"]
    if [name for name, _ in rows] != [name for name, _ in rooms]:
        return ["docs/architecture.md: the table of rooms has others than Package.swift, or another order"]
    faults = []
    below = []
    for (name, built), (_, on) in zip(rows, rooms):
        words = [word.strip() for word in built.split(",") if word.strip()]
        if built.startswith("all but "):
            words = [room for room in below if room not in built.removeprefix("all but ").split(", ")]
        if words != on:
            faults.append(f"docs/architecture.md: {name} is built on {', '.join(on)}")
        faults += [f"Package.swift: {name} is built on {room}, which comes later" for room in on if room not in below]
        below.append(name)
    return faults


main()
