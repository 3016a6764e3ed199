"""Kubernetes audit events (audit.k8s.io/v1): one event a line, an EventList, or one event.

A request passes up to four stages; only its end (ResponseComplete, or Panic) is an event here, so that
nothing counts twice. Whoever impersonates is the actor. Content of a resource is reached by every verb;
which resources hold personal data the resource map says.
"""

from __future__ import annotations

import re

from dashboard.exports.systems.events import KINDS, Event, activity_of, part, reader, text
from dashboard.exports.systems.objects import Item, read_objects
from dashboard.exports.systems.system import System, signs

KNOWN = frozenset(
    [
        "kind",
        "apiVersion",
        "level",
        "auditID",
        "stage",
        "requestURI",
        "verb",
        "user",
        "impersonatedUser",
        "sourceIPs",
        "userAgent",
        "objectRef",
        "responseStatus",
        "requestObject",
        "responseObject",
        "requestReceivedTimestamp",
        "stageTimestamp",
        "annotations",
    ]
)
ENDS = frozenset({"ResponseComplete", "Panic"})
NO_EVENT = "this is not a Kubernetes audit event: it names no auditID and stage"
_WRAPPER = re.compile(rb'"kind"\s*:\s*"EventList"')


def make(item: Item) -> Event | str | None:
    """One event; a stage before the end is passed over."""
    value = item.value
    stage, verb = text(value.get("stage")), text(value.get("verb"))
    if stage is None or text(value.get("auditID")) is None:
        return NO_EVENT
    if stage not in ENDS:
        return None
    return Event(
        id=text(value.get("auditID")),
        ts=text(value.get("stageTimestamp")) or text(value.get("requestReceivedTimestamp")),
        operation=verb,
        actor=text(part(value, "user", "username")),
        actor_type="impersonating" if part(value, "impersonatedUser", "username") else None,
        resource=_resource(value),
        outcome=_outcome(value),
        activity=activity_of(verb),
        client="service",
    )


def _resource(value: dict[str, object]) -> str | None:
    ref = value.get("objectRef")
    names = [text(part(ref, name)) for name in ("resource", "name", "subresource")]
    if names[0] is None:
        return text(value.get("requestURI"))
    space = text(part(ref, "namespace"))
    return "/".join([*(["namespaces", space] if space else []), *filter(None, names)])


def _outcome(value: dict[str, object]) -> str:
    code = part(value, "responseStatus", "code")
    if part(value, "annotations", "authorization.k8s.io/decision") == "forbid":
        return "denied"
    if not isinstance(code, int):
        return "unknown"
    return "denied" if code in {401, 403} else "success" if code < 400 else "failure"


SYSTEM = System(
    "kubernetes", "Kubernetes audit", KINDS,
    signs(rb'audit\.k8s\.io/', rb'"auditID"'),
    reader("kubernetes", KNOWN, lambda path: read_objects(path, _WRAPPER), make),
    "https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/",
)  # fmt: skip
