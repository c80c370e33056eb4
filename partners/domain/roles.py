"""Who may do what: one readable table, printed at /partners/roles/.

Roles are held for a partner (organisation) from a day to a day. Reading is another question: a partner's people read
what their partner owns and what others released to the agreement or board that it belongs to.
"""

from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    FINANCE = "finance"
    METRICS = "metrics"
    GOVERNANCE = "governance"
    APPROVER = "approver"
    PROGRAMME = "programme"
    MEMBER = "member"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    REGIONAL = "regional"

    @property
    def words(self) -> str:
        return ROLE_WORDS[self][0]

    @property
    def description(self) -> str:
        return ROLE_WORDS[self][1]


ROLE_WORDS: dict[str, tuple[str, str]] = {
    Role.ADMIN: ("Partner administrator", "Looks after the partner's people and their roles."),
    Role.FINANCE: ("Finance officer", "Enters budgets and forecasts, prepares returns and agreements."),
    Role.METRICS: ("Metrics officer", "Enters metric figures and prepares returns."),
    Role.GOVERNANCE: (
        "Governance officer",
        "Looks after boards and meetings, makes the quarterly report, prepares agreements.",
    ),
    Role.APPROVER: ("Approver", "Signs returns and agreements for the partner; never one that they prepared."),
    Role.PROGRAMME: ("Programme officer", "Keeps the programme's risks and next steps."),
    Role.MEMBER: ("Board member", "Reads dashboards, reports and papers; changes nothing."),
    Role.AUDITOR: ("Auditor", "Reads everything of the partner and its audit log; changes nothing."),
    Role.OPERATOR: ("Operator", "Runs the installation and keeps the register; sees no partner's figures."),
    Role.REGIONAL: (
        "Regional lead",
        "Reads how far the returns of all areas of a region or nation are, for the body that looks after it; sees no "
        "partner's figures.",
    ),
}


class Permission(StrEnum):
    PLAN_IMPORT = "plan_import"
    FORECAST_RECORD = "forecast_record"
    FIGURE_RECORD = "figure_record"
    RETURN_PREPARE = "return_prepare"
    RETURN_SIGN = "return_sign"
    RETURN_EXPORT = "return_export"
    RETURN_SUBMIT = "return_submit"
    REPORT_REQUEST = "report_request"
    MEETING_EDIT = "meeting_edit"
    RISK_RECORD = "risk_record"
    MEMBERSHIP_GRANT = "membership_grant"
    AUDIT_READ = "audit_read"
    ORGANISATION_CORRECT = "organisation_correct"
    REGISTER_MAINTAIN = "register_maintain"
    SUCCESSION_PREPARE = "succession_prepare"
    SUCCESSION_AGREE = "succession_agree"
    DECISION_RECORD = "decision_record"
    DELEGATION_GRANT = "delegation_grant"
    VIREMENT_PREPARE = "virement_prepare"
    VIREMENT_APPROVE = "virement_approve"
    AGREEMENT_PREPARE = "agreement_prepare"
    AGREEMENT_SIGN = "agreement_sign"
    RISK_SHARE_PREPARE = "risk_share_prepare"
    RISK_SHARE_APPROVE = "risk_share_approve"
    COMPLETENESS_READ = "completeness_read"

    @property
    def words(self) -> str:
        return PERMISSION_WORDS[self]


