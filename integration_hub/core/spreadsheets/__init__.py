"""Spreadsheets in and out: a guard before any parser, a reader in a child process, a writer that keeps text text."""

XLSX_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
