from integration_hub.core.models.audit import AuditEvent
from integration_hub.core.models.calendar import BankHoliday, Period
from integration_hub.core.models.job import Job
from integration_hub.core.models.staged_import import StagedImport

__all__ = ["AuditEvent", "BankHoliday", "Job", "Period", "StagedImport"]