PERMISSION_WORDS: dict[str, str] = {
    Permission.PLAN_IMPORT: "Import a scheme plan",
    Permission.FORECAST_RECORD: "Enter and release projected outturns",
    Permission.FIGURE_RECORD: "Enter and release metric figures",
    Permission.RETURN_PREPARE: "Prepare a return and send it for sign-off",
    Permission.RETURN_SIGN: "Sign off a return or send it back",
    Permission.RETURN_EXPORT: "Export a return as a workbook",
    Permission.RETURN_SUBMIT: "Record that a signed return was submitted",
    Permission.REPORT_REQUEST: "Ask for the quarterly report, issue it and attach it to a meeting",
    Permission.MEETING_EDIT: "Add and change meetings",
    Permission.RISK_RECORD: "Add and change risks and next steps",
    Permission.MEMBERSHIP_GRANT: "Grant and end roles in the partner",
    Permission.AUDIT_READ: "Read the partner's audit log",
    Permission.ORGANISATION_CORRECT: "Correct the partner's note and official codes",
    Permission.REGISTER_MAINTAIN: "Maintain the register of organisations and areas",
    Permission.SUCCESSION_PREPARE: "Prepare and confirm the succession of organisations",
    Permission.SUCCESSION_AGREE: "Agree to a succession of the partner, and confirm it",
    Permission.DECISION_RECORD: "Record decisions of boards, and that one is rescinded",
    Permission.DELEGATION_GRANT: "Enter and revoke the partner's delegations",
    Permission.VIREMENT_PREPARE: "Prepare a virement between schemes",
    Permission.VIREMENT_APPROVE: "Approve or reject a virement that another prepared, as far as an authority allows",
    Permission.AGREEMENT_PREPARE: "Prepare agreements and variations, and keep the registers beside them",
    Permission.AGREEMENT_SIGN: "Sign, send back or terminate an agreement",
    Permission.RISK_SHARE_PREPARE: "Prepare risk-share rules, what-ifs and settlements",
    Permission.RISK_SHARE_APPROVE: "Approve risk-share rules and settlements",
    Permission.COMPLETENESS_READ: "Read how far the returns of all areas of a region are",
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(
        {
            Permission.MEMBERSHIP_GRANT,
            Permission.AUDIT_READ,
            Permission.ORGANISATION_CORRECT,
            Permission.SUCCESSION_AGREE,
        }
    ),
    Role.FINANCE: frozenset(
        {
            Permission.PLAN_IMPORT,
            Permission.FORECAST_RECORD,
            Permission.RETURN_PREPARE,
            Permission.RETURN_EXPORT,
            Permission.RETURN_SUBMIT,
            Permission.VIREMENT_PREPARE,
            Permission.VIREMENT_APPROVE,
            Permission.AGREEMENT_PREPARE,
            Permission.RISK_SHARE_PREPARE,
        }
    ),
    Role.METRICS: frozenset({Permission.FIGURE_RECORD, Permission.RETURN_PREPARE, Permission.RETURN_EXPORT}),
    Role.GOVERNANCE: frozenset(
        {
            Permission.REPORT_REQUEST,
            Permission.MEETING_EDIT,
            Permission.DECISION_RECORD,
            Permission.DELEGATION_GRANT,
            Permission.AGREEMENT_PREPARE,
        }
    ),
    Role.APPROVER: frozenset(
        {
            Permission.RETURN_SIGN,
            Permission.RETURN_EXPORT,
            Permission.VIREMENT_APPROVE,
            Permission.AGREEMENT_SIGN,
            Permission.RISK_SHARE_APPROVE,
        }
    ),
    Role.PROGRAMME: frozenset({Permission.RISK_RECORD}),
    Role.MEMBER: frozenset(),
    Role.AUDITOR: frozenset({Permission.AUDIT_READ, Permission.RETURN_EXPORT}),
    # The register and successions name organisations and areas; an operator reads no partner's figure in them.
    Role.OPERATOR: frozenset({Permission.REGISTER_MAINTAIN, Permission.SUCCESSION_PREPARE}),
    # For a body that the register names for a region or nation, and nowhere else.
    Role.REGIONAL: frozenset({Permission.COMPLETENESS_READ}),
}

# What a dated deputy may do for somebody. A signature, only where the holder's capacity is none that is held in person
# (partners.domain.capacities).
DELEGABLE = frozenset(
    {
        Permission.PLAN_IMPORT,
        Permission.FORECAST_RECORD,
        Permission.FIGURE_RECORD,
        Permission.RETURN_PREPARE,
        Permission.RETURN_SIGN,
        Permission.RETURN_EXPORT,
        Permission.REPORT_REQUEST,
        Permission.MEETING_EDIT,
        Permission.RISK_RECORD,
        Permission.AGREEMENT_PREPARE,
    }
)
NOT_DELEGABLE: dict[Permission, str] = {
    Permission.MEMBERSHIP_GRANT: "roles are granted by the partner's administrators themselves, of whom there are two",
    Permission.AUDIT_READ: "the audit log is read by those whom the partner has named as its auditors",
    Permission.ORGANISATION_CORRECT: "the register's entry is corrected by the partner's administrators themselves",
    Permission.REGISTER_MAINTAIN: "those who run the installation name each other",
    Permission.SUCCESSION_PREPARE: "those who run the installation name each other",
    Permission.SUCCESSION_AGREE: "what a partner gives up or takes over is agreed by its administrators themselves",
    Permission.DECISION_RECORD: "what a board resolved is recorded by the partners' governance officers themselves",
    Permission.DELEGATION_GRANT: "who may decide about money is entered by its governance officers themselves",
    Permission.VIREMENT_PREPARE: "who prepares a virement answers for it, so that another can approve it",
    Permission.VIREMENT_APPROVE: "a delegation of money names its holder; another needs a delegation of their own",
    Permission.AGREEMENT_SIGN: "an agreement binds the partner, so its approvers sign it themselves",
    Permission.RETURN_SUBMIT: "what went to the national team is recorded by the partner's finance officers themselves",
    Permission.RISK_SHARE_PREPARE: "who prepares a settlement answers for it, so that another can approve it",
    Permission.RISK_SHARE_APPROVE: "who bears an overspend is approved by those whom the partner has named for it",
    Permission.COMPLETENESS_READ: "who reads across partners is named by the region's administrators themselves",
}
# What an administrator cannot give: whoever runs the installation names the others who do.
NOT_GRANTED_BY_PARTNERS = frozenset({Role.OPERATOR})
ADMINISTRATORS_AT_LEAST = 2

# What people of a partner that a succession ended may still do for it: its history is theirs to read.
AFTER_ITS_ENDING = frozenset(
    {Permission.RETURN_EXPORT, Permission.AUDIT_READ, Permission.MEMBERSHIP_GRANT, Permission.SUCCESSION_AGREE}
)

# These must sign in with a second factor (demonstration accounts excepted).
SECOND_FACTOR_ROLES = frozenset({Role.APPROVER, Role.ADMIN, Role.OPERATOR})

# An operator runs the machines, a regional lead reads states alone: neither reads a partner's figures. Everybody else
# reads what their partner may see.
READING_ROLES = frozenset(Role) - {Role.OPERATOR, Role.REGIONAL}
