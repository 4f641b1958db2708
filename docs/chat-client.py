#!/usr/bin/env python3
"""Connects a community's own chat robot with Linli: what is written in the group goes
to POST /api/v1/chat/messages, the answer goes back. See docs/robots.md.

Take this file, and replace messages() and write() by what your robot's library has.

    LINLI=https://linli.example LINLI_ROBOT_TOKEN=… python3 chat-client.py
"""
import json
import os
import sys
import time
import urllib.error
import urllib.request

BASE = os.environ.get("LINLI", "http://localhost:8080")
TOKEN = os.environ["LINLI_ROBOT_TOKEN"]  # from the page 群机器人, shown once


def messages():
    """What people write: (id of the message, id of the sender, text, whether it was
    written to the robot, by its name or alone)."""
    for number, line in enumerate(sys.stdin, 1):
        yield f"demo-{os.getpid()}-{number}", "demo-sender", line.strip(), True


def write(text):
    """Says something in the group."""
    print(text, flush=True)


def ask(message, sender, text, addressed):
    """The answer to one message, "" for none. The same id again has the same answer and no effect."""
    body = json.dumps({"id": message, "sender": sender, "text": text[:20000], "addressed": addressed}).encode()
    call = urllib.request.Request(BASE + "/api/v1/chat/messages", body,
                                  {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"})
    for wait in (1, 5, 30, 0):
        try:
            with urllib.request.urlopen(call, timeout=15) as answer:
                return json.load(answer)["answer"]
        except urllib.error.HTTPError as refused:
            if refused.code not in (409, 429, 503):  # under way, too fast, not now
                return json.load(refused)["detail"]
        except OSError:
            pass  # no net: the same call again is safe
        time.sleep(wait)
    return "现在连不上邻里药箱，请稍后再说一次"


for message, sender, text, addressed in messages():
    answer = ask(message, sender, text, addressed) if text else ""
    if answer:  # neighbours also talk to each other
        write(answer)
