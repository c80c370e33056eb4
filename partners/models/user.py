import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from integration_hub.core.history import tracked
from partners.domain.scope import Scope
from partners.domain.viewing import Lens

SHOWN_PARTNERS = 2
PARTNERS = "_hub_partners"  # what partners_acted_for loaded, or partners.selectors.memberships with the account


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, *, name: str, demonstration: bool = False) -> "User":
        """An account; without a password it cannot sign in until one is set by a link."""
        user = self.model(email=email.strip().lower(), name=name, is_demonstration=demonstration)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *args: object, **kwargs: object) -> "User":
        """Nobody stands above the roles; an operator runs the installation and sees no partner's figures."""
        raise PermissionDenied("This system has no superusers. Give the person the role of operator instead.")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may see and do comes from their memberships alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    date_joined = models.DateTimeField(db_default=Now())
    # Since when the account is open again after it was closed.
    reopened_at = models.DateTimeField(null=True)

    # The partner that the person chose to act for in this session, "" for all; set by partners.middleware. It orders
    # and narrows what they may see anyway, and never opens anything.
    acting_for = ""

    # Not stored: for whom the person reads, where a request loaded that with the account (selectors.memberships).
    loaded_scope: Scope | None = None

    # Not stored: set on one instance to narrow what it sees (partners.selectors.viewing).
    lens: Lens | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="user_email_unique"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_no_superuser"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def scope(self) -> Scope | None:
        """What was loaded, for an active person who looks through no lens; None where the database must be asked."""
        return self.loaded_scope if self.is_active and self.lens is None else None

    @property
    def partners_acted_for(self) -> list[tuple[str, str]]:
        """Id and name of each partner that the person acts for today, by name. One query for a request."""
        from partners.models.organisation import Organisation

        loaded: list[tuple[str, str]] | None = self.__dict__.get(PARTNERS)
        if loaded is None:
            rows = Organisation.objects.acted_for_by(self).order_by("name", "pk").values_list("pk", "name")
            loaded = [(str(pk), name) for pk, name in rows]
            self.__dict__[PARTNERS] = loaded
        return loaded

    @property
    def chosen_partner(self) -> str:
        """Name of the partner that the person chose to act for, while they do act for it; "" for all of theirs."""
        return dict(self.partners_acted_for).get(self.acting_for, "") if self.acting_for else ""

    @property
    def acts_for_words(self) -> str:
        """The partner that the person chose, or those that they act for today, for the head of a page. One query."""
        if self.chosen_partner:
            return self.chosen_partner
        names = [name for _, name in self.partners_acted_for]
        if len(names) > SHOWN_PARTNERS:
            return f"{names[0]} and {len(names) - 1} others"
        return " and ".join(names)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def acting_name(self, partner: object | None) -> str:
        """The name for a signature or audit line: "N for M" where N just did, for that partner, what M may do.

        partners.permissions.require notes on the person whose deputy they were in the act that follows it.
        """
        principal = self.__dict__.get("_hub_deputy_for", {}).get(str(getattr(partner, "pk", "")), "")
        return f"{self} for {principal}" if principal else str(self)
