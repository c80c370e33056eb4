"""Addresses under /account/ and /partners/. allauth reverses its own names, so they stand outside our namespace.

Only what is named here exists: nobody signs up, and nobody changes an e-mail address by themselves.
"""

from django.urls import include, path, re_path

from partners.views import account, directory, sign_in, successions

pages = [
    path("account/", account.account, name="account"),
    path("account/tokens/", account.token_list, name="tokens"),
    path("account/tokens/<uuid:pk>/revoke/", account.token_revoke, name="token_revoke"),
    path("partners/", directory.directory, name="directory"),
    path("partners/roles/", directory.roles, name="roles"),
    path("partners/successions/", successions.index, name="successions"),
    path("partners/successions/new/", successions.prepare, name="succession_new"),
    path("partners/successions/<uuid:pk>/", successions.succession, name="succession"),
    path("partners/successions/<uuid:pk>/agree/", successions.agree, name="succession_agree"),
    path("partners/successions/<uuid:pk>/confirm/", successions.confirm, name="succession_confirm"),
    path("partners/successions/<uuid:pk>/withdraw/", successions.withdraw, name="succession_withdraw"),
    path("partners/<uuid:pk>/", directory.organisation, name="organisation"),
    path("partners/<uuid:pk>/audit/", directory.audit_log, name="audit"),
]

sign_in_pages = [
    path("login/", sign_in.sign_in_page, name="account_login"),
    path("logout/", sign_in.sign_out, name="account_logout"),
    path("reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("password/change/", sign_in.change_password, name="account_change_password"),
    path("password/set/", sign_in.no_password_yet, name="account_set_password"),
    path("password/reset/", sign_in.ask_for_password, name="account_reset_password"),
    path("password/reset/done/", sign_in.asked_for_password, name="account_reset_password_done"),
    path("password/reset/key/done/", sign_in.password_is_set, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.set_password,
        name="account_reset_password_from_key",
    ),
    path("second-factor/", sign_in.second_factor, name="mfa_index"),
    path("second-factor/authenticate/", sign_in.enter_code, name="mfa_authenticate"),
    path("second-factor/reauthenticate/", sign_in.enter_code_again, name="mfa_reauthenticate"),
    path("second-factor/app/", sign_in.activate, name="mfa_activate_totp"),
    path("second-factor/app/remove/", sign_in.deactivate, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", sign_in.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery-codes/new/", sign_in.make_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/recovery-codes/file/", sign_in.download_recovery_codes, name="mfa_download_recovery_codes"),
]

urlpatterns = [
    path("", include((pages, "partners"))),
    path("account/", include(sign_in_pages)),
]
