from partners.models.access import Confirmation, IdleNotice
from partners.models.area import Area
from partners.models.deputy import Deputy
from partners.models.footprint import Footprint, FootprintArea, FootprintLink
from partners.models.identifiers import AreaCode, OrganisationCode, OrganisationName, RegisterEdition
from partners.models.inheritance import Inheritance
from partners.models.invitation import Invitation
from partners.models.known import known
from partners.models.membership import Membership
from partners.models.organisation import Organisation, OrganisationArea
from partners.models.ownership import Owned, OwnedQuerySet, Ways, either, own_or_released
from partners.models.prepared import prepared_for
from partners.models.session import Session
from partners.models.single_sign_on import SingleSignOn, SingleSignOnLink
from partners.models.succession import OrganisationEnding, Succession, SuccessionConsent, SuccessionLine, SuccessionMove
from partners.models.token import ApiToken
from partners.models.user import User

__all__ = [
    "ApiToken",
    "Area",
    "AreaCode",
    "Confirmation",
    "Deputy",
    "Footprint",
    "FootprintArea",
    "FootprintLink",
    "IdleNotice",
    "Inheritance",
    "Invitation",
    "Membership",
    "Organisation",
    "OrganisationArea",
    "OrganisationCode",
    "OrganisationEnding",
    "OrganisationName",
    "Owned",
    "OwnedQuerySet",
    "RegisterEdition",
    "Session",
    "SingleSignOn",
    "SingleSignOnLink",
    "Succession",
    "SuccessionConsent",
    "SuccessionLine",
    "SuccessionMove",
    "User",
    "Ways",
    "either",
    "known",
    "own_or_released",
    "prepared_for",
]
