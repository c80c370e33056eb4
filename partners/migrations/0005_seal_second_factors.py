"""Seal what stands in the clear: the secrets of authenticator apps and the seeds of recovery codes."""

from django.db import migrations

from integration_hub.core import sealing

KEPT_IN = {"totp": "secret", "recovery_codes": "seed"}


def seal(apps, schema_editor):
    change(apps, lambda value: value if sealing.is_sealed(value) else sealing.seal(value))


def open_again(apps, schema_editor):
    change(apps, lambda value: sealing.unseal(value) if sealing.is_sealed(value) else value)


def change(apps, how):
    Authenticator = apps.get_model("mfa", "Authenticator")
    for row in Authenticator.objects.filter(type__in=KEPT_IN).order_by("pk"):
        name = KEPT_IN[row.type]
        # Codes that another system brought along have no seed.
        if name in row.data:
            row.data[name] = how(row.data[name])
            row.save(update_fields=["data"])


class Migration(migrations.Migration):

    dependencies = [
        ("partners", "0004_sessions_and_single_sign_on"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal, open_again)]
