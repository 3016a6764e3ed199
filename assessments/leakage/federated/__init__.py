"""Federated training and secure aggregation: checks on settings."""

from assessments.leakage.federated.checks import Checks, SettingCheck, check_file

__all__ = ["Checks", "SettingCheck", "check_file"]
