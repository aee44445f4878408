"""The OpenAPI document as clients fetch it, beside nginx serving the same bytes as a file."""
from contextlib import ExitStack

from harness.load import alternate, compared
from harness.rows import Row

TITLE = "Documents"
GOALS = [("openapi.json beside nginx", ">= 0.6", "×"), ("the same, not modified (304)", ">= 0.6", "×")]


def run(bench):
    with ExitStack() as stack:
        host = stack.enter_context(bench.host(products=bench.products)).wait()
        document, fields = host.get("/openapi.json")
        nginx = stack.enter_context(bench.peers(host, host.token()).nginx(b"{}", document))
        theirs = nginx_etag(nginx)
        rows = []
        for (name, goal, unit), condition in zip(GOALS, [(None, None), (fields["ETag"], theirs)]):
            ours_headers, their_headers = ({"If-None-Match": tag} if tag else {} for tag in condition)
            targets = [bench.target(f"{name} host", host, "/openapi.json", method="GET", headers=ours_headers),
                       bench.target(f"{name} nginx", nginx, "/files/openapi.json", method="GET", headers=their_headers)]
            results = alternate(targets, bench.rounds, bench.seconds)
            bench.results[name] = results
            value, detail = compared(*results.values())
            rows.append(Row(TITLE, name, value, unit, goal, f"{detail}; {len(document):,} bytes"))
    return rows


def nginx_etag(nginx):
    import urllib.request
    with urllib.request.urlopen(nginx.url + "/files/openapi.json") as answer:
        return answer.headers["ETag"]
