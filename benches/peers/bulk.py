"""Updates the first so many accounts, one after the other or with so many threads: scripts/bulk.rhai in Python."""

import itertools
import sys

from pages import pages
from writes import Writes

rows, threads, value = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
accounts = itertools.islice(itertools.chain.from_iterable(pages()), rows)
writes = Writes(threads)
update = lambda account: writes.send("PUT", f"/accounts/{account['id']}", {"traits": {"bench": value}})
print(writes.each(update, accounts))
