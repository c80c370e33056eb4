from django.db import migrations, models

# In place of pghistory's own function. It differs in three points:
# - where no request, job or command speaks for the write, the database's role is named as the actor;
# - what a context says is never changed, only added to (on the same day), so that no later write can rename an actor;
# - it runs with the owner's rights, so that the application's role needs none on the table of contexts.
ATTACH_CONTEXT = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    context_id UUID := NULLIF(current_setting('pghistory.context_id', true), '')::uuid;
    said JSONB := NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb;
    acting TEXT := NULLIF(current_setting('role', true), 'none');
BEGIN
    IF context_id IS NULL OR said IS NULL THEN
        context_id := gen_random_uuid();
        said := jsonb_build_object('system', 'database role ' || COALESCE(acting, session_user::text));
        PERFORM set_config('pghistory.context_id', context_id::text, true),
            set_config('pghistory.context_metadata', said::text, true);
    END IF;
    INSERT INTO pghistory_context AS held (id, metadata, created_at, updated_at)
    VALUES (context_id, said, now(), now())
    ON CONFLICT (id) DO UPDATE
        SET metadata = EXCLUDED.metadata || held.metadata, updated_at = EXCLUDED.updated_at
        WHERE held.metadata <> EXCLUDED.metadata || held.metadata AND held.created_at > now() - interval '1 day';
    RETURN context_id;
END;
$$;
"""
PGHISTORYS_OWN = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE
LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE
    context_id UUID := NULLIF(current_setting('pghistory.context_id', true), '')::uuid;
    said JSONB := NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb;
BEGIN
    IF context_id IS NULL OR said IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO pghistory_context (id, metadata, created_at, updated_at) VALUES (context_id, said, now(), now())
    ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
        WHERE pghistory_context.metadata <> EXCLUDED.metadata;
    RETURN context_id;
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_audit_jobs_periods_imports"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.RunSQL(ATTACH_CONTEXT, PGHISTORYS_OWN),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["context_id"], name="audit_event_context"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["partner_id", "-at"], name="audit_event_of_partner"),
        ),
    ]
