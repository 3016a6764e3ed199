"""Small logs of each system, written by hand after the documentation that the reader names."""

from __future__ import annotations

import json
from typing import Any

CLOUDTRAIL: dict[str, Any] = {
    "eventVersion": "1.08", "eventID": "e-1", "eventTime": "2026-03-01T10:00:00Z",
    "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "eventCategory": "Data",
    "userIdentity": {"type": "IAMUser", "userName": "ana"},
    "requestParameters": {"bucketName": "sales", "key": "2026/a.csv"},
}  # fmt: skip
KUBERNETES: dict[str, Any] = {
    "kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": "k-1", "stage": "ResponseComplete",
    "verb": "get", "user": {"username": "ana"}, "requestURI": "/x",
    "objectRef": {"resource": "secrets", "namespace": "shop", "name": "db"},
    "responseStatus": {"code": 200}, "stageTimestamp": "2026-03-01T10:00:00.123456Z",
}  # fmt: skip
OCSF: dict[str, Any] = {
    "class_uid": 6005, "category_uid": 6, "type_uid": 600504, "activity_id": 4, "time": 1772359200000,
    "activity_name": "Query", "actor": {"user": {"name": "ana"}}, "status_id": 1,
    "database": {"name": "shop"}, "metadata": {"uid": "o-1"}, "query_info": {"query_string": "select 1"},
}  # fmt: skip
GCP: dict[str, Any] = {
    "insertId": "g-1", "logName": "projects/p/logs/cloudaudit.googleapis.com%2Fdata_access",
    "timestamp": "2026-03-01T10:00:00Z",
    "protoPayload": {
        "methodName": "google.cloud.bigquery.v2.JobService.Query", "resourceName": "projects/p/datasets/d",
        "serviceName": "bigquery.googleapis.com", "authenticationInfo": {"principalEmail": "ana@x.example"},
    },
}  # fmt: skip
M365: dict[str, Any] = {
    "Id": "m-1", "RecordType": 6, "CreationTime": "2026-03-01T10:00:00", "Operation": "FileDownloaded",
    "Workload": "SharePoint", "UserId": "ana@x.example", "UserType": 0, "ObjectId": "https://x/a.xlsx",
}  # fmt: skip
SNOWFLAKE: dict[str, Any] = {
    "QUERY_ID": "q-1", "QUERY_START_TIME": "2026-03-01 10:00:00.000 +0000", "USER_NAME": "ANA",
    "DIRECT_OBJECTS_ACCESSED": [], "BASE_OBJECTS_ACCESSED": [{"objectName": "DB.S.ORDERS"}],
    "OBJECTS_MODIFIED": [{"objectName": "DB.S.TOTALS"}],
}  # fmt: skip
PGAUDIT = "2026-03-01 10:00:00.123 UTC [77] ana@shop LOG:  AUDIT: OBJECT,1,1,READ,SELECT,TABLE,public.orders,"
RECORDS = {
    "cloudtrail": CLOUDTRAIL, "kubernetes": KUBERNETES, "ocsf": OCSF, "gcp": GCP, "m365": M365,
    "snowflake": SNOWFLAKE,
}  # fmt: skip


def lines(*values: Any) -> str:
    """JSON Lines."""
    return "".join(json.dumps(value) + "\n" for value in values)
