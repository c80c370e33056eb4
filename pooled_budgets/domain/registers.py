"""Words of the registers beside agreements."""

from typing import Final

# How a contract came about. Which route the law asks for is not judged here.
ROUTES: Final[dict[str, str]] = {
    "not_stated": "Not stated",
    "open": "Open procedure",
    "restricted": "Restricted procedure",
    "framework": "Call-off from a framework",
    "competitive": "Provider selection: competitive process",
    "most_suitable": "Provider selection: most suitable provider",
    "direct_award": "Direct award",
    "extension": "Extension of a contract",
}
STATES: Final[dict[str, str]] = {
    "stated": "Stated",
    "to_be_confirmed": "To be confirmed",
    "not_stated": "Not stated",
}
LABELS: Final[dict[str, str]] = {
    "service": "Service",
    "provider": "Provider",
    "financial_year": "Year",
    "amount": "Value",
    "state": "Why the value is empty",
    "review_on": "Review date",
    "candidate": "Candidate for pooling",
    "scheme": "Scheme",
    "starts_on": "First day",
    "ends_on": "Last day",
    "route": "How it was procured",
    "note": "Note",
}
