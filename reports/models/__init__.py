from reports.models.report import Report, ReportBrief, ReportDocument

__all__ = ["Report", "ReportBrief", "ReportDocument"]
