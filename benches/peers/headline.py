"""Reads every account, then makes a task for each that is unwell and renews soon: scripts/headline.rhai in Python."""

import itertools
import sys
from datetime import date, datetime, timedelta, timezone

from pages import pages
from writes import Writes

most, threads, tag = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
soon = datetime.now(timezone.utc).date() + timedelta(days=60)
unwell = [
    account
    for account in itertools.chain.from_iterable(pages())
    if account["healthScore"] is not None
    and account["healthScore"] < most
    and account["nextRenewalDate"]
    and date.fromisoformat(account["nextRenewalDate"][:10]) <= soon
]
writes = Writes(threads)


def task(account):
    fields = {"externalId": f"{tag}-{account['externalId']}", "name": "Call them", "accountId": account["id"]}
    writes.send("POST", "/tasks", fields)


print(writes.each(task, unwell))
