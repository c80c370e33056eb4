"""The command line: what is for pytest reaches pytest."""

import pytest

from integration_hub.runner.commands import parser


@pytest.mark.parametrize(
    "arguments", [[], ["-q", "--durations=5"], ["tests/unit", "-k", "name"], ["-k", "a or b", "tests"]]
)
def test_test_hands_every_argument_to_pytest(arguments: list[str]):
    assert parser().parse_args(["test", *arguments]).arguments == arguments


def test_another_command_refuses_what_it_does_not_know(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        parser().parse_args(["demo-reset", "--att=start"])
    assert "--att=start" in capsys.readouterr().err
