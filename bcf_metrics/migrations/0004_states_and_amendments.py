
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bcf_metrics', '0003_signatories_by_capacity'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='quarterlyreturn',
            name='quarterly_return_status',
        ),
        migrations.RemoveConstraint(
            model_name='returnevent',
            name='return_event_kind',
        ),
        migrations.RemoveConstraint(
            model_name='returnevent',
            name='return_event_sent_back_reason',
        ),
        migrations.AddField(
            model_name='signature',
            name='carried_from',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bcf_metrics.signature'),
        ),
        migrations.AddConstraint(
            model_name='quarterlyreturn',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['not_started', 'in_progress', 'ready', 'with_signatories', 'signed', 'submitted', 'not_yet_ratified', 'sent_back', 'resubmitted', 'accepted'])), name='quarterly_return_status'),
        ),
        migrations.AddConstraint(
            model_name='returnevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'changed', 'ready', 'sent_for_sign_off', 'signed', 'amended', 'signature_carried', 'signature_fallen', 'sent_back', 'submitted', 'ratified', 'accepted', 'restated'])), name='return_event_kind'),
        ),
        migrations.AddConstraint(
            model_name='returnevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['sent_back', 'amended', 'signature_fallen', 'restated']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='return_event_sent_back_reason'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(('carried_from', models.F('id')), _negated=True), name='signature_not_carried_from_itself'),
        ),
    ]
