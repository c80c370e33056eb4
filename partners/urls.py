"""Addresses under /account/ and /partners/. allauth reverses its own names, so they stand outside our namespace.

Only what is named here exists: nobody signs up, and nobody changes an e-mail address by themselves.
"""

from django.urls import include, path, re_path

from partners.views import (
    account,
    acting,
    directory,
    invitations,
    objects,
    people,
    register,
    sessions,
    sign_in,
    single_sign_on,
    viewing,
)

pages = [
    path("account/", account.account, name="account"),
    path("account/tokens/", account.token_list, name="tokens"),
    path("account/tokens/<uuid:pk>/revoke/", account.token_revoke, name="token_revoke"),
    path("account/acting-for/", acting.acting_for, name="acting_for"),
    path("account/invitation/<str:secret>/", invitations.invitation, name="invitation"),
    path("account/session/", sessions.session_left, name="session_left"),
    path("account/sessions/", sessions.session_list, name="sessions"),
    path("account/sessions/end-others/", sessions.session_end_others, name="session_end_others"),
    path("account/sessions/<uuid:handle>/end/", sessions.session_end, name="session_end"),
    path("partners/", directory.directory, name="directory"),
    path("partners/roles/", directory.roles, name="roles"),
    path("partners/<uuid:pk>/", directory.organisation, name="organisation"),
    path("partners/<uuid:pk>/single-sign-on/", single_sign_on.people, name="single_sign_on"),
    path("partners/single-sign-on/<uuid:pk>/remove/", single_sign_on.remove, name="single_sign_on_remove"),
    path("partners/<uuid:pk>/audit/", directory.audit_log, name="audit"),
    path("partners/<uuid:pk>/note/", register.note, name="note"),
    path("partners/<uuid:pk>/codes/new/", register.code_new, name="code_new"),
    path("partners/<uuid:pk>/codes/<uuid:code>/end/", register.code_end, name="code_end"),
    path("partners/<uuid:pk>/codes/<uuid:code>/check/", register.code_check, name="code_check"),
    path("partners/areas/", register.areas, name="areas"),
    path("partners/areas/<uuid:pk>/", register.area, name="area"),
    path("partners/areas/<uuid:pk>/codes/new/", register.area_code_new, name="area_code_new"),
    path("partners/footprints/", register.footprints, name="footprints"),
    path("partners/<uuid:pk>/people/", people.people, name="people"),
    path("partners/<uuid:pk>/people/invite/", invitations.invite, name="invite"),
    path("partners/<uuid:pk>/people/<uuid:person_pk>/", people.person, name="person"),
    path("partners/<uuid:pk>/people/<uuid:person_pk>/grant/", people.role_grant, name="role_grant"),
    path("partners/<uuid:pk>/people/<uuid:person_pk>/leave/", people.person_leaves, name="person_leaves"),
    path("partners/<uuid:pk>/review/", people.review, name="review"),
    path("partners/roles-held/<uuid:pk>/end/", people.role_end, name="role_end"),
    path("partners/roles-held/<uuid:pk>/deputy/", people.deputy_new, name="deputy_new"),
    path("partners/deputies/<uuid:pk>/end/", people.deputy_end, name="deputy_end"),
    path("partners/invitations/<uuid:pk>/send-again/", invitations.invitation_send_again, name="invitation_send_again"),
    path("partners/invitations/<uuid:pk>/withdraw/", invitations.invitation_withdraw, name="invitation_withdraw"),
    path("why/<slug:kind>/<uuid:pk>/", objects.why, name="why"),
    path("history/<slug:kind>/<uuid:pk>/", objects.timeline, name="history"),
    path("partners/<uuid:pk>/view-as/", viewing.view_as, name="view_as"),
    path("account/view-as/leave/", viewing.leave, name="view_as_leave"),
    path("partners/<uuid:pk>/audit/file.csv", directory.audit_file, name="audit_file"),
]

sign_in_pages = [
    path("login/", sign_in.sign_in_page, name="account_login"),
    path("logout/", sign_in.sign_out, name="account_logout"),
    path("single-sign-on/<uuid:pk>/", single_sign_on.start, name="single_sign_on_start"),
    path("single-sign-on/<uuid:pk>/back/", single_sign_on.back, name="single_sign_on_back"),
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
    path("second-factor/key/", sign_in.add_key, name="mfa_add_webauthn"),
    path("second-factor/key/reauthenticate/", sign_in.enter_key_again, name="mfa_reauthenticate_webauthn"),
    path("second-factor/key/<int:pk>/remove/", sign_in.remove_key, name="mfa_remove_webauthn"),
    path("second-factor/recovery-codes/", sign_in.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery-codes/new/", sign_in.make_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/recovery-codes/file/", sign_in.download_recovery_codes, name="mfa_download_recovery_codes"),
]

urlpatterns = [
    path("", include((pages, "partners"))),
    path("account/", include(sign_in_pages)),
]
