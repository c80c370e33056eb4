"""What the runner says when it cannot go on."""


class RunnerError(Exception):
    """A foreseen refusal. Its words say what is wrong and what to do; they are printed without a traceback."""
