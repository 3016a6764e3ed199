"""Training, rights requests, consents and incidents."""

import hashlib
from datetime import date, datetime, time, timedelta
from random import Random

from sample_data.generate.authored import Row, load
from sample_data.generate.dates import AS_OF, add_months
from sample_data.generate.people import heads
from sample_data.generate.problems import (
    LATE_BREACH,
    RIGHTS_CLOSED_LATE,
    RIGHTS_OPEN_LATE,
    TRAINING_OVERDUE,
)

DATA_TEAMS = {
    "Data Science Energy",
    "Data Science Insurance",
    "Mobility Intelligence",
    "Care Analytics",
    "Customer Products",
    "Data Platform",
}
ROUNDS = [
    ("gdpr_basics", date(2026, 2, 2), date(2026, 4, 30)),
    ("ml_privacy", date(2026, 5, 4), date(2026, 7, 31)),
    ("secure_handling", date(2026, 7, 6), date(2026, 9, 30)),
    ("incident_response", date(2026, 8, 31), date(2026, 10, 30)),
    ("gdpr_basics", date(2026, 11, 2), date(2027, 1, 29)),
]
REQUESTS = 184
OPEN_ON_TIME = 11
CONSENTS = 2_600


def build_training(people: list[Row], rng: Random) -> list[Row]:
    """Courses assigned in rounds; some are finished late, a planted number not at all."""
    records = [
        _training(person, course, assigned, due, rng)
        for course, assigned, due in ROUNDS
        for person in people
        if _is_assigned(person, course, assigned, people)
    ]
    here = {p["person_id"] for p in people if p["left_on"] is None}
    past = [r for r in records if r["due_on"] < AS_OF and r["person_id"] in here]
    for record in rng.sample(past, TRAINING_OVERDUE):
        record["completed_on"] = record["score"] = None
    for number, record in enumerate(records, start=1):
        record["record_id"] = f"t-{number:04d}"
    return records


def _is_assigned(person: Row, course: str, assigned: date, people: list[Row]) -> bool:
    here = person["joined_on"] <= assigned and (
        person["left_on"] is None or person["left_on"] > add_months(assigned, 3)
    )
    if course == "gdpr_basics":
        return here
    if course == "incident_response":
        office = {"Group Privacy Office", "Security and Risk", "Data Platform"}
        return here and (person["team"] in office or person in heads(people).values())
    return here and person["team"] in DATA_TEAMS


def _training(person: Row, course: str, assigned: date, due: date, rng: Random) -> Row:
    span = (due - assigned).days
    done: date | None = assigned + timedelta(days=int(rng.triangular(3, span, span * 0.7)))
    if rng.random() < 0.09:
        done = due + timedelta(days=rng.randrange(4, 40))
    if done and done > AS_OF:
        done = AS_OF - timedelta(days=rng.randrange(2, 14)) if due < AS_OF else None
    return {
        "record_id": "",
        "person_id": person["person_id"],
        "course": course,
        "assigned_on": assigned,
        "due_on": due,
        "completed_on": done,
        "score": rng.randrange(74, 101) if done else None,
    }


def build_requests(rng: Random) -> list[Row]:
    """Requests under GDPR Art. 15-21; one month to answer, two more if extended (Art. 12(3))."""
    requests = [_request(n, rng) for n in range(REQUESTS)]
    requests += [_late_open(rng) for _ in range(RIGHTS_OPEN_LATE)]
    requests += [_open(rng) for _ in range(OPEN_ON_TIME)]
    on_time = [r for r in requests if r["closed_on"] and r["due_on"] < AS_OF - timedelta(days=30)]
    for request in rng.sample(on_time, RIGHTS_CLOSED_LATE):
        deadline = request["extended_to"] or request["due_on"]
        request["closed_on"] = min(
            deadline + timedelta(days=rng.randrange(3, 26)), AS_OF - timedelta(days=1)
        )
    requests.sort(key=lambda request: (request["received_on"], request["request_id"]))
    for number, request in enumerate(requests, start=1):
        request["request_id"] = f"rr-{number:04d}"
    return requests


