"""Is this installation in order? One finding a check, each with what to do."""

from assessments.doctor.examine import examine
from assessments.doctor.finding import Finding, State, worst

__all__ = ["Finding", "State", "examine", "worst"]
