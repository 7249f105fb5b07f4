"""How much memory a program held at most.

The peak that `wait4` reports begins with that of the process that started it, so it is of no use for a program
smaller than Python. The system's own high-water mark of the running program is read every few milliseconds instead.
"""

import subprocess
import time


def peak(command, environment):
    """The most memory that a program held, in MB."""
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while child.poll() is None:
        most = max(most, high_water(child.pid))
        time.sleep(0.005)
    if child.returncode != 0:
        raise SystemExit(f"{command} ended with {child.returncode}")
    return most / 1024


def high_water(pid):
    """The high-water mark of a process in KB; 0 if it has just ended."""
    try:
        with open(f"/proc/{pid}/status") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0
