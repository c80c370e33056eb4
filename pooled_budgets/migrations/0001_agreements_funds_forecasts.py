import django.db.models.deletion
import django.db.models.functions.datetime
import integration_hub.core.migration_operations
import integration_hub.core.states
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_audit_jobs_periods_imports'),
        ('governance', '0001_boards_and_meetings'),
        ('partners', '0001_people_and_partners'),
        ('partners', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='Agreement',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('key', models.SlugField(max_length=80)),
                        ('title', models.CharField(max_length=200)),
                        ('kind', models.CharField(max_length=30)),
                        ('status', models.CharField(max_length=12)),
                        ('statutory_basis', models.CharField(blank=True, max_length=300)),
                        ('note', models.TextField(blank=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='partners.area')),
                        ('board', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='governance.board')),
                        ('host', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hosted_agreements', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('key',), name='agreement_key_unique'), models.CheckConstraint(condition=models.Q(('kind__in', ['section_75', 'section_256', 'memorandum_of_understanding', 'preparatory'])), name='agreement_kind'), models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'in_force', 'ended'])), name='agreement_status')],
                    },
                ),
                migrations.CreateModel(
                    name='AgreementEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('key', models.SlugField(db_index=False, max_length=80)),
                        ('title', models.CharField(max_length=200)),
                        ('kind', models.CharField(max_length=30)),
                        ('status', models.CharField(max_length=12)),
                        ('statutory_basis', models.CharField(blank=True, max_length=300)),
                        ('note', models.TextField(blank=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.area')),
                        ('board', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('host', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.agreement')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='AgreementParty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='party_links', to='pooled_budgets.agreement')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_links', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('agreement', 'organisation'), name='agreement_party_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='Fund',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('financial_year', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('total', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('total_state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('total_note', models.CharField(blank=True, max_length=300)),
                        ('split_note', models.CharField(blank=True, max_length=300)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('discrepancies', models.JSONField(default=list)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='funds', to='pooled_budgets.agreement')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('agreement', 'financial_year', 'name'), name='fund_unique'), models.CheckConstraint(condition=models.Q(('total__gte', 0), ('total__isnull', True), _connector='OR'), name='fund_total_not_negative'), models.CheckConstraint(condition=models.Q(('total_state__in', ['stated', 'to_be_confirmed', 'not_stated'])), name='fund_total_state'), models.CheckConstraint(condition=models.Q(models.Q(('total__isnull', False), ('total_state', 'stated')), models.Q(('total__isnull', True), models.Q(('total_state', 'stated'), _negated=True)), _connector='OR'), name='fund_total_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='AgreementPartyEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('agreement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreement')),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.agreementparty')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='FundEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('financial_year', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('total', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('total_state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('total_note', models.CharField(blank=True, max_length=300)),
                        ('split_note', models.CharField(blank=True, max_length=300)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('discrepancies', models.JSONField(default=list)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('agreement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreement')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.fund')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='FundingLine',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('source', models.CharField(max_length=200)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('at', models.DateField()),
                        ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='funding_lines', to='pooled_budgets.fund')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('payer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='funding_lines', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('fund', 'position'), name='funding_line_position_unique'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__isnull', True), _connector='OR'), name='funding_line_not_negative'), models.CheckConstraint(condition=models.Q(('state__in', ['stated', 'to_be_confirmed', 'not_stated'])), name='funding_line_state'), models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', False), ('state', 'stated')), models.Q(('amount__isnull', True), models.Q(('state', 'stated'), _negated=True)), _connector='OR'), name='funding_line_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='PeriodLock',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('locked_at', models.DateTimeField()),
                        ('locked_by_name', models.CharField(max_length=200)),
                        ('reason', models.CharField(max_length=300)),
                        ('who_can_lift', models.CharField(max_length=300)),
                        ('lifted_at', models.DateTimeField(null=True)),
                        ('lifted_by_name', models.CharField(max_length=200, null=True)),
                        ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='locks', to='pooled_budgets.fund')),
                        ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('fund', 'period'), name='period_lock_one_in_force'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', False), ('lifted_by_name__isnull', False)), models.Q(('lifted_at__isnull', True), ('lifted_by_name__isnull', True)), _connector='OR'), name='period_lock_lifted'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('who_can_lift', ''), _negated=True)), name='period_lock_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Scheme',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=20)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('note', models.TextField(blank=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('imported_by', models.UUIDField(null=True)),
                        ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schemes', to='pooled_budgets.fund')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('fund', 'number'), name='scheme_number_unique'), models.CheckConstraint(condition=models.Q(models.Q(('number', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='scheme_has_number_and_name')],
                    },
                ),
                migrations.CreateModel(
                    name='Forecast',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(max_length=20)),
                        ('available_on', models.DateField(null=True)),
                        ('as_printed', models.CharField(blank=True, max_length=60)),
                        ('note', models.TextField(blank=True)),
                        ('source', models.CharField(blank=True, max_length=200)),
                        ('provisional', models.BooleanField(default=True)),
                        ('at', models.DateField()),
                        ('entered_at', models.DateTimeField()),
                        ('imported_by', models.UUIDField(null=True)),
                        ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period')),
                        ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forecasts', to='pooled_budgets.scheme')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('scheme', 'period', 'owner'), name='forecast_unique'), models.CheckConstraint(condition=models.Q(('state__in', ['stated', 'nil', 'not_applicable', 'not_yet_available', 'suppressed', 'missing'])), name='forecast_state'), models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', False), ('state', 'stated')), models.Q(('amount', 0), ('amount__isnull', False), ('state', 'nil')), models.Q(models.Q(('state__in', ['stated', 'nil']), _negated=True), ('amount__isnull', True)), _connector='OR'), name='forecast_empty_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('available_on__isnull', False), ('state', 'not_yet_available')), models.Q(models.Q(('state', 'not_yet_available'), _negated=True), ('available_on__isnull', True)), _connector='OR'), name='forecast_available_on')],
                    },
                ),
                migrations.CreateModel(
                    name='FundingLineEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('source', models.CharField(max_length=200)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('at', models.DateField()),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('payer', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.fundingline')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='PeriodLockEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('locked_at', models.DateTimeField()),
                        ('locked_by_name', models.CharField(max_length=200)),
                        ('reason', models.CharField(max_length=300)),
                        ('who_can_lift', models.CharField(max_length=300)),
                        ('lifted_at', models.DateTimeField(null=True)),
                        ('lifted_by_name', models.CharField(max_length=200, null=True)),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('period', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.periodlock')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SchemeEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('number', models.CharField(max_length=20)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('note', models.TextField(blank=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('imported_by', models.UUIDField(null=True)),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.scheme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SchemeLine',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('position', models.PositiveSmallIntegerField(default=1)),
                        ('budget', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('at', models.DateField()),
                        ('funding', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scheme_lines', to='pooled_budgets.fundingline')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pooled_budgets.scheme')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('scheme', 'position'), name='scheme_line_position_unique'), models.CheckConstraint(condition=models.Q(('budget__gte', 0), ('budget__isnull', True), _connector='OR'), name='scheme_line_not_negative'), models.CheckConstraint(condition=models.Q(('state__in', ['stated', 'to_be_confirmed', 'not_stated'])), name='scheme_line_state'), models.CheckConstraint(condition=models.Q(models.Q(('budget__isnull', False), ('state', 'stated')), models.Q(('budget__isnull', True), models.Q(('state', 'stated'), _negated=True)), _connector='OR'), name='scheme_line_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='LedgerCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=60)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_codes', to='partners.organisation')),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_codes', to='pooled_budgets.schemeline')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('line', 'organisation'), name='ledger_code_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='ForecastEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(max_length=20)),
                        ('available_on', models.DateField(null=True)),
                        ('as_printed', models.CharField(blank=True, max_length=60)),
                        ('note', models.TextField(blank=True)),
                        ('source', models.CharField(blank=True, max_length=200)),
                        ('provisional', models.BooleanField(default=True)),
                        ('at', models.DateField()),
                        ('entered_at', models.DateTimeField()),
                        ('imported_by', models.UUIDField(null=True)),
                        ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.forecast')),
                        ('scheme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.scheme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SchemeLineEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('position', models.PositiveSmallIntegerField(default=1)),
                        ('budget', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('at', models.DateField()),
                        ('funding', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fundingline')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.schemeline')),
                        ('scheme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.scheme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='LedgerCodeEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('code', models.CharField(max_length=60)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.ledgercode')),
                        ('line', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.schemeline')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.AddField(
                    model_name='agreement',
                    name='parties',
                    field=models.ManyToManyField(related_name='agreements', through='pooled_budgets.AgreementParty', to='partners.organisation'),
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='agreementevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4007bf1b783d10efc8ab32d288a07a2eef8f558a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3cbca', table='pooled_budgets_agreementevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='agreementparty',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_agreementpartyevent" ("agreement_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agreement_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='2772ae374e1dcce83e0d1613795ceb2dda2cfd32', operation='INSERT', pgid='pgtrigger_insert_insert_815af', table='pooled_budgets_agreementparty', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='agreementparty',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_agreementpartyevent" ("agreement_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agreement_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='d38843870a2226f6f01ad083a53c7e111db9e3b4', operation='UPDATE', pgid='pgtrigger_update_update_60f4e', table='pooled_budgets_agreementparty', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='agreementparty',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_agreementpartyevent" ("agreement_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."agreement_id", OLD."id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='d3590f4719e5751fceb0cb6a0be8385af4d52020', operation='DELETE', pgid='pgtrigger_delete_delete_ec598', table='pooled_budgets_agreementparty', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='agreement',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_agreementevent" ("area_id", "board_id", "host_id", "id", "key", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "status", "statutory_basis", "title") VALUES (NEW."area_id", NEW."board_id", NEW."host_id", NEW."id", NEW."key", NEW."kind", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."status", NEW."statutory_basis", NEW."title"); RETURN NULL;', hash='94b870e285726f03b26ea42f8639c337202569f2', operation='INSERT', pgid='pgtrigger_insert_insert_80874', table='pooled_budgets_agreement', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='agreement',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_agreementevent" ("area_id", "board_id", "host_id", "id", "key", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "status", "statutory_basis", "title") VALUES (NEW."area_id", NEW."board_id", NEW."host_id", NEW."id", NEW."key", NEW."kind", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."status", NEW."statutory_basis", NEW."title"); RETURN NULL;', hash='712763856c8c89954e904feb9597abc8718e03ca', operation='UPDATE', pgid='pgtrigger_update_update_da2b1', table='pooled_budgets_agreement', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='agreement',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_agreementevent" ("area_id", "board_id", "host_id", "id", "key", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "status", "statutory_basis", "title") VALUES (OLD."area_id", OLD."board_id", OLD."host_id", OLD."id", OLD."key", OLD."kind", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."status", OLD."statutory_basis", OLD."title"); RETURN NULL;', hash='e8fcf050be8c9765e873d73a23c6752696900e5e', operation='DELETE', pgid='pgtrigger_delete_delete_7efce', table='pooled_budgets_agreement', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='agreementpartyevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ab0cbbfef3983c1a928132fdcaca531142fdeaa0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_04c5d', table='pooled_budgets_agreementpartyevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='fund',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_fundevent" ("agreement_id", "discrepancies", "financial_year", "id", "illustrative", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "source", "split_note", "total", "total_note", "total_state") VALUES (NEW."agreement_id", NEW."discrepancies", NEW."financial_year", NEW."id", NEW."illustrative", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."source", NEW."split_note", NEW."total", NEW."total_note", NEW."total_state"); RETURN NULL;', hash='33ca06e1bc66de464c251bb9bee2a78ece26a485', operation='INSERT', pgid='pgtrigger_insert_insert_b3663', table='pooled_budgets_fund', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='fund',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_fundevent" ("agreement_id", "discrepancies", "financial_year", "id", "illustrative", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "source", "split_note", "total", "total_note", "total_state") VALUES (NEW."agreement_id", NEW."discrepancies", NEW."financial_year", NEW."id", NEW."illustrative", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."source", NEW."split_note", NEW."total", NEW."total_note", NEW."total_state"); RETURN NULL;', hash='cc6ea297866bfede7505889c239afc29f52c09d1', operation='UPDATE', pgid='pgtrigger_update_update_05824', table='pooled_budgets_fund', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='fund',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_fundevent" ("agreement_id", "discrepancies", "financial_year", "id", "illustrative", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "source", "split_note", "total", "total_note", "total_state") VALUES (OLD."agreement_id", OLD."discrepancies", OLD."financial_year", OLD."id", OLD."illustrative", OLD."name", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at", OLD."source", OLD."split_note", OLD."total", OLD."total_note", OLD."total_state"); RETURN NULL;', hash='8b82478085dea80211292f3fbc17f29d3546f96c', operation='DELETE', pgid='pgtrigger_delete_delete_8d03b', table='pooled_budgets_fund', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='fundevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7b3502e8cccfd63fa40b152654eb640315701daf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6a99f', table='pooled_budgets_fundevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='fundingline',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_fundinglineevent" ("amount", "at", "fund_id", "id", "illustrative", "note", "owner_id", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "released_at", "source", "state") VALUES (NEW."amount", NEW."at", NEW."fund_id", NEW."id", NEW."illustrative", NEW."note", NEW."owner_id", NEW."payer_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."recorded_at", NEW."released_at", NEW."source", NEW."state"); RETURN NULL;', hash='9fbb628847f53e235dd8c7916c35640926d949b1', operation='INSERT', pgid='pgtrigger_insert_insert_98a6a', table='pooled_budgets_fundingline', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='fundingline',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_fundinglineevent" ("amount", "at", "fund_id", "id", "illustrative", "note", "owner_id", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "released_at", "source", "state") VALUES (NEW."amount", NEW."at", NEW."fund_id", NEW."id", NEW."illustrative", NEW."note", NEW."owner_id", NEW."payer_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."recorded_at", NEW."released_at", NEW."source", NEW."state"); RETURN NULL;', hash='078feed5dec8d89850150207362fc81c3fe3a641', operation='UPDATE', pgid='pgtrigger_update_update_92e2e', table='pooled_budgets_fundingline', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='fundingline',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_fundinglineevent" ("amount", "at", "fund_id", "id", "illustrative", "note", "owner_id", "payer_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "released_at", "source", "state") VALUES (OLD."amount", OLD."at", OLD."fund_id", OLD."id", OLD."illustrative", OLD."note", OLD."owner_id", OLD."payer_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."recorded_at", OLD."released_at", OLD."source", OLD."state"); RETURN NULL;', hash='5f59ba4b46656a2ca27d9150671e58a15f22e396', operation='DELETE', pgid='pgtrigger_delete_delete_b8b33', table='pooled_budgets_fundingline', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='fundinglineevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bf21bb731edc00f0ee088ca5fb701d03471673f8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f0481', table='pooled_budgets_fundinglineevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='periodlock',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_periodlockevent" ("fund_id", "id", "lifted_at", "lifted_by_name", "locked_at", "locked_by_name", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "who_can_lift") VALUES (NEW."fund_id", NEW."id", NEW."lifted_at", NEW."lifted_by_name", NEW."locked_at", NEW."locked_by_name", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."who_can_lift"); RETURN NULL;', hash='2783a9a5de91296b3da64a16a5bdb0fa611f49a5', operation='INSERT', pgid='pgtrigger_insert_insert_e00de', table='pooled_budgets_periodlock', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='periodlock',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_periodlockevent" ("fund_id", "id", "lifted_at", "lifted_by_name", "locked_at", "locked_by_name", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "who_can_lift") VALUES (NEW."fund_id", NEW."id", NEW."lifted_at", NEW."lifted_by_name", NEW."locked_at", NEW."locked_by_name", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."who_can_lift"); RETURN NULL;', hash='7850fb912c028ea3bbe9b833dfa199a185305486', operation='UPDATE', pgid='pgtrigger_update_update_68a02', table='pooled_budgets_periodlock', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='periodlock',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_periodlockevent" ("fund_id", "id", "lifted_at", "lifted_by_name", "locked_at", "locked_by_name", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "who_can_lift") VALUES (OLD."fund_id", OLD."id", OLD."lifted_at", OLD."lifted_by_name", OLD."locked_at", OLD."locked_by_name", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."who_can_lift"); RETURN NULL;', hash='c696f667ea7c28bdb871b3d2d77763ef8dc23d0a', operation='DELETE', pgid='pgtrigger_delete_delete_fd5bc', table='pooled_budgets_periodlock', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='periodlockevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7abac5b9e57fe91d09286c7ad21407950859988d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_27102', table='pooled_budgets_periodlockevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='scheme',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_schemeevent" ("fund_id", "id", "illustrative", "imported_by", "name", "note", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "released_at") VALUES (NEW."fund_id", NEW."id", NEW."illustrative", NEW."imported_by", NEW."name", NEW."note", NEW."number", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='7fceb6d9a1f4f7ee991aabe1509ea75926e10a3e', operation='INSERT', pgid='pgtrigger_insert_insert_180d1', table='pooled_budgets_scheme', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='scheme',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_schemeevent" ("fund_id", "id", "illustrative", "imported_by", "name", "note", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "released_at") VALUES (NEW."fund_id", NEW."id", NEW."illustrative", NEW."imported_by", NEW."name", NEW."note", NEW."number", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='ade835d7b3ed58bab8b478528febc489a8b00778', operation='UPDATE', pgid='pgtrigger_update_update_37d8a', table='pooled_budgets_scheme', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='scheme',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_schemeevent" ("fund_id", "id", "illustrative", "imported_by", "name", "note", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "released_at") VALUES (OLD."fund_id", OLD."id", OLD."illustrative", OLD."imported_by", OLD."name", OLD."note", OLD."number", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."recorded_at", OLD."released_at"); RETURN NULL;', hash='2499e3d861434b7503dc15d07ba232d2ee5686de', operation='DELETE', pgid='pgtrigger_delete_delete_99f8b', table='pooled_budgets_scheme', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='forecastevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f7ff082b405faec13aa7548db58e45cd2b6387d0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2c012', table='pooled_budgets_forecastevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='forecast',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_forecastevent" ("amount", "as_printed", "at", "available_on", "entered_at", "entered_by_id", "id", "imported_by", "note", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provisional", "recorded_at", "released_at", "scheme_id", "source", "state") VALUES (NEW."amount", NEW."as_printed", NEW."at", NEW."available_on", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."imported_by", NEW."note", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."provisional", NEW."recorded_at", NEW."released_at", NEW."scheme_id", NEW."source", NEW."state"); RETURN NULL;', hash='99737c9e5d8dec85c1bfd1fc5e091b5169911921', operation='INSERT', pgid='pgtrigger_insert_insert_1907b', table='pooled_budgets_forecast', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='forecast',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_forecastevent" ("amount", "as_printed", "at", "available_on", "entered_at", "entered_by_id", "id", "imported_by", "note", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provisional", "recorded_at", "released_at", "scheme_id", "source", "state") VALUES (NEW."amount", NEW."as_printed", NEW."at", NEW."available_on", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."imported_by", NEW."note", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."provisional", NEW."recorded_at", NEW."released_at", NEW."scheme_id", NEW."source", NEW."state"); RETURN NULL;', hash='2fd63501d89355a422f028ad8674bc4ed9b98b8c', operation='UPDATE', pgid='pgtrigger_update_update_43b24', table='pooled_budgets_forecast', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='forecast',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_forecastevent" ("amount", "as_printed", "at", "available_on", "entered_at", "entered_by_id", "id", "imported_by", "note", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provisional", "recorded_at", "released_at", "scheme_id", "source", "state") VALUES (OLD."amount", OLD."as_printed", OLD."at", OLD."available_on", OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."imported_by", OLD."note", OLD."owner_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."provisional", OLD."recorded_at", OLD."released_at", OLD."scheme_id", OLD."source", OLD."state"); RETURN NULL;', hash='0358cbdbf92c58a19a25f1efb547cd7134faccb1', operation='DELETE', pgid='pgtrigger_delete_delete_db7ad', table='pooled_budgets_forecast', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='schemeevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='29e6ef24309480ca4aebf83abfbfd5fa8f41b63b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0630f', table='pooled_budgets_schemeevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='schemeline',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_schemelineevent" ("at", "budget", "funding_id", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "released_at", "scheme_id", "state") VALUES (NEW."at", NEW."budget", NEW."funding_id", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."recorded_at", NEW."released_at", NEW."scheme_id", NEW."state"); RETURN NULL;', hash='7424578c18c7ffb67212aef6fe2d778aa1fd625d', operation='INSERT', pgid='pgtrigger_insert_insert_e0749', table='pooled_budgets_schemeline', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='schemeline',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_schemelineevent" ("at", "budget", "funding_id", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "released_at", "scheme_id", "state") VALUES (NEW."at", NEW."budget", NEW."funding_id", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."recorded_at", NEW."released_at", NEW."scheme_id", NEW."state"); RETURN NULL;', hash='b47aecc3b1088b026a981445334125bd2fb299f8', operation='UPDATE', pgid='pgtrigger_update_update_5aa3c', table='pooled_budgets_schemeline', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='schemeline',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_schemelineevent" ("at", "budget", "funding_id", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "released_at", "scheme_id", "state") VALUES (OLD."at", OLD."budget", OLD."funding_id", OLD."id", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."recorded_at", OLD."released_at", OLD."scheme_id", OLD."state"); RETURN NULL;', hash='294b3bdca73789516f9b6b80a3691df1de539caa', operation='DELETE', pgid='pgtrigger_delete_delete_bdf93', table='pooled_budgets_schemeline', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='ledgercodeevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9d5c3a39cb9ad2da9c8f04b4dda6e65ed7ec7f73', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a8111', table='pooled_budgets_ledgercodeevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='ledgercode',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_ledgercodeevent" ("code", "id", "line_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."code", NEW."id", NEW."line_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at"); RETURN NULL;', hash='fe93b96b4a2979680449e67540f4f4ad5d61c63e', operation='INSERT', pgid='pgtrigger_insert_insert_d6f74', table='pooled_budgets_ledgercode', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='ledgercode',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_ledgercodeevent" ("code", "id", "line_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."code", NEW."id", NEW."line_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at"); RETURN NULL;', hash='604f04b585bd5d6699bc721ee615ab90d72335f2', operation='UPDATE', pgid='pgtrigger_update_update_dc562', table='pooled_budgets_ledgercode', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='ledgercode',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_ledgercodeevent" ("code", "id", "line_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (OLD."code", OLD."id", OLD."line_id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at"); RETURN NULL;', hash='bc91017b7d3dbb92e299b5949d6056b5e1e9b1f0', operation='DELETE', pgid='pgtrigger_delete_delete_a15f6', table='pooled_budgets_ledgercode', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='schemelineevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ed70b7b24942eed82bf7539f5f43b0bdff84954d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5b5bc', table='pooled_budgets_schemelineevent', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
