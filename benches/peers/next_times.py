"""The next so many times of a crontab line in a zone with croniter; prints the last, and the seconds of the loop alone."""

import datetime
import sys
import time
import zoneinfo

from croniter import croniter

expression, zone, count = sys.argv[1], zoneinfo.ZoneInfo(sys.argv[2]), int(sys.argv[3])
times = croniter(expression, datetime.datetime(2026, 11, 25, 9, tzinfo=zone))
start = time.perf_counter()
for _ in range(count):
    last = times.get_next(datetime.datetime)
took = time.perf_counter() - start
print(last.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), took)
