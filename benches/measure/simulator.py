"""A simulator that runs while it is needed."""

import subprocess
import time

import requests

from paths import KEY, OURS, environment


class Simulator:
    """Serves within `with`; `.origin` is its address, `.built` the seconds until it was ready."""

    def __init__(self, **options):
        name = lambda option: "--" + option.replace("_", "-")
        flags = [name(option) if value is True else f"{name(option)}={value}" for option, value in options.items()]
        self.command = [OURS, "-q", "simulator", f"--key={KEY}", *flags]

    def __enter__(self):
        start = time.perf_counter()
        self.child = subprocess.Popen(self.command, env=environment(), stdout=subprocess.PIPE, text=True)
        self.origin = self.child.stdout.readline().strip()
        self.built = time.perf_counter() - start
        return self

    def refused(self):
        """How many of the last requests were answered with 429; it remembers the last ten thousand."""
        answer = requests.get(f"{self.origin}/backdoor/requests", auth=(KEY, ""), timeout=60)
        answer.raise_for_status()
        return sum(request["status"] == 429 for request in answer.json()["requests"])

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()
        self.child.stdout.close()
