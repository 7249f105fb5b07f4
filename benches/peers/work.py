"""Seven kinds of work over accounts that are held: scripts/work.rhai in Python."""

import itertools
import json
import sys
import time
from datetime import date

from pages import pages


def told(what, start, answer):
    print(f"{what} | {(time.perf_counter() - start) * 1000} | {answer}")


def work(accounts):
    start = time.perf_counter()
    found = 0
    for a in accounts:
        if (a["healthScore"] or 0) < 5 and a["mrr"] > 1000 and a["traits"].get("vitally.custom.plan") == "Pro":
            found += 1
    told("filter by three fields", start, found)

    start = time.perf_counter()
    lines = []
    for a in accounts:
        lines.append(f"{a['name']},{a['mrr']},{a['csmId'] or ''}")
    told("build lines of text and join them", start, len("\n".join(lines)))

    start = time.perf_counter()
    ordered = sorted(accounts, key=lambda a: a["mrr"])
    told("sort by a function", start, ordered[0]["mrr"])

    start = time.perf_counter()
    sums = {}
    for a in accounts:
        owner = a["csmId"] or "nobody"
        sums[owner] = sums.get(owner, 0) + a["mrr"]
    told("group and add up", start, len(sums))

    start = time.perf_counter()
    today, soon = date(2026, 11, 27), 0
    for a in accounts:
        if a["nextRenewalDate"] and (date.fromisoformat(a["nextRenewalDate"][:10]) - today).days < 60:
            soon += 1
    told("count days to dates", start, soon)

    start = time.perf_counter()
    members = 0
    for a in accounts:
        for segment in a["segments"]:
            if segment["name"] == "Mid-market":
                members += 1
    told("walk lists inside records", start, members)

    start = time.perf_counter()
    size = 0
    for a in accounts:
        payload = {
            "name": f"Renewal of {a['name']}",
            "accountId": a["id"],
            "traits": {"plan": a["traits"].get("vitally.custom.plan"), "mrr": a["mrr"], "score": a["healthScore"]},
        }
        size += len(json.dumps(payload, separators=(",", ":"), ensure_ascii=False))
    told("make the JSON of a change", start, size)


held = list(itertools.chain.from_iterable(pages()))
for _ in range(int(sys.argv[1])):
    work(held)
