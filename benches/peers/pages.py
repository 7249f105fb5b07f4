"""The pages of all accounts, as a careful Python script reads them: one session, a hundred a page."""

import os

import requests


def pages():
    session = requests.Session()
    session.auth = (os.environ["VITALLY_API_KEY"], "")
    url = os.environ["VITALLY_BASE_URL"] + "/resources/accounts"
    query = {"limit": 100, "status": "activeOrChurned"}
    while True:
        answer = session.get(url, params=query, timeout=60)
        answer.raise_for_status()
        page = answer.json()
        yield page["results"]
        if not page["next"]:
            return
        query["from"] = page["next"]
