#!/usr/bin/env python3
"""Checks OpenAPI documents the way an importer would read them.

usage: check_openapi.py URL_OR_FILE...

Each document must pass openapi-spec-validator, and every `$ref` in it must lead somewhere; the validator alone does not
notice one that dangles in a schema. Needs openapi-spec-validator (pip install openapi-spec-validator).
Exit codes: 0 all is well, 1 a document is not, 2 a document could not be read or the validator is missing.
"""

import json
import sys
import urllib.parse
import urllib.request

try:
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
except ImportError:
    print("check_openapi.py: openapi-spec-validator is missing: pip install openapi-spec-validator", file=sys.stderr)
    sys.exit(2)

VALIDATORS = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}


def load(source):
    """The document at a URL or in a file."""
    if source.startswith(("http://", "https://")):
        with urllib.request.urlopen(source, timeout=30) as response:
            return json.load(response)
    with open(source, encoding="utf-8") as file:
        return json.load(file)


def references(node, place=""):
    """Every member called `$ref` with its place, whether or not it stands where a reference belongs."""
    if isinstance(node, dict):
        for key, value in node.items():
            here = f"{place}/{key.replace('~', '~0').replace('/', '~1')}"
            if key == "$ref":
                yield here, value
            yield from references(value, here)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from references(value, f"{place}/{index}")


def fault(document, reference):
    """Why a reference leads nowhere, or None."""
    if not isinstance(reference, str):
        return "is not a string"
    if not reference.startswith("#"):
        return "leaves the document"
    node = document
    tokens = urllib.parse.unquote(reference[1:], errors="strict").split("/")
    if tokens[0]:
        return "is not a JSON Pointer"
    for token in tokens[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and token in node:
            node = node[token]
        elif isinstance(node, list) and token.isdecimal() and int(token) < len(node):
            node = node[int(token)]
        else:
            return f"has nothing at {token!r}"
    return None


def check(source):
    """The problems of one document, and a line about it."""
    document = load(source)
    version = str(document.get("openapi", ""))
    validator = VALIDATORS.get(".".join(version.split(".")[:2]))
    if validator is None:
        return [f"openapi is {version!r}"], ""
    problems = []
    found = list(references(document))
    for place, reference in found:
        reason = fault(document, reference)
        if reason:
            problems.append(f"{place}: {reference!r} {reason}")
    # A dangling reference makes the validator stop with an exception of its own, which says less.
    if not problems:
        for error in validator(document).iter_errors():
            problems.append(f"/{'/'.join(map(str, error.absolute_path))}: {error.message}")
    operations = [
        operation.get("operationId")
        for path in document.get("paths", {}).values()
        for operation in path.values()
        if isinstance(operation, dict)
    ]
    for name in {name for name in operations if operations.count(name) > 1}:
        problems.append(f"operationId {name!r} is not unique")
    return problems, f"OpenAPI {version}, {len(operations)} operations, {len(found)} references"


def main(sources):
    if not sources or sources[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if sources else 2
    status = 0
    for source in sources:
        try:
            problems, summary = check(source)
        except (OSError, ValueError) as error:
            print(f"{source}: cannot be read: {error}", file=sys.stderr)
            return 2
        for problem in problems:
            print(f"{source}: {problem}", file=sys.stderr)
            status = 1
        if not problems:
            print(f"{source}: {summary}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
