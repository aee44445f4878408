"""Reading and checking a JSON body, beside Foundation which only reads it, in one process: see json.sh."""
from harness.rows import Row

TITLE = "JSON bodies"
BESIDE = "read and checked, beside JSONSerialization alone"
NAMES = {"arguments": "26 bytes", "answer": "1.2 KB", "reordered": "1.2 KB in another order", "long": "100 KB"}
GOALS = [(f"{size}, {BESIDE}", "<= 0.2", "×") for size in NAMES.values()]


def run(bench):
    bench.results["bodies"] = bench.program("json", 10 if bench.quick else 200)
    return [Row(TITLE, f"{NAMES[result['body']]}, {BESIDE}", result["ratio"], "×", "<= 0.2",
                f"{result['bytes']:,} bytes: {result['ours']:,.0f} ns to {result['foundation']:,.0f} ns")
            for result in bench.results["bodies"]["results"]]
