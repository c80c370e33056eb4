"""The runner: starts, stops, tests, backs up and restores a whole installation. Never imported by the application."""
