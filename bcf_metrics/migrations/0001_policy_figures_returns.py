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
        ('partners', '0001_people_and_partners'),
        ('partners', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0001_agreements_funds_forecasts'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='ReturnTemplate',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=20)),
                        ('title', models.CharField(max_length=200)),
                        ('layout', models.JSONField()),
                        ('layout_sha256', models.CharField(max_length=64)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('code',), name='return_template_code_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='PolicyYear',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=20)),
                        ('financial_year', models.PositiveSmallIntegerField()),
                        ('label', models.CharField(max_length=40)),
                        ('loaded', models.BooleanField()),
                        ('note', models.TextField(blank=True)),
                        ('checked', models.BooleanField(default=False)),
                        ('layout_note', models.TextField(blank=True)),
                        ('details', models.JSONField(default=dict)),
                        ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='policy_years', to='bcf_metrics.returntemplate')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('code',), name='policy_year_code_unique'), models.UniqueConstraint(fields=('financial_year',), name='policy_year_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='ReturnTemplateEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('code', models.CharField(max_length=20)),
                        ('title', models.CharField(max_length=200)),
                        ('layout', models.JSONField()),
                        ('layout_sha256', models.CharField(max_length=64)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bcf_metrics.returntemplate')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MetricDefinition',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=20)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('unit', models.CharField(max_length=60)),
                        ('better', models.CharField(max_length=10)),
                        ('basis', models.CharField(max_length=20)),
                        ('precision', models.PositiveSmallIntegerField(default=0)),
                        ('numerator', models.CharField(blank=True, max_length=200)),
                        ('denominator', models.CharField(blank=True, max_length=200)),
                        ('multiplier', models.DecimalField(decimal_places=0, max_digits=9, null=True)),
                        ('source', models.CharField(blank=True, max_length=200)),
                        ('lag_note', models.CharField(blank=True, max_length=200)),
                        ('checked', models.BooleanField(default=False)),
                        ('policy_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='metrics', to='bcf_metrics.policyyear')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('policy_year', 'code'), name='metric_definition_unique'), models.CheckConstraint(condition=models.Q(('better__in', ['lower', 'higher'])), name='metric_definition_better'), models.CheckConstraint(condition=models.Q(('basis__in', ['cumulative', 'same_period', 'point', 'average', 'none'])), name='metric_definition_basis')],
                    },
                ),
                migrations.CreateModel(
                    name='NationalCondition',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('text', models.TextField()),
                        ('checked', models.BooleanField(default=False)),
                        ('policy_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='bcf_metrics.policyyear')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('policy_year', 'number'), name='national_condition_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='QuarterlyReturn',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('due_on', models.DateField(null=True)),
                        ('due_note', models.CharField(blank=True, max_length=200)),
                        ('status', models.CharField(default='not_started', max_length=20)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='pooled_budgets.fund')),
                        ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period')),
                        ('policy_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='bcf_metrics.policyyear')),
                        ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='bcf_metrics.returntemplate')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('fund', 'period'), name='quarterly_return_unique'), models.CheckConstraint(condition=models.Q(('status__in', ['not_started', 'in_progress', 'with_signatories', 'signed', 'sent_back'])), name='quarterly_return_status')],
                    },
                ),
                migrations.CreateModel(
                    name='PolicyYearEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('code', models.CharField(max_length=20)),
                        ('financial_year', models.PositiveSmallIntegerField()),
                        ('label', models.CharField(max_length=40)),
                        ('loaded', models.BooleanField()),
                        ('note', models.TextField(blank=True)),
                        ('checked', models.BooleanField(default=False)),
                        ('layout_note', models.TextField(blank=True)),
                        ('details', models.JSONField(default=dict)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bcf_metrics.policyyear')),
                        ('template', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bcf_metrics.returntemplate')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReturnVersion',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('content', models.JSONField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('prepared_by_name', models.CharField(max_length=200)),
                        ('preparers', models.JSONField(default=list)),
                        ('prepared_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('quarterly_return', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='bcf_metrics.quarterlyreturn')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('quarterly_return', 'number'), name='return_version_unique'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='return_version_from_one')],
                    },
                ),
                migrations.CreateModel(
                    name='MetricPlan',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('unit', models.CharField(max_length=60)),
                        ('basis', models.CharField(max_length=20)),
                        ('better', models.CharField(blank=True, max_length=10)),
                        ('target', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('target_state', models.CharField(default=integration_hub.core.states.TargetState['SET'], max_length=20)),
                        ('target_period', models.CharField(blank=True, max_length=120)),
                        ('baseline', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('baseline_period', models.CharField(blank=True, max_length=120)),
                        ('profile', models.JSONField(default=list)),
                        ('rationale', models.TextField(blank=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='metric_plans', to='pooled_budgets.fund')),
                        ('metric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='bcf_metrics.metricdefinition')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('fund', 'metric', 'name'), name='metric_plan_unique'), models.CheckConstraint(condition=models.Q(('target_state__in', ['set', 'not_yet_defined'])), name='metric_plan_target_state'), models.CheckConstraint(condition=models.Q(('basis__in', ['cumulative', 'same_period', 'point', 'average', 'none'])), name='metric_plan_basis'), models.CheckConstraint(condition=models.Q(('better__in', ['', 'lower', 'higher'])), name='metric_plan_better'), models.CheckConstraint(condition=models.Q(models.Q(('target__isnull', False), ('target_state', 'set')), models.Q(('target__isnull', True), ('target_state', 'not_yet_defined')), _connector='OR'), name='metric_plan_target_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='NationalConditionEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('text', models.TextField()),
                        ('checked', models.BooleanField(default=False)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bcf_metrics.nationalcondition')),
                        ('policy_year', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bcf_metrics.policyyear')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MetricDefinitionEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('code', models.CharField(max_length=20)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('unit', models.CharField(max_length=60)),
                        ('better', models.CharField(max_length=10)),
                        ('basis', models.CharField(max_length=20)),
                        ('precision', models.PositiveSmallIntegerField(default=0)),
                        ('numerator', models.CharField(blank=True, max_length=200)),
                        ('denominator', models.CharField(blank=True, max_length=200)),
                        ('multiplier', models.DecimalField(decimal_places=0, max_digits=9, null=True)),
                        ('source', models.CharField(blank=True, max_length=200)),
                        ('lag_note', models.CharField(blank=True, max_length=200)),
                        ('checked', models.BooleanField(default=False)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bcf_metrics.metricdefinition')),
                        ('policy_year', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bcf_metrics.policyyear')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReturnAnswer',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('field', models.CharField(max_length=60)),
                        ('value', models.JSONField()),
                        ('entered_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('quarterly_return', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='bcf_metrics.quarterlyreturn')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('quarterly_return', 'field'), name='return_answer_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='ReturnEvent',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('kind', models.CharField(max_length=20)),
                        ('at', models.DateTimeField()),
                        ('by_name', models.CharField(max_length=200)),
                        ('version', models.PositiveSmallIntegerField(null=True)),
                        ('reason', models.TextField(blank=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('quarterly_return', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='bcf_metrics.quarterlyreturn')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('quarterly_return', 'number'), name='return_event_order'), models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'changed', 'sent_for_sign_off', 'signed', 'sent_back'])), name='return_event_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'sent_back'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='return_event_sent_back_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='QuarterlyReturnEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('due_on', models.DateField(null=True)),
                        ('due_note', models.CharField(blank=True, max_length=200)),
                        ('status', models.CharField(default='not_started', max_length=20)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('period', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bcf_metrics.quarterlyreturn')),
                        ('policy_year', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bcf_metrics.policyyear')),
                        ('template', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bcf_metrics.returntemplate')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Signature',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('organisation_name', models.CharField(max_length=200)),
                        ('person_name', models.CharField(max_length=200)),
                        ('capacity', models.CharField(max_length=120)),
                        ('signed_at', models.DateTimeField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='bcf_metrics.returnversion')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('version', 'organisation'), name='signature_one_for_each_partner'), models.UniqueConstraint(fields=('version', 'person'), name='signature_one_for_each_person')],
                    },
                ),
                migrations.CreateModel(
                    name='MetricFigure',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('value', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('numerator', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('denominator', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('state', models.CharField(max_length=20)),
                        ('available_on', models.DateField(null=True)),
                        ('value_period', models.CharField(blank=True, max_length=120)),
                        ('lagged', models.BooleanField(default=False)),
                        ('provisional', models.BooleanField(default=True)),
                        ('source', models.CharField(blank=True, max_length=200)),
                        ('override_status', models.CharField(blank=True, max_length=20)),
                        ('override_reason', models.TextField(blank=True)),
                        ('commentary', models.TextField(blank=True)),
                        ('action', models.TextField(blank=True)),
                        ('at', models.DateField()),
                        ('entered_at', models.DateTimeField()),
                        ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='bcf_metrics.metricplan')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('plan', 'period', 'owner'), name='metric_figure_unique'), models.CheckConstraint(condition=models.Q(('state__in', ['stated', 'nil', 'not_applicable', 'not_yet_available', 'suppressed', 'missing'])), name='metric_figure_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'stated'), ('value__isnull', False)), models.Q(('state', 'nil'), ('value', 0), ('value__isnull', False)), models.Q(models.Q(('state__in', ['stated', 'nil']), _negated=True), ('value__isnull', True)), _connector='OR'), name='metric_figure_empty_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('available_on__isnull', False), ('state', 'not_yet_available')), models.Q(models.Q(('state', 'not_yet_available'), _negated=True), ('available_on__isnull', True)), _connector='OR'), name='metric_figure_available_on'), models.CheckConstraint(condition=models.Q(models.Q(('override_reason', ''), ('override_status', '')), models.Q(('override_status__in', ('on_track', 'not_on_track', 'data_not_available', 'not_defined')), models.Q(('override_reason', ''), _negated=True)), _connector='OR'), name='metric_figure_override_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('denominator__isnull', False), ('numerator__isnull', False)), models.Q(('denominator__isnull', True), ('numerator__isnull', True)), _connector='OR'), name='metric_figure_ratio_whole'), models.CheckConstraint(condition=models.Q(('denominator', 0), _negated=True), name='metric_figure_denominator_not_nil')],
                    },
                ),
                migrations.CreateModel(
                    name='MetricPlanEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('unit', models.CharField(max_length=60)),
                        ('basis', models.CharField(max_length=20)),
                        ('better', models.CharField(blank=True, max_length=10)),
                        ('target', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('target_state', models.CharField(default=integration_hub.core.states.TargetState['SET'], max_length=20)),
                        ('target_period', models.CharField(blank=True, max_length=120)),
                        ('baseline', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('baseline_period', models.CharField(blank=True, max_length=120)),
                        ('profile', models.JSONField(default=list)),
                        ('rationale', models.TextField(blank=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('metric', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bcf_metrics.metricdefinition')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bcf_metrics.metricplan')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReturnAnswerEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('field', models.CharField(max_length=60)),
                        ('value', models.JSONField()),
                        ('entered_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bcf_metrics.returnanswer')),
                        ('quarterly_return', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bcf_metrics.quarterlyreturn')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MetricFigureEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('value', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('numerator', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('denominator', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                        ('state', models.CharField(max_length=20)),
                        ('available_on', models.DateField(null=True)),
                        ('value_period', models.CharField(blank=True, max_length=120)),
                        ('lagged', models.BooleanField(default=False)),
                        ('provisional', models.BooleanField(default=True)),
                        ('source', models.CharField(blank=True, max_length=200)),
                        ('override_status', models.CharField(blank=True, max_length=20)),
                        ('override_reason', models.TextField(blank=True)),
                        ('commentary', models.TextField(blank=True)),
                        ('action', models.TextField(blank=True)),
                        ('at', models.DateField()),
                        ('entered_at', models.DateTimeField()),
                        ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bcf_metrics.metricfigure')),
                        ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bcf_metrics.metricplan')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='returntemplate',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_returntemplateevent" ("code", "id", "layout", "layout_sha256", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."code", NEW."id", NEW."layout", NEW."layout_sha256", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."title"); RETURN NULL;', hash='b13e57fa2ada3c16317b65529ae1e1abcb10e7ad', operation='INSERT', pgid='pgtrigger_insert_insert_ce7af', table='bcf_metrics_returntemplate', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='returntemplate',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_returntemplateevent" ("code", "id", "layout", "layout_sha256", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."code", NEW."id", NEW."layout", NEW."layout_sha256", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."title"); RETURN NULL;', hash='7d76b432bb4b1eb1727c9b8e570a19a3b1f0f407', operation='UPDATE', pgid='pgtrigger_update_update_4d999', table='bcf_metrics_returntemplate', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='returntemplate',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_returntemplateevent" ("code", "id", "layout", "layout_sha256", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (OLD."code", OLD."id", OLD."layout", OLD."layout_sha256", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."title"); RETURN NULL;', hash='dfc7128a656a767bb5cc7702c0f3e3cc4024085d', operation='DELETE', pgid='pgtrigger_delete_delete_14f74', table='bcf_metrics_returntemplate', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricplan',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricplanevent" ("baseline", "baseline_period", "basis", "better", "fund_id", "id", "illustrative", "metric_id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "profile", "rationale", "recorded_at", "released_at", "target", "target_period", "target_state", "unit") VALUES (NEW."baseline", NEW."baseline_period", NEW."basis", NEW."better", NEW."fund_id", NEW."id", NEW."illustrative", NEW."metric_id", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."profile", NEW."rationale", NEW."recorded_at", NEW."released_at", NEW."target", NEW."target_period", NEW."target_state", NEW."unit"); RETURN NULL;', hash='4950cdc71409afeb236476c929c5c191855e1337', operation='INSERT', pgid='pgtrigger_insert_insert_595b0', table='bcf_metrics_metricplan', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricplan',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_metricplanevent" ("baseline", "baseline_period", "basis", "better", "fund_id", "id", "illustrative", "metric_id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "profile", "rationale", "recorded_at", "released_at", "target", "target_period", "target_state", "unit") VALUES (NEW."baseline", NEW."baseline_period", NEW."basis", NEW."better", NEW."fund_id", NEW."id", NEW."illustrative", NEW."metric_id", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."profile", NEW."rationale", NEW."recorded_at", NEW."released_at", NEW."target", NEW."target_period", NEW."target_state", NEW."unit"); RETURN NULL;', hash='1b1ee8e7b17077f39a1c017ea7457e345928e292', operation='UPDATE', pgid='pgtrigger_update_update_7dbcd', table='bcf_metrics_metricplan', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricplan',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricplanevent" ("baseline", "baseline_period", "basis", "better", "fund_id", "id", "illustrative", "metric_id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "profile", "rationale", "recorded_at", "released_at", "target", "target_period", "target_state", "unit") VALUES (OLD."baseline", OLD."baseline_period", OLD."basis", OLD."better", OLD."fund_id", OLD."id", OLD."illustrative", OLD."metric_id", OLD."name", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."profile", OLD."rationale", OLD."recorded_at", OLD."released_at", OLD."target", OLD."target_period", OLD."target_state", OLD."unit"); RETURN NULL;', hash='d4f45f87a134f9a6db02470bef944ab4756ce88a', operation='DELETE', pgid='pgtrigger_delete_delete_2e2af', table='bcf_metrics_metricplan', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricfigureevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1033d3ae314d412178c7b4a75b7f861d2001bf63', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cedb9', table='bcf_metrics_metricfigureevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricfigure',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricfigureevent" ("action", "at", "available_on", "commentary", "denominator", "entered_at", "entered_by_id", "id", "lagged", "numerator", "override_reason", "override_status", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "provisional", "recorded_at", "released_at", "source", "state", "value", "value_period") VALUES (NEW."action", NEW."at", NEW."available_on", NEW."commentary", NEW."denominator", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."lagged", NEW."numerator", NEW."override_reason", NEW."override_status", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."provisional", NEW."recorded_at", NEW."released_at", NEW."source", NEW."state", NEW."value", NEW."value_period"); RETURN NULL;', hash='d0369c300dbc2be4a361c641fd08e8936e9ebb1a', operation='INSERT', pgid='pgtrigger_insert_insert_159fe', table='bcf_metrics_metricfigure', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricfigure',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_metricfigureevent" ("action", "at", "available_on", "commentary", "denominator", "entered_at", "entered_by_id", "id", "lagged", "numerator", "override_reason", "override_status", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "provisional", "recorded_at", "released_at", "source", "state", "value", "value_period") VALUES (NEW."action", NEW."at", NEW."available_on", NEW."commentary", NEW."denominator", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."lagged", NEW."numerator", NEW."override_reason", NEW."override_status", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."provisional", NEW."recorded_at", NEW."released_at", NEW."source", NEW."state", NEW."value", NEW."value_period"); RETURN NULL;', hash='d0074c3205ab6943c7cd8be6531ff0253e3bb17e', operation='UPDATE', pgid='pgtrigger_update_update_91083', table='bcf_metrics_metricfigure', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricfigure',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricfigureevent" ("action", "at", "available_on", "commentary", "denominator", "entered_at", "entered_by_id", "id", "lagged", "numerator", "override_reason", "override_status", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "provisional", "recorded_at", "released_at", "source", "state", "value", "value_period") VALUES (OLD."action", OLD."at", OLD."available_on", OLD."commentary", OLD."denominator", OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."lagged", OLD."numerator", OLD."override_reason", OLD."override_status", OLD."owner_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."provisional", OLD."recorded_at", OLD."released_at", OLD."source", OLD."state", OLD."value", OLD."value_period"); RETURN NULL;', hash='1033820af319564dd1113c209f3bf2ee31d4b5bc', operation='DELETE', pgid='pgtrigger_delete_delete_03399', table='bcf_metrics_metricfigure', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricplanevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5dce0dcc157bf5a76c0679445ad51a3f1b2657b3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_abcd9', table='bcf_metrics_metricplanevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='nationalconditionevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b62d5220cb78c815bc18cdf52b7e4c698379f6ca', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_28db6', table='bcf_metrics_nationalconditionevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='nationalcondition',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_nationalconditionevent" ("checked", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_year_id", "text") VALUES (NEW."checked", NEW."id", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_year_id", NEW."text"); RETURN NULL;', hash='d4485c1207f6435850ce9c38588c3a980646483a', operation='INSERT', pgid='pgtrigger_insert_insert_2ac11', table='bcf_metrics_nationalcondition', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='nationalcondition',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_nationalconditionevent" ("checked", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_year_id", "text") VALUES (NEW."checked", NEW."id", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_year_id", NEW."text"); RETURN NULL;', hash='379ff5ce8782e1209c97e3981863f45c86d37b60', operation='UPDATE', pgid='pgtrigger_update_update_d8363', table='bcf_metrics_nationalcondition', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='nationalcondition',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_nationalconditionevent" ("checked", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_year_id", "text") VALUES (OLD."checked", OLD."id", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."policy_year_id", OLD."text"); RETURN NULL;', hash='8a6fb912becac9ea1787a62f924b08007522c605', operation='DELETE', pgid='pgtrigger_delete_delete_09d29', table='bcf_metrics_nationalcondition', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricdefinitionevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5689e8a7743f49bb567401dbb7993efde192b199', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4aa44', table='bcf_metrics_metricdefinitionevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricdefinition',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricdefinitionevent" ("basis", "better", "checked", "code", "denominator", "id", "lag_note", "multiplier", "name", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_year_id", "position", "precision", "source", "unit") VALUES (NEW."basis", NEW."better", NEW."checked", NEW."code", NEW."denominator", NEW."id", NEW."lag_note", NEW."multiplier", NEW."name", NEW."numerator", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_year_id", NEW."position", NEW."precision", NEW."source", NEW."unit"); RETURN NULL;', hash='4247e89e2d86114a3149842921dff2ec193e1779', operation='INSERT', pgid='pgtrigger_insert_insert_1a333', table='bcf_metrics_metricdefinition', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricdefinition',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_metricdefinitionevent" ("basis", "better", "checked", "code", "denominator", "id", "lag_note", "multiplier", "name", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_year_id", "position", "precision", "source", "unit") VALUES (NEW."basis", NEW."better", NEW."checked", NEW."code", NEW."denominator", NEW."id", NEW."lag_note", NEW."multiplier", NEW."name", NEW."numerator", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_year_id", NEW."position", NEW."precision", NEW."source", NEW."unit"); RETURN NULL;', hash='01a379911c3423b437273c7e60bd017ad849480e', operation='UPDATE', pgid='pgtrigger_update_update_7cd01', table='bcf_metrics_metricdefinition', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='metricdefinition',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricdefinitionevent" ("basis", "better", "checked", "code", "denominator", "id", "lag_note", "multiplier", "name", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_year_id", "position", "precision", "source", "unit") VALUES (OLD."basis", OLD."better", OLD."checked", OLD."code", OLD."denominator", OLD."id", OLD."lag_note", OLD."multiplier", OLD."name", OLD."numerator", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."policy_year_id", OLD."position", OLD."precision", OLD."source", OLD."unit"); RETURN NULL;', hash='373c648c6bc79c09457d8450f40dd69bdf6fb701', operation='DELETE', pgid='pgtrigger_delete_delete_8fd37', table='bcf_metrics_metricdefinition', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='returnanswer',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_returnanswerevent" ("entered_at", "entered_by_id", "field", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quarterly_return_id", "recorded_at", "value") VALUES (NEW."entered_at", NEW."entered_by_id", NEW."field", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quarterly_return_id", NEW."recorded_at", NEW."value"); RETURN NULL;', hash='184a29361c3c08251fc81e194280a27d3a5749d1', operation='INSERT', pgid='pgtrigger_insert_insert_a15ce', table='bcf_metrics_returnanswer', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='returnanswer',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_returnanswerevent" ("entered_at", "entered_by_id", "field", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quarterly_return_id", "recorded_at", "value") VALUES (NEW."entered_at", NEW."entered_by_id", NEW."field", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quarterly_return_id", NEW."recorded_at", NEW."value"); RETURN NULL;', hash='2f37dfe75df21c6a8d479b1ea5b21ca6166914fa', operation='UPDATE', pgid='pgtrigger_update_update_aae9a', table='bcf_metrics_returnanswer', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='returnanswer',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_returnanswerevent" ("entered_at", "entered_by_id", "field", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quarterly_return_id", "recorded_at", "value") VALUES (OLD."entered_at", OLD."entered_by_id", OLD."field", OLD."id", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quarterly_return_id", OLD."recorded_at", OLD."value"); RETURN NULL;', hash='0dce76b1690e7a55cbeb353716803b61570fa93c', operation='DELETE', pgid='pgtrigger_delete_delete_e5370', table='bcf_metrics_returnanswer', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='returnanswerevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e546b967ec82edba8d30768ffdae882b38350067', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_30efa', table='bcf_metrics_returnanswerevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='returnevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e147e76e78195f7cd063f729c76b15637e00e246', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6a944', table='bcf_metrics_returnevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='quarterlyreturnevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0a9c6dbe6635b09d8a40042fbfc74111564f151c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_11fa4', table='bcf_metrics_quarterlyreturnevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='quarterlyreturn',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_quarterlyreturnevent" ("due_note", "due_on", "fund_id", "id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_year_id", "recorded_at", "status", "template_id") VALUES (NEW."due_note", NEW."due_on", NEW."fund_id", NEW."id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_year_id", NEW."recorded_at", NEW."status", NEW."template_id"); RETURN NULL;', hash='3a9af0b4270cdee41e506773cedea4542806f115', operation='INSERT', pgid='pgtrigger_insert_insert_d20db', table='bcf_metrics_quarterlyreturn', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='quarterlyreturn',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_quarterlyreturnevent" ("due_note", "due_on", "fund_id", "id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_year_id", "recorded_at", "status", "template_id") VALUES (NEW."due_note", NEW."due_on", NEW."fund_id", NEW."id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_year_id", NEW."recorded_at", NEW."status", NEW."template_id"); RETURN NULL;', hash='5fe02496ca5cf0815a9ccfc925617bee3681eb5d', operation='UPDATE', pgid='pgtrigger_update_update_7a59a', table='bcf_metrics_quarterlyreturn', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='quarterlyreturn',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_quarterlyreturnevent" ("due_note", "due_on", "fund_id", "id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_year_id", "recorded_at", "status", "template_id") VALUES (OLD."due_note", OLD."due_on", OLD."fund_id", OLD."id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."policy_year_id", OLD."recorded_at", OLD."status", OLD."template_id"); RETURN NULL;', hash='616f52c5b0dafd01f9272e79413375a7d3c40a2f', operation='DELETE', pgid='pgtrigger_delete_delete_bd3e7', table='bcf_metrics_quarterlyreturn', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='policyyearevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='90cfe26d0cbbd3f79ffac153c986abae1c1d4e31', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_77e62', table='bcf_metrics_policyyearevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='policyyear',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_policyyearevent" ("checked", "code", "details", "financial_year", "id", "label", "layout_note", "loaded", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "template_id") VALUES (NEW."checked", NEW."code", NEW."details", NEW."financial_year", NEW."id", NEW."label", NEW."layout_note", NEW."loaded", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."template_id"); RETURN NULL;', hash='ff18805e883067e0e0d5c8fbfbc49198d005c42d', operation='INSERT', pgid='pgtrigger_insert_insert_e41f8', table='bcf_metrics_policyyear', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='policyyear',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_policyyearevent" ("checked", "code", "details", "financial_year", "id", "label", "layout_note", "loaded", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "template_id") VALUES (NEW."checked", NEW."code", NEW."details", NEW."financial_year", NEW."id", NEW."label", NEW."layout_note", NEW."loaded", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."template_id"); RETURN NULL;', hash='cfff9612d9dc4f027fb535bbb9415c0e2f0f449c', operation='UPDATE', pgid='pgtrigger_update_update_cd92e', table='bcf_metrics_policyyear', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='policyyear',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_policyyearevent" ("checked", "code", "details", "financial_year", "id", "label", "layout_note", "loaded", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "template_id") VALUES (OLD."checked", OLD."code", OLD."details", OLD."financial_year", OLD."id", OLD."label", OLD."layout_note", OLD."loaded", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."template_id"); RETURN NULL;', hash='323d2f25736f99e9020f9d9c141f37c165e278fb', operation='DELETE', pgid='pgtrigger_delete_delete_1ff11', table='bcf_metrics_policyyear', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='returntemplateevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='eb3b616675f190949fd6bb684f91ee089ee8115d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_30a8e', table='bcf_metrics_returntemplateevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='returnversion',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0d5bb50a033f1567f8f8d60a77053276248cd0b6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_79c0c', table='bcf_metrics_returnversion', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='signature',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0d2f9f94db1ef69fc7c993d4d7264c387df2f1e0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b07dc', table='bcf_metrics_signature', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
