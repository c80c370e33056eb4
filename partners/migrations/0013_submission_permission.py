
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0012_board_chair_signs'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='organisation',
            options={'default_permissions': (), 'permissions': [('plan_import', 'Import a scheme plan'), ('forecast_record', 'Enter and release projected outturns'), ('figure_record', 'Enter and release metric figures'), ('return_prepare', 'Prepare a return and send it for sign-off'), ('return_sign', 'Sign off a return or send it back'), ('return_export', 'Export a return as a workbook'), ('return_submit', 'Record that a signed return was submitted'), ('report_request', 'Ask for the quarterly report, issue it and attach it to a meeting'), ('meeting_edit', 'Add and change meetings'), ('risk_record', 'Add and change risks and next steps'), ('membership_grant', 'Grant and end roles in the partner'), ('audit_read', "Read the partner's audit log"), ('organisation_correct', "Correct the partner's note and official codes"), ('register_maintain', 'Maintain the register of organisations and areas'), ('succession_prepare', 'Prepare and confirm the succession of organisations'), ('succession_agree', 'Agree to a succession of the partner, and confirm it'), ('decision_record', 'Record decisions of boards, and that one is rescinded'), ('delegation_grant', "Enter and revoke the partner's delegations"), ('virement_prepare', 'Prepare a virement between schemes'), ('virement_approve', 'Approve or reject a virement that another prepared, as far as an authority allows'), ('agreement_prepare', 'Prepare agreements and variations, and keep the registers beside them'), ('agreement_sign', 'Sign, send back or terminate an agreement'), ('risk_share_prepare', 'Prepare risk-share rules, what-ifs and settlements'), ('risk_share_approve', 'Approve risk-share rules and settlements')]},
        ),
    ]
