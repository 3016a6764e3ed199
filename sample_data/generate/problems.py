"""Every problem that is planted, in one place. What is not listed here is clean.

The other modules ask this one; `truth.py` writes the counts; the tests count again from the files.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Stopped:
    """Deletion of a dataset stopped after `last_success` (None: it never ran) and resumed on `resumed`."""

    last_success: date | None
    resumed: date | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on one dataset."""

    dataset_id: str
    matter: str
    starts_on: date
    ends_on: date | None


STOPPED = {
    "d-old-water-claims": Stopped(None),
    "d-legacy-crm": Stopped(None),
    "d-parking-2023": Stopped(None),
    "d-chat": Stopped(None),
    "d-care-survey": Stopped(None),
    "d-calls": Stopped(date(2026, 10, 7)),
    "d-positions": Stopped(date(2026, 10, 28)),
    "d-drafts": Stopped(date(2026, 9, 30)),
    "d-credit-checks": Stopped(date(2026, 8, 5)),
    "d-churn-scores": Stopped(date(2026, 7, 5)),
    "d-collection": Stopped(None),
    "d-fines": Stopped(date(2026, 3, 5)),
    "d-claim-letters": Stopped(None),
    "d-fraud-cases": Stopped(date(2026, 1, 5)),
    "d-complaints": Stopped(date(2026, 4, 5)),
    "d-signins": Stopped(date(2026, 6, 5)),
    "d-gas-readings-old": Stopped(None),
    "d-trips": Stopped(date(2026, 4, 5), date(2026, 6, 24)),
    "d-applicants": Stopped(date(2026, 3, 5), date(2026, 7, 15)),
    "d-web-events": Stopped(date(2026, 5, 5), date(2026, 8, 12)),
    "d-campaigns": Stopped(date(2026, 5, 5), date(2026, 9, 23)),
    "d-absence": Stopped(date(2026, 3, 5), date(2026, 6, 3)),
    "d-churn-features": Stopped(date(2026, 6, 5), date(2026, 8, 26)),
    "d-arrears-features": Stopped(date(2026, 4, 5), date(2026, 7, 8)),
    "d-instalments": Stopped(date(2026, 3, 5), date(2026, 8, 19)),
    "d-app-mobility": Stopped(date(2026, 6, 5), date(2026, 10, 7)),
    "d-training-log": Stopped(date(2026, 7, 5), date(2026, 9, 9)),
    "d-contacts": Stopped(date(2026, 8, 5), date(2026, 11, 11)),
}
HOLDS = [
    Hold("d-claim-letters", "Court case on storm Ylva, Hamburg", date(2026, 6, 22), None),
    Hold("d-fraud-cases", "Criminal file on a repair ring, Lyon", date(2025, 11, 3), None),
    Hold("d-complaints", "Class action on a price change, Madrid", date(2026, 6, 15), None),
    Hold(
        "d-signins",
        "Investigation of the credential attack of July",
        date(2026, 7, 20),
        date(2027, 1, 31),
    ),
    Hold(
        "d-collection",
        "Audit of collection fees by the regulator",
        date(2025, 12, 1),
        date(2026, 8, 31),
    ),
    Hold("d-fines", "Dispute with the city of Milan on tolls", date(2026, 2, 9), date(2026, 10, 2)),
    Hold("d-churn-scores", "Announced audit of retention offers", date(2026, 12, 1), None),
    Hold("d-invoices", "Tax audit 2019 to 2021, Utrecht", date(2024, 3, 4), date(2025, 2, 28)),
]
EXACT_BORDER = {"d-quotes": date(2025, 11, 20), "d-transcripts": date(2026, 5, 21)}

