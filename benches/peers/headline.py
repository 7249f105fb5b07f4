"""Reads every account, then makes a task for each that is unwell: scripts/headline.rhai in Python."""

import itertools
import sys

from pages import pages
from writes import Writes

most, threads, tag = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
unwell = [
    account
    for account in itertools.chain.from_iterable(pages())
    if account["healthScore"] is not None and account["healthScore"] < most
]
writes = Writes(threads)


def task(account):
    fields = {"externalId": f"{tag}-{account['externalId']}", "name": "Call them", "accountId": account["id"]}
    writes.send("POST", "/tasks", fields)


print(writes.each(task, unwell))
