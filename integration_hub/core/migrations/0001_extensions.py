from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

# The table behind integration_hub.core.cache while Redis is away, as Django's database cache expects it.
CACHE_TABLE = """
CREATE TABLE core_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(CACHE_TABLE, "DROP TABLE core_cache;"),
    ]
