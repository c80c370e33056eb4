from django.db import migrations

# As in 0003, and: a context that names neither a person nor a system (a service called from a shell, a form that
# somebody sent who is not signed in) names the database's role as well.
ATTACH_CONTEXT = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    context_id UUID := NULLIF(current_setting('pghistory.context_id', true), '')::uuid;
    said JSONB := NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb;
    acting TEXT := NULLIF(current_setting('role', true), 'none');
    itself JSONB := jsonb_build_object('system', 'database role ' || COALESCE(acting, session_user::text));
BEGIN
    IF context_id IS NULL OR said IS NULL THEN
        context_id := gen_random_uuid();
        said := itself;
        PERFORM set_config('pghistory.context_id', context_id::text, true),
            set_config('pghistory.context_metadata', said::text, true);
    ELSIF COALESCE(said->>'system', '') = '' AND COALESCE(said->>'person', '') = '' THEN
        said := said || itself;
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
BEFORE = """
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


class Migration(migrations.Migration):
    dependencies = [("core", "0003_named_actors")]

    operations = [migrations.RunSQL(ATTACH_CONTEXT, BEFORE)]
