"""Compares what the inspector received with what the clients were told to send.

usage: check.py URL PYTHON_REPORT NODE_REPORT

A report is what a sender printed. Ends with `N passed, M failed`, and in failure if M is not 0.
"""

import json
import re
import sys
import urllib.request
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).parent
VALUES = json.loads((HERE / "values.json").read_text(encoding="utf-8"))
BATCH = 20
GROUP = 'acme "gmbh"'

# No proxy stands between this machine and itself.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Checks:
    """Counts what holds and prints what does not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}")

    def equal(self, actual, expected, what):
        """Compares as JSON, where `true` is not 1, as it is in Python."""
        actual, expected = as_json(actual), as_json(expected)
        self.that(actual == expected, f"{what}: {shorten(actual)} is not {shorten(expected)}")


def as_json(value):
    return json.dumps(value, sort_keys=True, default=str)


def shorten(text):
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"


class Expected:
    """One event: the fields that it must have, and the properties that it must have among others."""

    def __init__(self, name, distinct_id, properties, *, uuid=None, instant=None, fields=None, api_key):
        self.name = name
        self.distinct_id = distinct_id
        self.properties = properties
        self.uuid = uuid
        self.instant = instant
        self.fields = fields or {}
        self.api_key = api_key

    def compare(self, event, request, checks):
        what = f"{self.api_key} {self.name!r}"
        wire = event["json"]
        checks.equal(event["event"], self.name, f"{what}: the name")
        checks.equal(event["distinct_id"], self.distinct_id, f"{what}: the distinct_id")
        properties = wire.get("properties", {})
        for key, value in self.properties.items():
            checks.equal(properties.get(key, "absent"), value, f"{what}: the property {key!r}")
        for key, value in self.fields.items():
            checks.equal(wire.get(key, "absent"), value, f"{what}: the field {key!r}")
        checks.equal(request["api_key"], self.api_key, f"{what}: the key of its request")
        if self.uuid is not None:
            checks.equal(event["uuid"], self.uuid, f"{what}: the uuid")
        if self.instant is not None:
            checks.equal(instant(event["timestamp"]), self.instant, f"{what}: the timestamp")


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Client:
    """What differs between the clients."""

    def __init__(self, name, version, first_uuid, microseconds):
        self.library = f"posthog-{name}"
        self.version = version
        self.user = f"zoë+{name}@example.com"
        self.anonymous = f"{name}-anonymous"
        self.api_key = f"phc_{name}"
        self.plain_key = f"phc_{name}_plain"
        self.first_uuid = first_uuid
        self.first_instant = datetime(2026, 1, 2, 3, 4, 5, microseconds, tzinfo=timezone.utc)

    def expected(self):
        """All that the sender sends."""
        library = {"$lib": self.library, "$lib_version": self.version}

        def event(name, properties, distinct_id=self.user, api_key=self.api_key, **rest):
            return Expected(name, distinct_id, {**properties, **library}, api_key=api_key, **rest)

        large = VALUES["large"]["unit"] * VALUES["large"]["times"]
        yield event("order placed", VALUES["plain"], uuid=self.first_uuid, instant=self.first_instant)
        yield event("note written", VALUES["text"])
        yield event("report generated", {"body": large})
        yield event("seat added", {"seats": 13, "$groups": {"company": GROUP, "team": "blue"}})
        yield event(
            "$identify",
            {
                "$anon_distinct_id": self.anonymous,
                "$set": {"email": "zoë@example.com"},
                "$set_once": {"first_seen": "2026-01-02"},
            },
        )
        yield event(
            "$groupidentify",
            {"$group_type": "company", "$group_key": GROUP, "$group_set": {"name": "Acme", "employees": 11}},
        )
        for step in range(50):
            yield event(f"step {step}", {"step": step})
        yield event("note read", VALUES["text"], api_key=self.plain_key)
        yield from self.of_persons(event)


class Python(Client):
    def of_persons(self, event):
        # The event belongs to `previous_id`, and the alias is the id passed as `distinct_id`.
        yield event(
            "$create_alias", {"alias": self.user, "distinct_id": self.anonymous}, distinct_id=self.anonymous
        )
        # Beside the properties, not among them.
        yield event("$set", {}, fields={"$set": {"plan": "team"}})
        yield event("$set_once", {}, fields={"$set_once": {"source": "newsletter"}})


class Node(Client):
    def of_persons(self, event):
        # The other way round: the event belongs to `distinctId`.
        yield event("$create_alias", {"alias": self.anonymous, "distinct_id": self.user})
        yield event("$set", {"$set": {"plan": "team"}, "$set_once": {"source": "newsletter"}})


def check_events(client, events, requests, report, checks):
    """Each event arrived once, as it was sent."""
    keys = {client.api_key, client.plain_key}
    arrived = [event for event in events if requests[event["request"]]["api_key"] in keys]
    expected = list(client.expected())
    names = Counter(event["event"] for event in arrived)
    checks.equal(names, Counter(one.name for one in expected), f"{client.library}: how often each name arrived")
    by_name = {event["event"]: event for event in arrived}
    for one in expected:
        if one.name in by_name:
            event = by_name[one.name]
            one.compare(event, requests[event["request"]], checks)
    reported = dict(report)
    checks.equal(len(reported), len(expected), f"{client.library}: how many events it says it sent")
    for name, uuid in reported.items():
        received = by_name.get(name, {}).get("uuid")
        what = f"{client.library} {name!r}: the uuid"
        checks.that(uuid is not None, f"{what} is unknown to the client")
        checks.equal(received, uuid, what)


def check_requests(client, requests, checks):
    """Nothing was refused, there was more than one batch, and gzip where the client was told so."""

    def header(request, name):
        return dict(request["headers"]).get(name)

    for api_key, is_compressed in ((client.api_key, True), (client.plain_key, False)):
        mine = [request for request in requests.values() if request["api_key"] == api_key]

        def all_have(expected, what, read):
            found = [read(request) for request in mine]
            checks.equal([value for value in found if value != expected], [], f"{api_key}: {what}, not {expected}")

        checks.that(mine, f"{api_key}: no request")
        all_have(["POST", "/batch/", None], "requests", lambda one: [one["method"], one["path"], one["query"]])
        all_have([200, None], "answers", lambda one: [one["status"], one["reason"]])
        all_have("gzip" if is_compressed else None, "encodings", lambda one: header(one, "content-encoding"))
        all_have(is_compressed, "smaller than inflated", lambda one: one["body_bytes"] < one["inflated_bytes"])
        all_have(f"{client.library}/{client.version}", "user agents", lambda one: header(one, "user-agent"))
        all_have(True, "sent_at given", lambda one: one["sent_at"] is not None)
    sizes = [request["events"] for request in requests.values() if request["api_key"] == client.api_key]
    checks.that(len(sizes) > 3 and max(sizes) == BATCH, f"{client.library}: batches of {sizes}, none of {BATCH}")


def pinned():
    """The versions that were to be installed."""
    requirements = (HERE / "requirements.txt").read_text(encoding="utf-8")
    package = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    return re.search(r"^posthog==(\S+)$", requirements, re.MULTILINE)[1], package["dependencies"]["posthog-node"]


def main():
    url, *reports = sys.argv[1:]

    def get(path):
        with OPENER.open(f"{url}/api/{path}", timeout=30) as answer:
            return json.load(answer)

    python_version, node_version = pinned()
    clients = [
        Python("python", python_version, "018f2b6e-7c00-7000-8000-00000000a001", 678901),
        Node("node", node_version, "018f2b6e-7c00-7000-8000-00000000b001", 678000),
    ]
    events = get("events?limit=10000")["events"]
    requests = {request["number"]: request for request in get("requests?limit=10000")["requests"]}
    counts = get("counts")
    checks = Checks()
    for client, report in zip(clients, reports, strict=True):
        passed = checks.passed
        report = json.loads(Path(report).read_text(encoding="utf-8"))
        check_events(client, events, requests, report, checks)
        check_requests(client, requests, checks)
        print(f"{client.library} {client.version}: {len(report)} events, {checks.passed - passed} checks passed")
    expected = sum(len(list(client.expected())) for client in clients)
    checks.equal(counts["requests_refused"], 0, "requests refused")
    checks.equal(counts["requests"], len(requests), "requests counted")
    checks.equal([counts["unique_events"], counts["duplicate_events"]], [expected, 0], "events, and repeats")
    checks.equal(counts.get("silently_dropped", 0), 0, "events that PostHog would accept and lose")
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed or not checks.passed else 0)


main()
