from partners.models.area import Area
from partners.models.membership import Membership
from partners.models.organisation import Organisation, OrganisationArea
from partners.models.ownership import Owned, OwnedQuerySet, Ways, either, own_or_released
from partners.models.token import ApiToken
from partners.models.user import User

__all__ = [
    "ApiToken",
    "Area",
    "Membership",
    "Organisation",
    "OrganisationArea",
    "Owned",
    "OwnedQuerySet",
    "User",
    "Ways",
    "either",
    "own_or_released",
]
