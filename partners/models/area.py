import uuid

from django.db import models

from integration_hub.core.constraints import in_order, one_of
from integration_hub.core.history import tracked

HWB, ICB = "hwb", "icb"
KINDS = {HWB: "Area of a Health and Wellbeing Board", ICB: "Area of an integrated care board"}


@tracked()
class Area(models.Model):
    """The area of a Health and Wellbeing Board (an upper-tier authority's) or of an integrated care board.

    `ons_code` is the code of today; the codes that it had, each with its dates, are AreaCode rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=10, default=HWB, db_default=HWB)
    name = models.CharField(max_length=120)
    ons_code = models.CharField(max_length=9)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            # ONS codes are never given out twice.
            models.UniqueConstraint(fields=["ons_code"], name="area_ons_code_unique"),
            one_of("kind", [HWB, ICB], name="area_kind"),
            in_order("valid_from", "valid_to", name="area_lifespan"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]
