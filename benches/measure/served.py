"""A project with many jobs, and the programs that keep them."""

import os
import subprocess

from paths import BENCHES, OURS, PYTHON, environment, peer

JOBS = 1_000


class Project:
    """A folder with a `vitally.toml` of these times, each the crontab of one job, and the same crontab for Python."""

    def __init__(self, folder, script, crontabs, origin="http://127.0.0.1:9"):
        self.folder, self.origin = folder, origin
        self.crontab = os.path.join(folder, "crontab")
        section = '[[job]]\nname = "job {}"\nscript = "{}"\nschedule = "{}"\n'
        with open(self.crontab, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in crontabs)
        with open(os.path.join(folder, "vitally.toml"), "w", encoding="utf-8") as file:
            file.write("\n".join(section.format(number, script, line) for number, line in enumerate(crontabs)))
        self.take(script)

    def take(self, script):
        """Copies one of our scripts into the folder."""
        with open(os.path.join(BENCHES, "scripts", script), "rb") as source:
            with open(os.path.join(self.folder, script), "wb") as copy:
                copy.write(source.read())

    def ours(self, out=subprocess.DEVNULL):
        """`serve` as a process."""
        surroundings = {**environment(self.origin), "VITALLY_SCRIPT_HOME": os.path.join(self.folder, "state")}
        return self.start([OURS, "-q", "-C", self.folder, "serve", "--grace", "1s"], surroundings, out)

    def python(self, out=subprocess.DEVNULL):
        """APScheduler as a process."""
        return self.start([PYTHON, peer("scheduler.py"), self.crontab], environment(self.origin), out)

    def start(self, command, surroundings, out):
        return subprocess.Popen(command, env=surroundings, cwd=self.folder, stdout=out, stderr=subprocess.DEVNULL)
