"""Addresses of agreements, under /agreements/."""

from django.urls import path

from pooled_budgets.views import agreement_drafts as drafts
from pooled_budgets.views import agreements, registers

app_name = "agreements"
ALIGNED, CONTRACTS = {"register": "aligned"}, {"register": "contracts"}
urlpatterns = [
    path("aligned-budgets/", registers.rows, ALIGNED, name="aligned_budgets"),
    path("aligned-budgets/new/", registers.new, ALIGNED, name="aligned_budget_new"),
    path("aligned-budgets/<uuid:pk>/", registers.row, ALIGNED, name="aligned_budget"),
    path("aligned-budgets/<uuid:pk>/release/", registers.release, ALIGNED, name="aligned_budget_release"),
    path("joint-contracts/", registers.rows, CONTRACTS, name="joint_contracts"),
    path("joint-contracts/new/", registers.new, CONTRACTS, name="joint_contract_new"),
    path("joint-contracts/<uuid:pk>/", registers.row, CONTRACTS, name="joint_contract"),
    path("joint-contracts/<uuid:pk>/release/", registers.release, CONTRACTS, name="joint_contract_release"),
    path("", agreements.agreements, name="agreements"),
    path("new/", drafts.new, name="new"),
    path("<uuid:pk>/", agreements.agreement, name="agreement"),
    path("<uuid:pk>/vary/", agreements.vary, name="vary"),
    path("<uuid:pk>/terminate/", agreements.terminate, name="terminate"),
    path("<uuid:pk>/duties/", agreements.duty_done, name="duty_done"),
    path("<uuid:pk>/documents/<uuid:attachment_pk>/", agreements.attachment, name="attachment"),
    path("<uuid:pk>/versions/<int:number>/", agreements.version, name="version"),
    path("<uuid:pk>/versions/<int:number>/send-back/", agreements.send_back, name="send_back"),
    path("<uuid:pk>/drafts/<uuid:draft_pk>/", drafts.draft, name="draft"),
    path("<uuid:pk>/drafts/<uuid:draft_pk>/edit/", drafts.edit, name="edit"),
    path("<uuid:pk>/drafts/<uuid:draft_pk>/document/", drafts.document, name="document"),
    path("<uuid:pk>/drafts/<uuid:draft_pk>/clauses/<slug:letter>/", drafts.clause, name="clause"),
    path("<uuid:pk>/drafts/<uuid:draft_pk>/share/", drafts.share, name="share"),
    path("<uuid:pk>/drafts/<uuid:draft_pk>/send/", drafts.send, name="send"),
    path("<uuid:pk>/drafts/<uuid:draft_pk>/renew/", drafts.renew, name="renew"),
    path("<uuid:pk>/drafts/<uuid:draft_pk>/withdraw/", drafts.withdraw, name="withdraw"),
]
