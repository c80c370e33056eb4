"""Spreadsheets in and out: a guard before any parser, a reader in a child process, a writer that keeps text text."""
