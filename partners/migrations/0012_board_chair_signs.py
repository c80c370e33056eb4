
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('partners', '0011_risk_share_permissions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='invitation',
            name='invitation_capacity',
        ),
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_capacity',
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__in', ['', 'section_151_officer', 'chief_finance_officer', 'accountable_officer', 'chief_executive', 'chief_officer', 'director', 'health_and_wellbeing_board_chair'])), name='invitation_capacity'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__in', ['', 'section_151_officer', 'chief_finance_officer', 'accountable_officer', 'chief_executive', 'chief_officer', 'director', 'health_and_wellbeing_board_chair'])), name='membership_capacity'),
        ),
    ]
