from partners.models.area import Area
from partners.models.inheritance import Inheritance
from partners.models.membership import Membership
from partners.models.organisation import Organisation, OrganisationArea
from partners.models.ownership import Owned, OwnedQuerySet
from partners.models.succession import (
    OrganisationEnding,
    Succession,
    SuccessionConsent,
    SuccessionLine,
    SuccessionMove,
)
from partners.models.token import ApiToken
from partners.models.user import User

__all__ = [
    "ApiToken",
    "Area",
    "Inheritance",
    "Membership",
    "Organisation",
    "OrganisationArea",
    "OrganisationEnding",
    "Owned",
    "OwnedQuerySet",
    "Succession",
    "SuccessionConsent",
    "SuccessionLine",
    "SuccessionMove",
    "User",
]
