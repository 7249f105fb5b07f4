"""Updates the first so many accounts, one after the other or with so many threads, as fast as it goes or so many a minute:
scripts/bulk.rhai in Python."""

import itertools
import sys

from pace import Pace
from pages import pages
from writes import Writes

rows, threads, value, *a_minute = sys.argv[1:]
pace = Pace(int(a_minute[0])) if a_minute else None
read = pace.kept(pages()) if pace else pages()
accounts = itertools.islice(itertools.chain.from_iterable(read), int(rows))
writes = Writes(int(threads))


def update(account):
    if pace:
        pace.wait()
    writes.send("PUT", f"/accounts/{account['id']}", {"traits": {"bench": value}})


print(writes.each(update, accounts))
