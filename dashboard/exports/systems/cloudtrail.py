"""AWS CloudTrail log files: one object with ``Records``, a list of records, or one record a line.

Fields as in "CloudTrail record contents" of the CloudTrail user guide, record version 1.x. Content is
reached by data events, and by those management events that hand content out or take it in (parameters,
secrets, decryption). Data events are off by default: their absence does not mean that nothing was read.
"""

from __future__ import annotations

import re

from dashboard.exports.systems.events import (
    API,
    KINDS,
    LOGON,
    Event,
    activity_of,
    items,
    part,
    reader,
    text,
)
from dashboard.exports.systems.objects import Item, read_objects
from dashboard.exports.systems.system import System, signs

KNOWN = frozenset(
    [
        "eventVersion",
        "userIdentity",
        "eventTime",
        "eventSource",
        "eventName",
        "awsRegion",
        "sourceIPAddress",
        "userAgent",
        "errorCode",
        "errorMessage",
        "requestParameters",
        "responseElements",
        "additionalEventData",
        "requestID",
        "eventID",
        "readOnly",
        "eventType",
        "apiVersion",
        "managementEvent",
        "resources",
        "recipientAccountId",
        "serviceEventDetails",
        "sharedEventID",
        "vpcEndpointId",
        "vpcEndpointAccountId",
        "eventCategory",
        "addendum",
        "sessionCredentialFromConsole",
        "tlsDetails",
        "edgeDeviceDetails",
        "insightDetails",
        "eventContext",
    ]
)
HANDS_OUT = frozenset(
    [
        "GetParameter",
        "GetParameters",
        "GetParametersByPath",
        "PutParameter",
        "GetSecretValue",
        "PutSecretValue",
        "Decrypt",
        "GetQueryResults",
        "BatchGetSecretValue",
    ]
)
DENIED = re.compile(r"AccessDenied|Unauthorized|Forbidden|NotAuthorized")
NAMES = (
    "bucketName", "tableName", "secretId", "name", "functionName", "dBInstanceIdentifier",
    "dBClusterIdentifier", "keyId", "userName", "roleName", "groupName", "roleArn", "instanceId",
    "clusterName", "stackName", "trailName",
)  # fmt: skip
NO_RECORD = "this is not a CloudTrail record: it names no eventSource"
_WRAPPER = re.compile(rb'^\s*\{\s*"Records"\s*:\s*\[')


def make(item: Item) -> Event | str:
    """One record."""
    value = item.value
    operation, service = text(value.get("eventName")), text(value.get("eventSource"))
    if service is None:
        return NO_RECORD
    error, activity = text(value.get("errorCode")), activity_of(operation)
    category = text(value.get("eventCategory"))
    denied = bool(error and DENIED.search(error))
    return Event(
        id=text(value.get("eventID")),
        ts=text(value.get("eventTime")),
        operation=operation,
        actor=_actor(value.get("userIdentity")),
        actor_type=text(part(value, "userIdentity", "type")),
        resource=_resource(value, service),
        outcome="denied" if denied else "failure" if error else "success",
        activity=activity,
        class_uid=LOGON if activity == "logon" else API,
        reaches_data=category == "Data" or operation in HANDS_OUT,
    )


def _actor(identity: object) -> str | None:
    """userName, else the issuer of the session, else the service that called, else the ARN."""
    issuer = text(part(identity, "sessionContext", "sessionIssuer", "userName"))
    named = text(part(identity, "userName")) or issuer or text(part(identity, "invokedBy"))
    return named or text(part(identity, "arn")) or text(part(identity, "principalId"))


def _resource(value: dict[str, object], service: str) -> str:
    """The most precise ARN, else what the request names, else the service."""
    arns = [text(part(entry, "ARN")) for entry in items(value.get("resources"))]
    request = value.get("requestParameters")
    bucket, key = text(part(request, "bucketName")), text(part(request, "key"))
    if bucket:
        arns.append(f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}")
    longest = max((arn for arn in arns if arn), key=len, default=None)
    if longest:
        return longest
    named = next(((name, found) for name in NAMES if (found := text(part(request, name)))), None)
    return f"{service}/{named[0]}/{named[1]}" if named else service


SYSTEM = System(
    "cloudtrail", "AWS CloudTrail", KINDS,
    signs(rb'"eventSource"', rb'"userIdentity"', rb'"eventVersion"'),
    reader("cloudtrail", KNOWN, lambda path: read_objects(path, _WRAPPER), make),
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
)  # fmt: skip
