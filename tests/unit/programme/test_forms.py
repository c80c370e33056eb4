"""What the forms of the register take."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from programme.forms import StepForm


def posted(**typed):
    return StepForm(QueryDict(urlencode({"text": "Draft the agreement", **typed})))


@pytest.mark.parametrize("field", ["due_on", "done_on"])
@pytest.mark.parametrize("day", ["31 December 9999", "1 January 0001", "31/12/1999", "1 January 2100"])
def test_step_with_a_date_of_another_century_is_refused_with_the_limits(field, day):
    form = posted(**{field: day})

    assert form.errors == {field: ["Enter a real date from 1 January 2000 to 31 December 2099."]}


@pytest.mark.parametrize("day", ["1 January 2000", "31 December 2099", ""])
def test_step_with_a_date_at_the_limits_or_none_is_taken(day):
    assert posted(due_on=day).is_valid()


def test_step_whose_date_was_seen_out_of_the_limits_can_still_be_put_right():
    assert posted(due_on="30 September 2014", seen_due_on="31 December 9999").is_valid()
