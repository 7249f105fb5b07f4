"""An even pace: so many requests a minute, each the same time after the one before."""

import threading
import time


class Pace:
    """Says when a request may begin, whichever thread asks."""

    def __init__(self, a_minute):
        self.distance, self.next, self.lock = 60 / a_minute, time.monotonic(), threading.Lock()

    def wait(self):
        """Returns when the next request may begin."""
        with self.lock:
            at = self.next = max(self.next + self.distance, time.monotonic())
        time.sleep(max(0, at - time.monotonic()))

    def kept(self, requests):
        """The same things, each of which is a request that begins when it may."""
        requests = iter(requests)
        while True:
            self.wait()
            try:
                yield next(requests)
            except StopIteration:
                return
