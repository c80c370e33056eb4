"""House rules for models: no Meta.ordering, no cascade, every partner's row owned, every table tracked or listed."""

from django.apps import apps
from django.conf import settings
from django.db import models

OURS = ("core", "partners", "governance", "pooled_budgets", "bcf_metrics", "programme", "reports")
# Why no versions of these are kept.
APPEND_ONLY = "append-only by trigger: a history of versions would repeat the row"
NOT_TRACKED = {
    "core.AuditEvent": APPEND_ONLY,
    "core.BankHoliday": "published by the government, loaded from a file, of no partner",
    "core.Job": "kept by the job register, which writes each step; who asked stands in the row",
    "core.Period": "follows from the calendar",
    "core.StagedImport": "changes nothing until it is confirmed, and each act on it has its audit line",
    "partners.Inheritance": APPEND_ONLY,
    "partners.OrganisationEnding": APPEND_ONLY,
    "partners.Session": "a browser's; signing in and ending sessions have their audit lines",
    "partners.SuccessionConsent": APPEND_ONLY,
    "partners.SuccessionMove": APPEND_ONLY,
    "pooled_budgets.ContributionChange": APPEND_ONLY,
    "pooled_budgets.SchemeStart": APPEND_ONLY,
    "pooled_budgets.Receipt": APPEND_ONLY,
    "pooled_budgets.ReceiptReversal": APPEND_ONLY,
    "pooled_budgets.ClosedMonth": APPEND_ONLY,
    "pooled_budgets.Transaction": APPEND_ONLY,
    "pooled_budgets.VarianceExplanation": APPEND_ONLY,
    "pooled_budgets.VirementSide": APPEND_ONLY,
    "pooled_budgets.RecurrentAnswer": APPEND_ONLY,
    "pooled_budgets.Settlement": APPEND_ONLY,
    "pooled_budgets.SettlementApproval": APPEND_ONLY,
    "pooled_budgets.OpeningBalance": APPEND_ONLY,
    "pooled_budgets.AccountStatement": APPEND_ONLY,
    "pooled_budgets.AgreementAct": APPEND_ONLY,
    "pooled_budgets.AgreementAttachment": APPEND_ONLY,
    "pooled_budgets.AgreementSignature": APPEND_ONLY,
    "pooled_budgets.AgreementVersion": APPEND_ONLY,
    "bcf_metrics.ReturnVersion": APPEND_ONLY,
    "bcf_metrics.Signature": APPEND_ONLY,
    "bcf_metrics.Submission": APPEND_ONLY,
    "bcf_metrics.Ratification": APPEND_ONLY,
    "bcf_metrics.Acceptance": APPEND_ONLY,
    "bcf_metrics.Restatement": APPEND_ONLY,
    "bcf_metrics.ReturnEvent": APPEND_ONLY,
    "bcf_metrics.OfficialFile": APPEND_ONLY,
    "bcf_metrics.CellMap": APPEND_ONLY,
    "bcf_metrics.OfficialFilling": APPEND_ONLY,
    "bcf_metrics.PolicyVersion": APPEND_ONLY,
    "bcf_metrics.LayoutVersion": APPEND_ONLY,
    "reports.ReportDocument": APPEND_ONLY,
}
# Tables of libraries, which no version is kept of either.
LIBRARIES = {
    "account.EmailAddress": "a copy of the account's address, which is tracked",
    "account.EmailConfirmation": "not used: addresses are confirmed by the link of the invitation",
    "auth.Group": "one for each role in a partner; who is in it follows from memberships, which are tracked",
    "auth.Group_permissions": "empty: what a group may do stands in guardian's grants",
    "auth.Permission": "made by migrations from the roles table",
    "contenttypes.ContentType": "made by migrations",
    "guardian.GroupObjectPermission": "follows from the roles table; brought up to date with an audit line",
    "guardian.UserObjectPermission": "empty: rights come of roles alone",
    "mfa.Authenticator": "secrets; adding and removing has its audit lines",
    "partners.User_groups": "follows from memberships, which are tracked; checked every night",
    "partners.User_user_permissions": "empty: rights come of roles alone",
    "pghistory.Context": "part of the history itself",
}


def our_models() -> list[type[models.Model]]:
    found = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return [model for model in found if not hasattr(model, "pgh_tracked_model")]


def test_every_model_is_tracked_or_listed():
    tracked = {
        model.pgh_tracked_model._meta.label for model in apps.get_models() if hasattr(model, "pgh_tracked_model")
    }

    assert {model._meta.label for model in our_models()} - tracked == set(NOT_TRACKED)


def test_every_table_of_a_library_says_why_it_has_no_history():
    joins = {f"{label}.{name}" for label, name in (("partners", "User_groups"), ("partners", "User_user_permissions"))}
    found = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label not in OURS
    }

    # A view over all versions, no table.
    assert (found | joins) - {"pghistory.MiddlewareEvents"} == set(LIBRARIES)


def test_what_is_called_append_only_is_so_for_the_applications_role():
    """No trigger alone: the role has no right to change or remove these rows (settings.APPEND_ONLY_TABLES)."""
    named = {apps.get_model(label)._meta.db_table for label, reason in NOT_TRACKED.items() if reason == APPEND_ONLY}

    assert named | {"pghistory_context"} == set(settings.APPEND_ONLY_TABLES)


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
