"""Changes one account: scripts/update.rhai in Python."""

import os

import requests

answer = requests.put(
    f"{os.environ['VITALLY_BASE_URL']}/resources/accounts/acct-1",
    json={"name": "Acme"},
    auth=(os.environ["VITALLY_API_KEY"], ""),
    timeout=30,
)
answer.raise_for_status()
