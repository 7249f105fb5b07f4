"""Looks at every account once and keeps none: scripts/stream.rhai in Python."""

from pages import pages

seen = unwell = 0
for page in pages():
    for account in page:
        seen += 1
        if account["healthScore"] is not None and account["healthScore"] < 5:
            unwell += 1
print(seen, unwell)
