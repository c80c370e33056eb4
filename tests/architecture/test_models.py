"""House rules for models: no Meta.ordering, no cascade, every partner's row owned, every table tracked or listed."""

from django.apps import apps
from django.db import models

OURS = ("core", "partners", "governance", "pooled_budgets", "bcf_metrics", "programme", "reports")
# Append-only by trigger, so that a history of versions would repeat the row; or kept by the job register itself.
NOT_TRACKED = {
    "core.AuditEvent",
    "core.BankHoliday",
    "core.Job",
    "core.Period",
    "core.StagedImport",
    "partners.Inheritance",
    "partners.OrganisationEnding",
    "partners.Session",
    "partners.SuccessionConsent",
    "partners.SuccessionMove",
    "bcf_metrics.ReturnVersion",
    "bcf_metrics.Signature",
    "bcf_metrics.ReturnEvent",
    "reports.ReportDocument",
}


def our_models() -> list[type[models.Model]]:
    found = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return [model for model in found if not hasattr(model, "pgh_tracked_model")]


def test_every_model_is_tracked_or_listed():
    tracked = {
        model.pgh_tracked_model._meta.label for model in apps.get_models() if hasattr(model, "pgh_tracked_model")
    }

    assert {model._meta.label for model in our_models()} - tracked == NOT_TRACKED


def test_no_model_orders_by_itself():
    assert [model._meta.label for model in our_models() if model._meta.ordering] == []


def test_every_foreign_key_protects():
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is not models.PROTECT
        and field.model is model
    ]
    assert loose == []


def test_money_is_two_places_and_never_float():
    floats = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField)
    ]
    assert floats == []


def test_every_queryset_of_a_partners_row_can_be_scoped():
    missing = [
        model._meta.label
        for model in our_models()
        if any(field.name == "owner" for field in model._meta.get_fields())
        and not hasattr(model.objects.all(), "visible_to")
        and model._meta.label != "pooled_budgets.SchemeLine"  # reached through its scheme alone
    ]
    assert missing == []
