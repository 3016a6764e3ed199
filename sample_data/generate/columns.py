"""Columns of each export, in the order in which they are written."""

COLUMNS: dict[str, str] = {
    "people": "person_id name email job_title team manager_id country joined_on left_on",
    "systems": (
        "system_id name kind owner_id vendor_id country hosting encrypted_at_rest description"
        " enclave"
    ),
    "vendors": "vendor_id name role country services contact_email risk_tier",
    "contracts": (
        "contract_id vendor_id title signed_on expires_on dpa_signed transfer_mechanism audit_right"
        " usage_limits last_reviewed_on"
    ),
    "purposes": "purpose_id name description lawful_basis compatible_with",
    "processing_activities": (
        "activity_id name description purposes lawful_basis special_category_condition"
        " data_subjects data_categories recipients transfer_countries transfer_mechanism owner_id"
        " retention_period registered_on last_reviewed_on"
    ),
    "projects": (
        "project_id name description owner_id team stage activity_id started_on launched_on"
        " screening_outcome uses_federated_learning uses_differential_privacy"
    ),
    "datasets": (
        "dataset_id name description system_id owner_id activity_id project_ids purposes"
        " data_subjects classification retention_period created_on retired_on origin"
        " source_vendor_id masking"
    ),
    "dataset_fields": (
        "dataset_id field type description declared_category detected_category detected_share"
        " last_read_on"
    ),
    "dataset_observations": "dataset_id observed_on oldest_record_on row_count size_bytes",
    "legal_holds": "hold_id dataset_id matter starts_on ends_on ordered_by",
    "deletion_runs": "run_id dataset_id due_on executed_on rows_deleted proof_sha256 status",
    "models": (
        "model_id project_id name version kind owner_id status trained_on released_on retired_on"
        " retention_period training_dataset_ids explanation_method privacy_epsilon"
    ),
    "lineage": "edge_id source_kind source_id target_kind target_id recorded_on job",
    "training_records": "record_id person_id course assigned_on due_on completed_on score",
    "rights_requests": (
        "request_id kind received_on due_on extended_to closed_on outcome channel systems_searched"
    ),
    "consents": "consent_id subject_ref purpose_id given_at withdrawn_at notice_version channel",
    "grants": (
        "grant_id person_id dataset_id purpose_id valid_from valid_to granted_by reason revoked_on"
    ),
    "access_events": (
        "event_id ts actor_id dataset_id action purpose_id grant_id rows_read outcome client"
    ),
    "leakage_results": (
        "result_id subject_kind subject_id channel measure method method_version value low high"
        " confidence n severity extent power_check null_check measured_on data_sha256 code_sha256"
        " status"
    ),
    "assessment_register": (
        "assessment_id recorded_on project_id template state approved_on review_due_on"
        " open_conditions high_residual_risks"
    ),
    "incidents": (
        "incident_id title detected_on severity personal_data_breach notified_on closed_on"
        " project_id"
    ),
    "drills": ("drill_id scenario held_on led_by participants passed findings_open lesson"),
    "field_scans": (
        "finding_id dataset_id field scanned_on category detector is_proven sampled matched share"
        " low high confidence masked method_version data_sha256"
    ),
}
