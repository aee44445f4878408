#!/usr/bin/env python3
"""Writes ten thousand (schema, instance, verdict) triples as JSON lines, for the tests to read through
JSON_SCHEMA_PAIRS. The verdict is the Python package "jsonschema"'s. The same seed gives the same lines.

usage: json_schema_pairs.py OUT [COUNT] [SEED]
"""

import decimal
import json
import random
import re
import sys

from jsonschema import Draft202012Validator, exceptions, validators

decimal.getcontext().prec = 3000
D = decimal.Decimal

NAMES = ["a", "b", "c", "id", "name", "größe", "x-y", "a/b", "~t", "", "日本", "\U0001f600", "items", "type"]
STRINGS = ["", "a", "ab", "abc", "é", "e\u0301", "日本語", "\U0001f600", "\U0001f600\U0001f600", "x1", "12", "2026-01-31",
           "foo bar", "q\"\\/", "tab\there", "\u0001", "ABC", "a-b_c", "zzzzzzzzzz", "0", "\u2028"]
# Only what Python's `re` and ECMA-262 understand alike.
PATTERNS = ["^a", "b$", "^[a-z]+$", "[0-9]", "^.{2,3}$", "a|b", "^(a|ab)(c|bcd)?$", "^\\w+$", "\\d{2}", "\\s", "^$", "x*",
            "^[^a-c]+$", "[é-ü]", "(ab)+", "^(?:[a-z][0-9]?){1,3}$", "\\bfoo\\b", "\\u65e5", "^\\W", "a+?b", "[\\-_]"]
NAME_PATTERNS = ["^a", "^[a-c]$", "e", "^x-", "[^a-z]", "^.$"]


def number(rng):
    kind = rng.randrange(10)
    if kind < 4:
        return rng.randint(-5, 12)
    if kind == 4:
        return rng.choice([0, 1, -1, 10**20, 10**20 + 1, -(10**25), 2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63)])
    if kind == 5:
        return D(rng.choice(["1.0", "2.0", "-0.0", "1e0", "1e2", "100E-2", "10.50", "3e0"]))
    if kind == 6:
        return D(rng.choice(["1e30", "1e-30", "123456789012345678901234567890.5", "0.1", "0.3", "9007199254740993.0"]))
    if kind == 7:
        return D(rng.choice(["1e400", "-1e400", "1e-400", "12e399"]))
    return D(rng.randint(-50, 120)) / D(rng.choice([2, 4, 5, 10, 100]))


