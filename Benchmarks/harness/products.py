"""The data that everybody serves: the shop's own products, repeated under other names until there are enough."""
import json
import random
import re


def products(root, count):
    """The built-in products, then variants of them, each with a code and a word of its own."""
    with open(f"{root}/Sources/Storefront/Data/products.jsonl") as file:
        base = [json.loads(line) for line in file if line.strip()]
    chosen = random.Random(1)
    rows = []
    for index in range(count):
        row = dict(base[index % len(base)])
        turn = index // len(base)
        if turn:
            row["code"] = f"{row['code']}-{turn}"
            row["name"] = f"{brand(turn)} {row['name']}"
            row["price"] = round(row["price"] * (0.8 + chosen.random()), 2)
        rows.append(row)
    return rows


def brand(number):
    """A word that no other turn has."""
    syllables = ["ba", "do", "fi", "gu", "ke", "lo", "mi", "na", "po", "ru", "sa", "ti", "vo", "wu", "ze"]
    word = ""
    while True:
        word += syllables[number % len(syllables)]
        number //= len(syllables)
        if not number:
            return word.capitalize() + "x"


def write(rows, path):
    with open(path, "w") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def queries(rows, count=200, seed=2):
    """One or two words of the name of a product, so that every query finds something."""
    chosen = random.Random(seed)
    found, seen = [], set()
    while len(found) < count:
        words = [word.lower() for word in re.findall(r"[A-Za-z]{4,}", chosen.choice(rows)["name"])]
        query = " ".join(chosen.sample(words, min(len(words), chosen.choice((1, 2)))))
        if query and query not in seen:
            seen.add(query)
            found.append(query)
    return found