UNDECLARED = {
    ("d-advice-log", "channel_note"): ("contact", 0.31),
    ("d-contacts", "routing_payload"): ("contact", 0.87),
    ("d-photos", "exif_remainder"): ("location", 0.64),
    ("d-repair-orders", "access_instructions"): ("contact", 0.22),
    ("d-payments", "remittance_text"): ("name", 0.41),
    ("d-turbine", "operator_comment"): ("employment", 0.08),
    ("d-customers", "external_ref"): ("national_id", 0.12),
    ("d-web-events", "query_string"): ("contact", 0.06),
    ("d-app-mobility", "crash_dump"): ("location", 0.37),
    ("d-legacy-crm", "migration_log"): ("name", 0.93),
    ("d-network-map", "service_comment"): ("contact", 0.07),
    ("d-chat", "widget_state"): ("contact", 0.28),
    ("d-questionnaires", "form_layout"): ("health", 0.19),
}
SOUNDING = [("d-prescriptions", "prescription_id"), ("d-triage-synth", "symptom_vector")]
UNDERCLASSED = ["d-fines", "d-fraud-cases"]
NEVER_READ = {
    ("d-customers", "salutation"): None,
    ("d-customers", "birth_date"): 402,
    ("d-drivers", "birth_date"): 231,
    ("d-quotes", "portal"): 214,
    ("d-photos", "taken_at"): 345,
    ("d-claims", "iban"): 268,
    ("d-prescriptions", "pharmacy"): 221,
    ("d-patients", "insurance_no"): 287,
    ("d-consultations", "video_session"): None,
    ("d-chat", "visitor_name"): None,
    ("d-marketing-consent", "ip_shortened"): 512,
    ("d-supply-contracts", "switching_reason"): 259,
    ("d-credit-checks", "reviewer_id"): 306,
    ("d-personnel", "church_tax"): 240,
    ("d-applicants", "interview_note"): 199,
    ("d-panel-2025", "dwelling_type"): 236,
    ("d-fraud-graph", "build_id"): None,
    ("d-signins", "session_token_hash"): 377,
    ("d-buildings", "facade_material"): None,
}
PURPOSE_GAPS = {
    ("d-customers", "pu-testing"),
    ("d-supply-contracts", "pu-testing"),
    ("d-trip-ends", "pu-testing"),
    ("d-meter-daily", "pu-retention"),
}
RETENTION_GAPS = {"d-credit-archive", "d-legacy-crm", "d-parking-2023"}
NO_DPA = {"v-chat"}
NO_LINEAGE = {"m-bank-1", "m-water-1", "m-subject-3"}
DEPARTED_OWNER = {"d-parking-2023", "d-legacy-crm"}
STALE_ACTIVITIES = {"ra-08": date(2025, 6, 16), "ra-17": date(2025, 9, 29)}
LATE_BREACH = "i-2026-07"


@dataclass(frozen=True, slots=True)
class OffPurpose:
    """Successful accesses for a purpose that the dataset does not declare."""

    actor: str
    dataset_id: str
    purpose_id: str
    events: int
    first_week: int
    last_week: int


# `actor` is a team, whose holder of a grant on the dataset is taken, or a service account.
OFF_PURPOSE = [
    OffPurpose("Customer Products", "d-contacts", "pu-marketing", 61, 2, 16),
    OffPurpose("Data Science Insurance", "d-quotes", "pu-fraud", 23, 9, 13),
    OffPurpose("Mobility Intelligence", "d-trips", "pu-marketing", 18, 5, 8),
    OffPurpose("svc-campaign", "d-meter-daily", "pu-marketing", 26, 12, 16),
    OffPurpose("Care Analytics", "d-consultations", "pu-underwriting", 9, 14, 15),
]

# Grants used after their end: number of events after valid_to, and after revoked_on.
USED_AFTER_EXPIRY = [31, 17, 12, 8, 5, 2]
USED_AFTER_REVOCATION = [14, 6, 3]
DENIED_AFTER_EXPIRY = 22
DORMANT_GRANTS = 14
TRAINING_OVERDUE = 19
RIGHTS_CLOSED_LATE = 7
RIGHTS_OPEN_LATE = 3
OVEREXPOSED_MODEL = "m-churn-5"
OVEREXPOSED_DATASET = "d-parking-2023"