def value(rng, depth=2):
    kind = rng.randrange(8 if depth else 6)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind in (1, 2):
        return number(rng)
    if kind in (3, 4):
        return rng.choice(STRINGS)
    if kind == 5:
        return rng.choice([[], {}, 0, 1, True, False, "", None])
    if kind == 6:
        return [value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {name: value(rng, depth - 1) for name in rng.sample(NAMES, rng.randrange(5))}


class Schemas:
    """Random schemas. A reference at the same instance location only leads to later definitions, so none loops."""

    def __init__(self, rng):
        self.rng = rng
        self.definitions = rng.choice([0, 0, 1, 2, 3])

    def document(self):
        schema = self.schema(3, 0)
        while not isinstance(schema, dict):
            schema = self.schema(3, 0)
        if self.definitions:
            definitions = {}
            for index in range(self.definitions):
                definition = self.schema(2, index + 1)
                while index > 0 and not isinstance(definition, dict):
                    definition = self.schema(2, index + 1)
                if index == 1:
                    definition["$anchor"] = "second"
                if index == 2:
                    definition["$dynamicAnchor"] = "third"
                definitions["d%d" % index] = definition
            schema["$defs"] = definitions
        return schema

    def reference(self, first):
        target = self.rng.randrange(first, self.definitions)
        if target == 1 and self.rng.random() < 0.5:
            return {"$ref": "#second"}
        if target == 2 and self.rng.random() < 0.5:
            return {"$dynamicRef": "#third"}
        return {"$ref": "#/$defs/d%d" % target}

    def schema(self, depth, first):
        """`first` is the lowest definition that may be referred to for the same value."""
        rng = self.rng
        if rng.random() < 0.06:
            return rng.random() < 0.75
        schema = {}
        groups = [self.types, self.constants, self.numbers, self.strings, self.arrays, self.objects]
        for group in rng.sample(groups, rng.choice([1, 1, 2, 3])):
            group(schema, depth)
        if depth > 0:
            if rng.random() < 0.3:
                self.logic(schema, depth, first)
            if rng.random() < 0.25:
                self.unevaluated(schema, depth)
        if first < self.definitions and rng.random() < 0.35:
            schema.update(self.reference(first))
        return schema

    def child(self, depth):
        return self.schema(depth - 1, 0) if depth > 0 else self.leaf()

    def leaf(self):
        schema = {}
        self.rng.choice([self.types, self.constants, self.numbers, self.strings])(schema, 0)
        return schema

    def types(self, schema, depth):
        names = ["null", "boolean", "number", "integer", "string", "array", "object"]
        if self.rng.random() < 0.6:
            schema["type"] = self.rng.choice(names)
        else:
            schema["type"] = self.rng.sample(names, self.rng.randint(1, 4))

    def constants(self, schema, depth):
        if self.rng.random() < 0.5:
            schema["const"] = value(self.rng)
        else:
            schema["enum"] = [value(self.rng) for _ in range(self.rng.randint(1, 5))]

    def numbers(self, schema, depth):
        for keyword in self.rng.sample(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], 2):
            if self.rng.random() < 0.7:
                schema[keyword] = number(self.rng)
        if self.rng.random() < 0.5:
            schema["multipleOf"] = self.rng.choice(
                [1, 2, 3, 7, D("0.1"), D("0.01"), D("2.5"), D("1e-30"), D("0.3"), 10**20, D("1e2"), D("1.50")])

    def strings(self, schema, depth):
        if self.rng.random() < 0.5:
            schema["minLength"] = self.rng.choice([0, 1, 2, 3, D("2.0")])
        if self.rng.random() < 0.5:
            schema["maxLength"] = self.rng.choice([0, 1, 2, 3, 5, D("1.0")])
        if self.rng.random() < 0.5:
            schema["pattern"] = self.rng.choice(PATTERNS)

    def arrays(self, schema, depth):
        rng = self.rng
        if rng.random() < 0.4:
            schema["minItems"] = rng.randrange(4)
        if rng.random() < 0.4:
            schema["maxItems"] = rng.randrange(5)
        if rng.random() < 0.3:
            schema["uniqueItems"] = rng.random() < 0.8
        if rng.random() < 0.4:
            schema["prefixItems"] = [self.child(depth) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.4:
            schema["items"] = self.child(depth)
        if rng.random() < 0.4:
            schema["contains"] = self.child(depth)
            if rng.random() < 0.5:
                schema["minContains"] = rng.randrange(3)
            if rng.random() < 0.5:
                schema["maxContains"] = rng.randint(1, 3)

    def objects(self, schema, depth):
        rng = self.rng
        if rng.random() < 0.7:
            schema["properties"] = {name: self.child(depth) for name in rng.sample(NAMES, rng.randint(1, 4))}
        if rng.random() < 0.3:
            schema["patternProperties"] = {p: self.child(depth) for p in rng.sample(NAME_PATTERNS, rng.randint(1, 2))}
        if rng.random() < 0.3:
            schema["additionalProperties"] = self.child(depth) if rng.random() < 0.6 else False
        if rng.random() < 0.4:
            schema["required"] = rng.sample(NAMES[:8], rng.randrange(3))
        if rng.random() < 0.2:
            schema["minProperties"] = rng.randrange(3)
        if rng.random() < 0.2:
            schema["maxProperties"] = rng.randrange(5)
        if rng.random() < 0.2:
            schema["propertyNames"] = rng.choice([{"maxLength": 2}, {"pattern": "^[a-z]*$"}, {"enum": NAMES[:6]}, True])
        if rng.random() < 0.2:
            schema["dependentRequired"] = {rng.choice(NAMES): rng.sample(NAMES, rng.randint(1, 2))}

    def logic(self, schema, depth, first):
        rng = self.rng
        below = lambda: self.schema(depth - 1, first)
        for _ in range(rng.choice([1, 1, 2])):
            kind = rng.randrange(6)
            if kind < 3:
                schema[["allOf", "anyOf", "oneOf"][kind]] = [below() for _ in range(rng.randint(1, 3))]
            elif kind == 3:
                schema["not"] = below()
            elif kind == 4:
                schema["if"] = below()
                for keyword in rng.sample(["then", "else"], rng.randint(1, 2)):
                    schema[keyword] = below()
            else:
                schema["dependentSchemas"] = {rng.choice(NAMES): below()}

    def unevaluated(self, schema, depth):
        keyword = self.rng.choice(["unevaluatedProperties", "unevaluatedItems"])
        schema[keyword] = self.rng.choice([False, False, self.leaf()])


def resolve(schema, root):
    for _ in range(5):
        if not isinstance(schema, dict):
            return schema
        target = schema.get("$ref", schema.get("$dynamicRef"))
        if target is None or len(schema) > 1:
            return schema
        name = {"#second": "d1", "#third": "d2"}.get(target, target.rpartition("/")[2])
        schema = root["$defs"][name]
    return schema


def fitting(rng, schema, root, depth=4):
    """A value that tries to fit: the verdict is somebody else's business."""
    schema = resolve(schema, root)
    if not isinstance(schema, dict) or depth == 0 or rng.random() < 0.06:
        return value(rng)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return rng.choice(schema["enum"])
    for keyword in ("allOf", "anyOf", "oneOf"):
        if keyword in schema and rng.random() < 0.4:
            return fitting(rng, rng.choice(schema[keyword]), root, depth - 1)
    types = schema.get("type")
    if isinstance(types, list):
        types = rng.choice(types)
    if types is None:
        hints = {"properties": "object", "required": "object", "patternProperties": "object", "items": "array",
                 "prefixItems": "array", "contains": "array", "minItems": "array", "minLength": "string",
                 "pattern": "string", "maxLength": "string", "minimum": "number", "multipleOf": "number",
                 "maximum": "number", "unevaluatedProperties": "object", "unevaluatedItems": "array",
                 "minProperties": "object", "dependentRequired": "object", "propertyNames": "object"}
        candidates = [kind for keyword, kind in hints.items() if keyword in schema]
        types = rng.choice(candidates) if candidates and rng.random() < 0.85 else None
    if types == "null":
        return None
    if types == "boolean":
        return rng.random() < 0.5
    if types in ("number", "integer"):
        if "multipleOf" in schema and rng.random() < 0.6:
            return schema["multipleOf"] * rng.randint(-3, 40)
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if keyword in schema and rng.random() < 0.5:
                return schema[keyword] + rng.choice([0, 0, 1, -1, D("1e-20")])
        return number(rng)
    if types == "string":
        wanted = [s for s in STRINGS if schema.get("minLength", 0) <= len(s) <= schema.get("maxLength", 99)]
        if "pattern" in schema:
            wanted = [s for s in wanted if re.search(schema["pattern"], s, re.ASCII)] or wanted
        return rng.choice(wanted or STRINGS)
    if types == "array":
        prefix = schema.get("prefixItems", [])
        low, high = int(schema.get("minItems", 0)), int(schema.get("maxItems", 5))
        count = rng.randint(min(low, high), max(low, high))
        result = [fitting(rng, s, root, depth - 1) for s in prefix][:count]
        rest = schema.get("items", schema.get("contains", schema.get("unevaluatedItems", True)))
        while len(result) < count:
            result.append(fitting(rng, rest, root, depth - 1))
        if result and rng.random() < 0.1:
            result.append(rng.choice(result))
        return result
    if types == "object":
        result = {}
        properties = schema.get("properties", {})
        for name, child in properties.items():
            if name in schema.get("required", []) or rng.random() < 0.6:
                result[name] = fitting(rng, child, root, depth - 1)
        for name in schema.get("required", []):
            if name not in result and rng.random() < 0.9:
                result[name] = fitting(rng, schema.get("additionalProperties", True), root, depth - 1)
        for name in rng.sample(NAMES, rng.choice([0, 0, 0, 1, 2])):
            rest = schema.get("additionalProperties", schema.get("unevaluatedProperties", True))
            result.setdefault(name, fitting(rng, rest, root, depth - 1))
        return result
    return value(rng)


def canonical(v):
    if v is True or v is False or v is None:
        return repr(v)
    if isinstance(v, (int, D)):
        return "n" + format(D(v).normalize() if v else D(0), "e")
    if isinstance(v, str):
        return "s" + json.dumps(v)
    if isinstance(v, list):
        return "[" + ",".join(canonical(i) for i in v) + "]"
    return "{" + ",".join(sorted(json.dumps(k) + ":" + canonical(i) for k, i in v.items())) + "}"


def unique_items(validator, wanted, instance, schema):
    # The package sorts first, which hides some duplicates when true and 1 are both there.
    if wanted and isinstance(instance, list) and len({canonical(i) for i in instance}) < len(instance):
        yield exceptions.ValidationError("not unique")


def pattern(validator, source, instance, schema):
    # ECMA-262's \w, \d and \b are ASCII.
    if isinstance(instance, str) and not re.search(source, instance, re.ASCII):
        yield exceptions.ValidationError("no match")


def is_integer(checker, instance):
    if isinstance(instance, bool):
        return False
    return isinstance(instance, int) or (isinstance(instance, D) and instance == instance.to_integral_value())


Validator = validators.extend(
    Draft202012Validator,
    {"uniqueItems": unique_items, "pattern": pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", is_integer),
)


def text(v):
    if isinstance(v, bool) or v is None or isinstance(v, str):
        return json.dumps(v, ensure_ascii=False)
    if isinstance(v, (int, D)):
        return str(v)
    if isinstance(v, list):
        return "[" + ",".join(text(i) for i in v) + "]"
    return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + text(i) for k, i in v.items()) + "}"


def main():
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 2020_12)
    written = {True: 0, False: 0}
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        while sum(written.values()) < count:
            schema = Schemas(rng).document()
            validator = Validator(schema)
            for _ in range(4):
                instance = fitting(rng, schema, schema)
                verdict = validator.is_valid(instance)
                # About half of each verdict, or invalid documents would crowd out the others.
                if sum(written.values()) >= count or written[verdict] >= count // 2:
                    continue
                written[verdict] += 1
                out.write('{"schema":%s,"instance":%s,"valid":%s}\n' % (text(schema), text(instance), json.dumps(verdict)))


if __name__ == "__main__":
    main()
