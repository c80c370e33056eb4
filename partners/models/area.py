import uuid

from django.db import models

from integration_hub.core.constraints import in_order


class Area(models.Model):
    """The area of one Health and Wellbeing Board (an upper-tier authority's), with its ONS code and lifespan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=120)
    ons_code = models.CharField(max_length=9)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            # ONS codes are never given out twice.
            models.UniqueConstraint(fields=["ons_code"], name="area_ons_code_unique"),
            in_order("valid_from", "valid_to", name="area_lifespan"),
        ]

    def __str__(self) -> str:
        return self.name
