from partners.models.area import Area
from partners.models.membership import Membership
from partners.models.organisation import Organisation, OrganisationArea
from partners.models.ownership import Owned, OwnedQuerySet
from partners.models.session import Session
from partners.models.single_sign_on import SingleSignOn, SingleSignOnLink
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
    "Session",
    "SingleSignOn",
    "SingleSignOnLink",
    "User",
]
