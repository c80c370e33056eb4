from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0007_shipped_codes_are_unchecked'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='apitoken',
            name='api_token_scopes',
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['boards:read', 'boards:write', 'funds:read', 'funds:write', 'read', 'register:read', 'register:write', 'reports:read', 'reports:write', 'returns:read', 'returns:write', 'write']), ('scopes__len__gt', 0)), name='api_token_scopes'),
        ),
    ]
