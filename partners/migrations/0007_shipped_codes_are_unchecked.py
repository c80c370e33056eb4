"""Shipped codes were entered as checked, though nobody had compared their lists with the official registers."""

from django.db import migrations

# As releases up to this one named their lists, and as they are named now.
CAVEAT = "To be compared with the official register before it is relied on"
SOURCES = (
    "Local authority names and codes (mySociety), July 2025",
    "Published table of ODS and ONS codes of integrated care boards, 2023",
    "Re-issue published by ONS; the day is general knowledge",
)


def say_so(apps, schema_editor):
    change(apps, {source: f"{source}. {CAVEAT}" for source in SOURCES}, was=True, is_now=False)


def take_back(apps, schema_editor):
    change(apps, {f"{source}. {CAVEAT}": source for source in SOURCES}, was=False, is_now=True)


def change(apps, sources, *, was, is_now):
    for name in ("OrganisationCode", "AreaCode"):
        model = apps.get_model("partners", name)
        for before, after in sources.items():
            model.objects.filter(source=before, checked=was).update(source=after, checked=is_now)


class Migration(migrations.Migration):

    dependencies = [("partners", "0006_succession")]

    operations = [migrations.RunPython(say_so, take_back)]
