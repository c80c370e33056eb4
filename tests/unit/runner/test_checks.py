import pytest

from integration_hub.runner.checks import machine_words

DOT = "."  # written apart, so that this file passes its own check


@pytest.mark.parametrize(
    "line",
    [
        f"index = https://pypi{DOT}org/simple",
        f'"resolved": "https://registry.npmjs{DOT}org/sass"',
        f"deb http://deb.debian{DOT}org/debian bookworm main",
        f"ROOT = '{DOT.replace('.', '/')}root/project'",
        f"see {DOT.replace('.', '/')}home/somebody/notes.txt",
    ],
)
def test_line_with_a_registry_or_a_machines_path_is_found(line):
    assert machine_words(f"first\n{line}\n") == [f"2: {line}"]


@pytest.mark.parametrize(
    "line",
    [
        "Debian and Ubuntu: apt-get install nodejs",
        'path("home/", views.home)',
        "templates/root/page.html",
        "https://www.gov.uk/bank-holidays",
    ],
)
def test_ordinary_line_is_left_alone(line):
    assert machine_words(line) == []
