from partners.models.area import Area
from partners.models.footprint import Footprint, FootprintArea, FootprintLink
from partners.models.identifiers import AreaCode, OrganisationCode, OrganisationName, RegisterEdition
from partners.models.membership import Membership
from partners.models.organisation import Organisation, OrganisationArea
from partners.models.ownership import Owned, OwnedQuerySet
from partners.models.token import ApiToken
from partners.models.user import User

__all__ = [
    "ApiToken",
    "Area",
    "AreaCode",
    "Footprint",
    "FootprintArea",
    "FootprintLink",
    "Membership",
    "Organisation",
    "OrganisationArea",
    "OrganisationCode",
    "OrganisationName",
    "Owned",
    "OwnedQuerySet",
    "RegisterEdition",
    "User",
]
