"""Walks all accounts and computes for so many milliseconds after every page: scripts/walk.rhai in Python."""

import sys
import time

from pages import pages

work = float(sys.argv[1]) / 1000
seen = 0
for page in pages():
    seen += len(page)
    end = time.perf_counter() + work
    while time.perf_counter() < end:
        pass
print(seen)
