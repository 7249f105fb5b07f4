"""Where things are, and the environment that programs get."""

import os
import shutil
import sys

BENCHES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCHES)
OURS = os.environ.get("VITALLY_BENCH_PROGRAM") or os.path.join(ROOT, "target", "release", "vitally-script")
PYTHON = sys.executable
# Measured beside the others where it is there.
NODE = shutil.which("node")
KEY = "sk_live_benchmark"


def script(name):
    """A script of ours."""
    return os.path.join(BENCHES, "scripts", name)


def peer(name):
    """The same in Python."""
    return os.path.join(BENCHES, "peers", name)


def environment(origin="http://127.0.0.1:9"):
    """The environment of every program that is measured: nothing of the machine's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "VITALLY_API_KEY": KEY, "VITALLY_BASE_URL": origin, "VITALLY_SCRIPT_HOME": os.path.join(ROOT, "target")}
