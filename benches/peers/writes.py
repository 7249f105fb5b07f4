"""Writes as a careful Python script makes them: one session a thread, every answer looked at."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import requests


class Writes:
    """Sends writes, one after the other or with several threads."""

    def __init__(self, threads):
        self.threads = threads
        self.local = threading.local()

    def send(self, method, path, fields):
        if not hasattr(self.local, "session"):
            self.local.session = requests.Session()
            self.local.session.auth = (os.environ["VITALLY_API_KEY"], "")
        url = os.environ["VITALLY_BASE_URL"] + "/resources" + path
        self.local.session.request(method, url, json=fields, timeout=60).raise_for_status()

    def each(self, write, things):
        """Calls it for every thing and answers how many there were."""
        if self.threads == 1:
            return sum(1 for thing in things if write(thing) is None)
        with ThreadPoolExecutor(self.threads) as pool:
            return sum(1 for _ in pool.map(write, things))
