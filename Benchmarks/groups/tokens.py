"""Verifying a token, cached and not, beside libcrypto alone, in one process: see tokens.sh."""
from harness.rows import Row

TITLE = "Token verification"
NEW = "seen for the first time, beside EVP_DigestVerify alone"
GOALS = [("RS256, remembered", "<= 1", "µs"), (f"RS256, {NEW}", "<= 1.3", "×")]


def run(bench):
    bench.results["tokens"] = bench.program("tokens", 3 if bench.quick else 40)
    rows = []
    for result in bench.results["tokens"]["results"]:
        name = result["algorithm"]
        bare, fresh, known = (result[kind]["median"] / 1000 for kind in ("bare", "uncached", "cached"))
        rows.append(Row(TITLE, f"{name}, remembered", known, "µs", "<= 1"))
        rows.append(Row(TITLE, f"{name}, {NEW}", result["uncached_by_bare"], "×", "<= 1.3",
                        f"{fresh:.1f} µs to {bare:.1f} µs"))
    return rows
