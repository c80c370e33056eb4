"""Refusals that the person who asked can understand and act on."""


class HubError(Exception):
    """A foreseen refusal. Its text is written for the person who asked: what is wrong and what to do.

    `code` is for programs, `field` names the input it belongs to, `who_can_lift` says who can change the state
    that stands in the way. `http_status` is the API's answer: 409 unless a subclass says otherwise.
    """

    code = "refused"
    http_status = 409

    def __init__(self, message: str, *, code: str = "", field: str | None = None, who_can_lift: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field
        self.who_can_lift = who_can_lift


class Malformed(HubError):
    """What was sent has the wrong shape; `problems` lists each with its field."""

    code = "malformed"
    http_status = 400

    def __init__(self, message: str, *, problems: list[dict[str, str]] | None = None, **kwargs: str) -> None:
        super().__init__(message, **kwargs)
        self.problems = problems or []


class ChangedMeanwhile(HubError):
    """Somebody else changed the same field after it was shown; both values are named in the message."""

    code = "changed_meanwhile"
