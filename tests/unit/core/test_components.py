"""The markup of each component: what a screen reader hears, what is escaped, what is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from pytest_django import Settings
from pytest_django.asserts import assertHTMLEqual, assertInHTML

from integration_hub.core.emptyfigures import EMPTY_STATES, words
from integration_hub.core.tables import Column
from integration_hub.core.templatetags.components import Problem, Row


def draw(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def get(path: str) -> HttpRequest:
    return RequestFactory().get(path)


def test_money_amount_is_printed_to_the_penny():
    assert draw("{% money a %}", a=Decimal("8957000")) == '<span class="hub-money">£8,957,000.00</span>'


def test_money_below_nil_has_a_true_minus_and_says_minus_to_screen_readers():
    assertHTMLEqual(
        draw("{% money a %}", a=Decimal("-3.20")),
        '<span class="hub-money hub-money--negative"><span aria-hidden="true">\N{MINUS SIGN}£3.20</span>'
        '<span class="govuk-visually-hidden">minus £3.20</span></span>',
    )


def test_money_variance_above_nil_has_its_plus():
    assert "+£12.00" in draw("{% money a sign=True %}", a=Decimal("12.00"))


def test_money_nothing_known_is_not_stated_and_never_nil():
    assert draw("{% money a %}", a=None) == '<span class="hub-figure-state">not stated</span>'
    assert draw("{{ a|pounds }}", a=None) == '<span class="hub-figure-state">not stated</span>'


def test_money_state_nil_prints_the_word_though_the_amount_is_nought():
    assert draw('{% money a state="nil" %}', a=Decimal("0.00")) == '<span class="hub-figure-state">nil</span>'


def test_money_state_stated_prints_the_amount():
    assert "£5.00" in draw('{% money a state="stated" %}', a=Decimal("5.00"))


def test_figure_state_not_yet_available_names_the_day():
    printed = draw('{% figure_state "not_yet_available" until=day %}', day=date(2014, 9, 30))
    assert "not yet available until 30 September 2014" in printed


@pytest.mark.parametrize("state", sorted(EMPTY_STATES))
def test_words_every_empty_state_has_no_digit(state: str):
    assert words(state)
    assert not any(character.isdigit() for character in words(state))


@pytest.mark.parametrize("state", ["stated", "set", "zero", ""])
def test_words_state_with_a_number_is_refused(state: str):
    with pytest.raises(ValueError, match="no state of an empty figure"):
        words(state)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("on_track", "On track"),
        ("not_on_track", "Not on track"),
        ("data_not_available", "Data not available"),
        ("not_defined", "Not defined"),
    ],
)
def test_status_tag_each_status_has_words_and_its_own_shape(status: str, expected: str):
    printed = draw("{% status_tag status %}", status=status)
    others = {"on_track", "not_on_track", "data_not_available", "not_defined"} - {status}
    assert printed.endswith(f"</svg>{expected}</span>")
    shape = printed.split("<svg")[1].split("</svg>")[0]
    assert all(shape not in draw("{% status_tag status %}", status=other) for other in others)


def test_status_tag_unknown_status_stops_the_page():
    with pytest.raises(TemplateSyntaxError, match="on_track"):
        draw('{% status_tag "amber" %}')


def test_tag_unknown_tone_stops_the_page():
    with pytest.raises(TemplateSyntaxError, match="Tone 'pink'"):
        draw('{% tag "Draft" tone="pink" %}')


def test_tag_words_are_escaped():
    assert "&lt;b&gt;" in draw("{% tag words %}", words="<b>")


def test_progress_known_percent_is_a_labelled_bar():
    printed = draw('{% progress 40 label="Building the report" words="pages" %}')
    assertInHTML('<label class="hub-progress__label" for="progress-bar">Building the report</label>', printed)
    assertInHTML(
        '<progress class="hub-progress__bar" id="progress-bar" max="100" value="40">40 per cent</progress>', printed
    )
    assert "40 per cent: pages" in printed


def test_progress_unknown_percent_has_no_value():
    assert "value=" not in draw('{% progress None label="Waiting" words="queued" %}')


def test_job_progress_running_asks_again_and_offers_a_link():
    printed = draw('{% job_progress 10 url="/jobs/1/" label="Report" %}')
    assert 'hx-get="/jobs/1/" hx-trigger="every 2s"' in printed
    # Asking by itself is no use of the session by a person.
    assert 'hx-headers=\'{"Hub-Background": "1"}\' hx-swap="outerHTML"' in printed
    assert "Refresh this page" in printed


def test_job_progress_finished_stops_asking_and_announces():
    printed = draw('{% job_progress 100 url="/jobs/1/" label="Report" words="ready" finished=True %}')
    assert "hx-" not in printed
    assert 'data-announce="Report: ready"' in printed
    assert "Refresh" not in printed


def test_panel_content_keeps_its_markup_and_title_labels_the_section():
    printed = draw('{% panel title="Fund & host" level=3 %}<p>{{ words }}</p>{% endpanel %}', words="<i>")
    assert '<section class="hub-panel hub-panel--plain" aria-labelledby="panel-fund-host">' in printed
    assertInHTML('<h3 class="hub-panel__title" id="panel-fund-host">Fund &amp; host</h3>', printed)
    assertInHTML("<p>&lt;i&gt;</p>", printed)


@pytest.mark.parametrize("name", ["inset", "warning"])
def test_block_component_content_is_kept(name: str):
    assert "<em>told</em>" in draw(f"{{% {name} %}}<em>told</em>{{% end{name} %}}")


def test_details_open_shows_its_content():
    assert draw('{% details summary="How" open=True %}x{% enddetails %}').startswith(
        '<details class="govuk-details" open>'
    )


def test_empty_state_says_what_to_do():
    printed = draw('{% empty_state "No schemes yet" "Add the first." href="/add/" link="Add a scheme" %}')
    assertInHTML('<a class="govuk-link" href="/add/">Add a scheme</a>', printed)
    assert "Nothing here yet" in draw("{% empty_state %}")


def test_visibility_before_release_names_the_only_reader():
    assert "Draft: only NHS Southwark can see this" in draw('{% visibility "NHS Southwark" %}')


def test_visibility_after_release_says_to_whom_and_when_in_london_time():
    moment = datetime(2014, 7, 28, 23, 30, tzinfo=UTC)
    printed = draw('{% visibility "NHS Southwark" released_at=at released_to="the parties" %}', at=moment)
    assert "Released to the parties by NHS Southwark on 29 July 2014" in printed


def test_lock_notice_says_what_who_when_why_and_who_can_lift_it():
    printed = draw(
        '{% lock_notice what="June is closed." who="the host" at=at why="It was reported." lift="The host" %}',
        at=date(2014, 7, 1),
    )
    for said in (
        "June is closed.",
        "Locked by the host on 1 July 2014.",
        "Why: It was reported.",
        "Who can lift this: The host",
    ):
        assert said in printed


def test_button_is_protected_from_double_clicks():
    assertHTMLEqual(
        draw('{% button "Save" name="go" value="1" %}'),
        '<button type="submit" class="govuk-button" data-module="govuk-button" data-prevent-double-click="true"'
        ' name="go" value="1">Save</button>',
    )


def test_post_button_carries_the_token_and_says_about_what():
    printed = draw('{% post_button "Remove" "/x/" tone="link" about=name %}', csrf_token="tok", name="A & B")
    assertInHTML('<input type="hidden" name="csrfmiddlewaretoken" value="tok">', printed)
    assertInHTML('<span class="govuk-visually-hidden"> A &amp; B</span>', printed)
    assert 'class="hub-link-button"' in printed


def test_summary_list_link_names_its_row_to_screen_readers():
    printed = draw("{% summary_list rows %}", rows=[Row("Host", "<Council>", "/edit/"), ("Area", "Southwark")])
    assertInHTML(
        '<a class="govuk-link" href="/edit/">Change<span class="govuk-visually-hidden"> Host</span></a>', printed
    )
    assert "&lt;Council&gt;" in printed
    assert printed.count("govuk-summary-list__row--no-actions") == 1


def test_summary_rows_written_in_the_template_make_the_same_list():
    written = draw('{% summary %}{% summary_row key="Area" %}Southwark{% endsummary_row %}{% endsummary %}')
    assertHTMLEqual(written, draw("{% summary_list rows %}", rows=[("Area", "Southwark")]))


def test_data_table_has_caption_scopes_and_a_labelled_region():
    columns = [Column("Scheme", header=True), Column("Budget", money=True)]
    rows = [["<1>", Decimal("2.00")], ["2", None]]
    printed = draw(
        '{% data_table columns rows caption="Position" total=total %}',
        columns=columns,
        rows=rows,
        total=["Total", Decimal("2.00")],
    )
    assert printed.startswith('<div class="hub-table-region" role="region" aria-label="Position" tabindex="0">')
    assertInHTML('<caption class="govuk-table__caption govuk-table__caption--m">Position</caption>', printed)
    assertInHTML('<th scope="col" class="govuk-table__header govuk-table__header--numeric">Budget</th>', printed)
    assertInHTML('<th scope="row" class="govuk-table__header">&lt;1&gt;</th>', printed)
    assert printed.count("£2.00") == 2
    assert printed.count("not stated") == 1


def test_data_table_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        draw('{% data_table columns rows caption="x" %}', columns=[Column("A"), Column("B")], rows=[["1"]])


def test_pagination_keeps_the_filters_and_marks_the_page():
    page = Paginator(range(500), 50).page(3)
    printed = draw("{% pagination page %}", page=page, request=get("/funds/?area=a%26b&page=9"))
    assert 'href="?area=a%26b&amp;page=2" rel="prev"' in printed
    assert 'aria-label="Page 3" aria-current="page"' in printed
    assert "govuk-pagination__item--ellipsis" in printed


def test_pagination_first_page_has_no_previous_and_single_page_has_nothing():
    assert 'rel="prev"' not in draw("{% pagination page %}", page=Paginator(range(60), 50).page(1), request=get("/"))
    assert draw("{% pagination page %}", page=Paginator(range(50), 50).page(1), request=get("/")) == ""


def test_pagination_by_key_uses_the_given_addresses():
    printed = draw('{% pagination next_url="?after=9" %}')
    assert 'href="?after=9" rel="next"' in printed
    assert "govuk-pagination__list" not in printed


def test_breadcrumbs_last_without_address_is_the_current_page():
    printed = draw('{% breadcrumbs "Boards" "/boards/" "Meeting" %}')
    assertInHTML('<a class="govuk-breadcrumbs__link" href="/boards/">Boards</a>', printed)
    assertInHTML('<li class="govuk-breadcrumbs__list-item" aria-current="page">Meeting</li>', printed)


class YearForm(forms.Form):
    year = forms.CharField(label="Year")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, label="Kind")
    seen = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("The year and the kind do not fit")


def test_error_summary_links_each_message_to_its_input():
    printed = draw("{% error_summary form %}", form=YearForm({}))
    assertInHTML('<a href="#id_year">Fill in "Year"</a>', printed)
    assertInHTML('<a href="#id_kind_0">Choose an answer for "Kind"</a>', printed)
    assertInHTML("<li>The year and the kind do not fit</li>", printed)
    assert "#id_seen" not in printed


def test_error_summary_form_not_sent_or_right_draws_nothing():
    assert draw("{% error_summary form none %}{% error_prefix form %}", form=YearForm(), none=None) == ""


def test_error_summary_takes_form_sets_and_problems_of_no_form():
    form_set = forms.formset_factory(YearForm)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-year": "x", "form-0-kind": "z"}
    )
    problems = [Problem("Line 3 is too long", "#line-3"), "Nothing fits"]
    printed = draw("{% error_summary forms problems=problems %}", forms=form_set, problems=problems)
    assert 'href="#id_form-0-kind_0"' in printed
    assertInHTML('<a href="#line-3">Line 3 is too long</a>', printed)
    assertInHTML("<li>Nothing fits</li>", printed)


def test_error_prefix_form_with_errors_marks_the_title():
    assert draw("{% error_prefix form %}", form=YearForm({})) == "Error: "


def test_url_or_nothing_unknown_name_gives_nothing(settings: Settings):
    settings.ROOT_URLCONF = ()
    assert draw('{% url_or_nothing "core:nowhere" as address %}[{{ address }}]') == "[]"
