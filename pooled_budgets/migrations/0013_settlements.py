import django.db.models.deletion
import django.db.models.functions.datetime
import integration_hub.core.migration_operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0002_authority'),
        ('partners', '0011_risk_share_permissions'),
        ('pooled_budgets', '0012_risk_share'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('released_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('prepared_by_name', models.CharField(max_length=200)),
                ('prepared_at', models.DateTimeField()),
                ('divided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.decision')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='pooled_budgets.fund')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='pooled_budgets.settlement')),
            ],
        ),
        migrations.CreateModel(
            name='OpeningBalance',
            fields=[
                ('released_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('reason', models.CharField(max_length=1000)),
                ('entered_by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('on', models.DateField()),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.decision')),
                ('delegation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.delegation')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opening_balances', to='pooled_budgets.fund')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='carried', to='pooled_budgets.settlement')),
            ],
        ),
        migrations.CreateModel(
            name='SettlementApproval',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('approved_by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('on', models.DateField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.decision')),
                ('delegation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.delegation')),
                ('settlement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='pooled_budgets.settlement')),
            ],
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.UniqueConstraint(fields=('fund', 'number'), name='settlement_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='settlement_from_1'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('replaces__isnull', True)), models.Q(('replaces__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='settlement_says_why_it_replaces'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='settlement_has_hash'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('released_at__isnull', False)), name='settlement_is_shown'),
        ),
        migrations.AddConstraint(
            model_name='openingbalance',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='opening_balance_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='openingbalance',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='opening_balance_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='openingbalance',
            constraint=models.CheckConstraint(condition=models.Q(('decision__isnull', True), ('delegation__isnull', True), _connector='OR'), name='openingbalance_one_authority'),
        ),
        migrations.AddConstraint(
            model_name='openingbalance',
            constraint=models.CheckConstraint(condition=models.Q(('decision__isnull', False), ('delegation__isnull', False), _connector='OR'), name='opening_balance_allowed'),
        ),
        migrations.AddConstraint(
            model_name='settlementapproval',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__isnull', True), _connector='OR'), name='settlement_approval_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='settlementapproval',
            constraint=models.CheckConstraint(condition=models.Q(('decision__isnull', True), ('delegation__isnull', True), _connector='OR'), name='settlementapproval_one_authority'),
        ),
        migrations.AddConstraint(
            model_name='settlementapproval',
            constraint=models.CheckConstraint(condition=models.Q(('decision__isnull', False), ('delegation__isnull', False), _connector='OR'), name='settlement_approval_allowed'),
        ),
        integration_hub.core.migration_operations.AddTriggers(
            triggers=[
                pgtrigger.migrations.AddTrigger(
                    model_name='settlement',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f05caec9f3989d599875c87f35a54940a6c0262a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_338fa', table='pooled_budgets_settlement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='settlement',
                    trigger=pgtrigger.compiler.Trigger(name='in_order', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1 FROM pooled_budgets_settlementapproval a\n        JOIN pooled_budgets_settlement s ON s.id = a.settlement_id\n        WHERE s.fund_id = NEW.fund_id\n    ) AND NEW.replaces_id IS NULL THEN\n        RAISE EXCEPTION 'an approved settlement is replaced, never left aside' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (\n        SELECT 1 FROM pooled_budgets_settlement s\n        JOIN pooled_budgets_settlementapproval a ON a.settlement_id = s.id\n        WHERE s.id = NEW.replaces_id AND s.fund_id = NEW.fund_id\n    ) THEN\n        RAISE EXCEPTION 'only an approved settlement of the same fund is replaced' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='1405c6c7594f97c3561812f1d827f395ee3883c9', operation='INSERT', pgid='pgtrigger_in_order_45c43', table='pooled_budgets_settlement', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='openingbalance',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c0aea5892faab0ce861cc347b6a1fbf29f41905b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_141c6', table='pooled_budgets_openingbalance', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='openingbalance',
                    trigger=pgtrigger.compiler.Trigger(name='within_closing', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT 1 FROM pooled_budgets_settlement s\n        JOIN pooled_budgets_settlementapproval a ON a.settlement_id = s.id\n        JOIN pooled_budgets_fund past ON past.id = s.fund_id\n        JOIN pooled_budgets_fund next ON next.id = NEW.fund_id\n        WHERE s.id = NEW.settlement_id AND next.agreement_id = past.agreement_id\n        AND next.financial_year = past.financial_year + 1\n        AND NEW.amount + COALESCE(\n            (SELECT sum(o.amount) FROM pooled_budgets_openingbalance o\n             JOIN pooled_budgets_settlement other ON other.id = o.settlement_id\n             WHERE other.fund_id = s.fund_id), 0\n        ) BETWEEN 0 AND (s.content -> 'account' ->> 'closing')::numeric\n    ) THEN\n        RAISE EXCEPTION 'no more is carried than the approved closing balance' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='124048bfcb461e908d17727d783c2e62d84f79f7', operation='INSERT', pgid='pgtrigger_within_closing_271fe', table='pooled_budgets_openingbalance', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='settlementapproval',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6e69a2d716b7369b816f353f4dfceaee2d9b2f53', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e1b72', table='pooled_budgets_settlementapproval', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='settlementapproval',
                    trigger=pgtrigger.compiler.Trigger(name='by_another', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT 1 FROM pooled_budgets_settlement s\n        WHERE s.id = NEW.settlement_id AND s.prepared_by_id <> NEW.approved_by_id\n        AND NOT EXISTS (\n            SELECT 1 FROM pooled_budgets_settlement later WHERE later.fund_id = s.fund_id AND later.number > s.number\n        )\n    ) THEN\n        RAISE EXCEPTION 'the last settlement is approved, by another person' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='4e57a747bb0791bf8bbf94f491f1292995a02497', operation='INSERT', pgid='pgtrigger_by_another_e1445', table='pooled_budgets_settlementapproval', when='BEFORE')),
                ),
            ],
        ),
    ]
