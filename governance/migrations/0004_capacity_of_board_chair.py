
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0003_limits_of_delegations'),
        ('partners', '0012_board_chair_signs'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='delegation',
            name='delegation_capacity',
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('to_capacity__in', ['', 'section_151_officer', 'chief_finance_officer', 'accountable_officer', 'chief_executive', 'chief_officer', 'director', 'health_and_wellbeing_board_chair'])), name='delegation_capacity'),
        ),
    ]
