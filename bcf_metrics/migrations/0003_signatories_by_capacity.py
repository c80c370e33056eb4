
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bcf_metrics', '0002_policy_versions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='signature',
            name='signature_one_for_each_partner',
        ),
        migrations.AddField(
            model_name='returnevent',
            name='capacity_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='returnversion',
            name='signatories',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='signature',
            name='capacity_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('version', 'organisation', 'capacity_code'), name='signature_one_for_each_capacity'),
        ),
    ]
