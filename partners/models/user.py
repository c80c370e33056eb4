import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from integration_hub.core.history import tracked
from partners.domain.viewing import Lens

SHOWN_PARTNERS = 2


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
    def acts_for_words(self) -> str:
        """The partners that the person acts for today, for the head of a page. One query."""
        from partners.models.organisation import Organisation

        names = list(Organisation.objects.acted_for_by(self).order_by("name", "pk").values_list("name", flat=True))
        if len(names) > SHOWN_PARTNERS:
            return f"{names[0]} and {len(names) - 1} others"
        return " and ".join(names)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