def _blank_request(number: int, received: date, rng: Random) -> Row:
    kinds = ["access"] * 9 + ["erasure"] * 6 + ["objection"] * 3 + ["rectification"] * 2
    return {
        "request_id": f"{number:06d}",
        "kind": rng.choice([*kinds, "portability", "restriction"]),
        "received_on": received,
        "due_on": add_months(received, 1),
        "extended_to": None,
        "closed_on": None,
        "outcome": None,
        "channel": rng.choice(["web", "web", "web", "email", "email", "letter", "phone"]),
        "systems_searched": rng.randrange(2, 13),
    }


def _request(number: int, rng: Random) -> Row:
    received = AS_OF - timedelta(days=36 + int(rng.random() * 328))
    request = _blank_request(number, received, rng)
    if rng.random() < 0.08 and add_months(received, 3) < AS_OF:
        request["extended_to"] = add_months(received, 3)
    span = ((request["extended_to"] or request["due_on"]) - received).days
    request["closed_on"] = received + timedelta(days=int(rng.triangular(2, span, span * 0.6)))
    if number % 60 == 7:
        request["closed_on"] = request["extended_to"] or request["due_on"]
    request["outcome"] = rng.choice(
        ["fulfilled"] * 8 + ["partly", "partly", "refused", "withdrawn"]
    )
    return request


def _open(rng: Random) -> Row:
    received = AS_OF - timedelta(days=rng.randrange(1, 22))
    return _blank_request(900_000 + received.toordinal() % 1000, received, rng)


def _late_open(rng: Random) -> Row:
    received = AS_OF - timedelta(days=rng.randrange(38, 60))
    return _blank_request(800_000 + received.toordinal() % 1000, received, rng)


def build_consents(rng: Random) -> list[Row]:
    """Consents for the purposes that rest on consent, about one in six withdrawn."""
    purposes = ["pu-marketing"] * 6 + ["pu-saving"] * 5 + ["pu-triage"] * 2 + ["pu-research"]
    consents = []
    for number in range(CONSENTS):
        day = AS_OF - timedelta(days=int(rng.random() ** 1.4 * 1400) + 1)
        given = datetime.combine(day, time(rng.randrange(6, 20), rng.randrange(60)))
        consents.append(
            {
                "subject_ref": hashlib.sha256(f"subject {rng.random()}".encode()).hexdigest()[:24],
                "purpose_id": rng.choice(purposes),
                "given_at": given,
                "withdrawn_at": _withdrawn(given, rng),
                "notice_version": f"{day.year}-{1 + (day.month > 6)}",
                "channel": rng.choice(["web", "web", "app", "app", "app", "paper", "phone"]),
                "order": number,
            }
        )
    consents.sort(key=lambda consent: (consent["given_at"], consent["order"]))
    for number, consent in enumerate(consents, start=1):
        consent["consent_id"] = f"cs-{number:05d}"
    return consents


def _withdrawn(given: datetime, rng: Random) -> datetime | None:
    later = given + timedelta(days=rng.randrange(2, 900), minutes=rng.randrange(1440))
    last = datetime.combine(AS_OF, time(18, 0))
    return later if rng.random() < 0.24 and later < last else None


def build_incidents() -> list[Row]:
    """Incidents; a breach is notified within 72 hours (GDPR Art. 33) but for the planted one."""
    incidents = []
    for line in load("incidents.yaml")["incidents"]:
        name, title, found, severity, breach, hours, closed, project = (
            cell.strip() for cell in line.split("|")
        )
        day = date.fromisoformat(found)
        incidents.append(
            {
                "incident_id": name,
                "title": title,
                "detected_on": day,
                "severity": severity,
                "personal_data_breach": breach == "yes",
                "notified_on": day + timedelta(days=int(hours)) if hours else None,
                "closed_on": closed or None,
                "project_id": project or None,
            }
        )
    late = [
        i for i in incidents if i["notified_on"] and (i["notified_on"] - i["detected_on"]).days > 3
    ]
    if [i["incident_id"] for i in late] != [LATE_BREACH]:
        raise ValueError("the late breach is not the planted one")
    return incidents
