"""Sends a fixed set of events with posthog-python, by its public interface alone.

usage: send.py URL

Prints, as JSON, the name and the uuid that the client says each event has.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import posthog

VALUES = json.loads(Path(__file__).with_name("values.json").read_text(encoding="utf-8"))
USER = "zoë+python@example.com"
ANONYMOUS = "python-anonymous"

url = sys.argv[1]
sent = []
errors = []


def client(api_key, *, compressed):
    return posthog.Posthog(
        api_key,
        host=url,
        flush_at=20,
        gzip=compressed,
        on_error=lambda error, batch: errors.append(error),
    )


def note(name, uuid):
    sent.append([name, uuid])


def send_compressed():
    """Everything that the client can do, in more than one batch."""
    python = client("phc_python", compressed=True)

    def capture(name, **arguments):
        note(name, python.capture(name, distinct_id=USER, **arguments))

    capture(
        "order placed",
        properties=VALUES["plain"],
        uuid="018f2b6e-7c00-7000-8000-00000000a001",
        timestamp=datetime(2026, 1, 2, 8, 34, 5, 678901, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    )
    capture("note written", properties=VALUES["text"])
    capture("report generated", properties={"body": VALUES["large"]["unit"] * VALUES["large"]["times"]})
    capture("seat added", properties={"seats": 13}, groups={"company": "acme \"gmbh\"", "team": "blue"})
    capture(
        "$identify",
        properties={
            "$anon_distinct_id": ANONYMOUS,
            "$set": {"email": "zoë@example.com"},
            "$set_once": {"first_seen": "2026-01-02"},
        },
    )
    note("$set", python.set(distinct_id=USER, properties={"plan": "team"}))
    note("$set_once", python.set_once(distinct_id=USER, properties={"source": "newsletter"}))
    note("$create_alias", python.alias(previous_id=ANONYMOUS, distinct_id=USER))
    note(
        "$groupidentify",
        python.group_identify("company", "acme \"gmbh\"", {"name": "Acme", "employees": 11}, distinct_id=USER),
    )
    python.flush()
    for step in range(50):
        capture(f"step {step}", properties={"step": step})
    python.shutdown()


def send_plain():
    python = client("phc_python_plain", compressed=False)
    note("note read", python.capture("note read", distinct_id=USER, properties=VALUES["text"]))
    python.shutdown()


send_compressed()
send_plain()
if errors:
    sys.exit(f"posthog-python reports {errors}")
json.dump(sent, sys.stdout)
