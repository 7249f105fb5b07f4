"""Keeps the jobs of a crontab with APScheduler; each tells when it starts: scripts/lateness.rhai in Python."""

import datetime
import sys

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

UTC = datetime.timezone.utc


def tell(trigger):
    now = datetime.datetime.now(UTC)
    due = trigger.get_next_fire_time(None, now.replace(microsecond=0) - datetime.timedelta(seconds=5))
    print(now.isoformat(), due.isoformat(), flush=True)


scheduler = BlockingScheduler(executors={"default": ThreadPoolExecutor(50)}, timezone=UTC)
with open(sys.argv[1], encoding="utf-8") as crontab:
    for line in crontab:
        second, minute, hour, day, month, weekday = line.split()
        trigger = CronTrigger(second=second, minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=UTC)
        scheduler.add_job(tell, trigger, args=[trigger], misfire_grace_time=60)
scheduler.start()
