"""The components that pages are made of. Each draws one template in templates/components and escapes what it is given.

They are builtins of the template engine: no template needs `{% load components %}`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest
from django.template import Context
from django.template.defaultfilters import slugify
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from integration_hub.core import emptyfigures, money
from integration_hub.core.formrendering import HubBoundField
from integration_hub.core.states import AmountState
from integration_hub.core.tables import Column, cells

register = template.Library()

# A tone says what a tag means; the colour follows from it.
TONES = {
    "neutral": "grey",
    "info": "teal",
    "good": "green",
    "waiting": "yellow",
    "attention": "orange",
    "bad": "red",
    "special": "purple",
}
BUTTON_TONES = {"primary": "", "secondary": "govuk-button--secondary", "warning": "govuk-button--warning"}
STATUS_WORDS = {
    "on_track": "On track",
    "not_on_track": "Not on track",
    "data_not_available": "Data not available",
    "not_defined": "Not defined",
}


def draw(name: str, /, **values: Any) -> SafeString:
    """Render templates/components/<name>.html with these values and nothing else."""
    return SafeString(get_template(f"components/{name}.html").render(values).strip())


@lru_cache(1024, typed=True)
def _drawn(name: str, /, **values: str) -> SafeString:
    """The same for what stands in row after row; by type, for a text that is safe and one that is not are equal."""
    return draw(name, **values)


def one_of(choices: Mapping[str, str], chosen: str, what: str) -> str:
    """The value for a choice; a misspelt one is a mistake in the template and stops the page."""
    if chosen not in choices:
        raise template.TemplateSyntaxError(f"{what} {chosen!r} is not known; use one of {', '.join(choices)}.")
    return choices[chosen]


# Figures


@register.simple_tag(name="money")
def money_tag(amount: Decimal | None, state: str = "", until: date | None = None, *, sign: bool = False) -> SafeString:
    """Pounds to the penny.

    {% money line.budget %}
    Without an amount, the words of `state` ("not stated" by default).

    `sign` prints a plus before amounts above nil, for variances.
    """
    if state in emptyfigures.EMPTY_STATES:
        return figure_state(state, until)
    if amount is None:
        return figure_state(AmountState.NOT_STATED)
    # Pounds in print hold nothing that needs escaping, and a page may have two thousand of them.
    if amount < 0:
        return SafeString(
            f'<span class="hub-money hub-money--negative"><span aria-hidden="true">{money.pounds(amount)}</span>'
            f'<span class="govuk-visually-hidden">minus {money.pounds(-amount)}</span></span>'
        )
    return SafeString(f'<span class="hub-money">{money.signed(amount) if sign else money.pounds(amount)}</span>')


@register.filter(name="pounds")
def pounds_filter(amount: Decimal | None) -> SafeString:
    """The quick form of the money tag for loops over many rows: {{ line.budget|pounds }}."""
    return money_tag(amount)


@register.simple_tag
def figure_state(state: str, until: date | None = None) -> SafeString:
    """The words for an empty figure: {% figure_state "not_yet_available" until=figure.available_on %}."""
    return format_html('<span class="hub-figure-state">{}</span>', emptyfigures.words(state, until=until))


@register.simple_tag
def illustrative() -> SafeString:
    """The mark of a figure that no published paper states: {% illustrative %}."""
    return _drawn("illustrative")


@register.simple_tag
def status_tag(status: str, words: str = "") -> SafeString:
    """Words, shape and colour of a judgement.

    {% status_tag "on_track" %}
    `words` replaces the standard words.
    """
    return draw("status_tag", status=status, words=words or one_of(STATUS_WORDS, status, "Status"))


@register.simple_tag
def progress(percent: int | None, *, label: str, words: str = "", id: str = "progress") -> SafeString:
    """A bar with its words.

    {% progress job.progress label="Building the report" words=job.progress_words %}
    """
    return draw("progress", percent=percent, label=label, words=words, id=id)


@register.simple_tag
def job_progress(
    percent: int | None,
    *,
    url: str,
    label: str,
    words: str = "",
    finished: bool = False,
    id: str = "progress",
) -> SafeString:
    """Progress that fetches itself again from `url` every two seconds until `finished`; without JavaScript by a link.

    The view at `url` answers an htmx request with this same tag alone.
    """
    return draw("job_progress", percent=percent, url=url, label=label, words=words, finished=finished, id=id)


@register.simple_tag
def noscript_refresh(seconds: int = 10) -> SafeString:
    """In the head of a page with job_progress, for browsers without JavaScript: {% noscript_refresh %}."""
    return draw("noscript_refresh", seconds=seconds)


# Words and marks


@register.simple_tag
def tag(words: str, tone: str = "neutral") -> SafeString:
    """A short label: {% tag "Draft" tone="waiting" %}."""
    return _drawn("tag", words=words, colour=one_of(TONES, tone, "Tone"))


@register.simple_block_tag
def panel(content: str, *, title: str, tone: str = "plain", level: int = 2) -> SafeString:
    """A titled frame round page content.

    {% panel title="Figures" %}…{% endpanel %}
    Tone plain, quiet or warning.
    """
    return draw("panel", content=content, title=title, tone=tone, level=level, id=f"panel-{slugify(title)}")


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Words that stand apart from the text round them: {% inset %}…{% endinset %}."""
    return draw("inset", content=content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """A warning with its mark: {% warning %}…{% endwarning %}."""
    return draw("warning", content=content)


@register.simple_block_tag
def details(content: str, *, summary: str, open: bool = False) -> SafeString:
    """Words that open on request: {% details summary="How this was reckoned" %}…{% enddetails %}."""
    return draw("details", content=content, summary=summary, open=open)


@register.simple_tag
def empty_state(title: str = "Nothing here yet", action: str = "", *, href: str = "", link: str = "") -> SafeString:
    """What to say where a list is empty, and what to do.

    {% empty_state "No schemes yet" "Add the first." href=url link="Add a scheme" %}
    """
    return draw("empty_state", title=title, action=action, href=href, link=link)


@register.simple_tag
def visibility(owner: str, *, released_at: date | datetime | None = None, released_to: str = "") -> SafeString:
    """Who can see a record.

    {% visibility owner.name released_at=row.released_at released_to="the parties to the fund" %}
    """
    return draw("visibility", owner=owner, released_on=_day(released_at), released_to=released_to)


@register.simple_tag
def lock_notice(
    *, what: str, who: str = "", at: date | datetime | None = None, why: str = "", lift: str = ""
) -> SafeString:
    """What is locked, by whom, when, why, and who can lift it.

    {% lock_notice what="This month is closed." who=… at=… lift=… %}
    """
    return draw("lock_notice", what=what, who=who, on=_day(at), why=why, lift=lift)


# Acts


@register.simple_tag
def button(
    words: str, tone: str = "primary", *, name: str = "", value: str = "", id: str = "", once: bool = True
) -> SafeString:
    """A button that submits the form it stands in.

    {% button "Save" %}
    `once` ignores a second click by mistake.
    """
    css = one_of(BUTTON_TONES, tone, "Tone")
    return draw("button", words=words, css=css, name=name, value=value, id=id, once=once)


@register.simple_tag
def link_button(words: str, href: str, tone: str = "primary", *, id: str = "") -> SafeString:
    """A link that looks like a button: {% link_button "Add a scheme" url %}."""
    return draw("link_button", words=words, href=href, css=one_of(BUTTON_TONES, tone, "Tone"), id=id)


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    words: str,
    action: str,
    tone: str = "secondary",
    *,
    about: str = "",
    name: str = "",
    value: str = "",
) -> SafeString:
    """A form of one button.

    {% post_button "Send again" url about=line.name %}
    Tone "link" for one in a table's row.

    `about` is said to screen readers after the words, so that buttons of several rows differ.
    """
    css = one_of(BUTTON_TONES | {"link": "hub-link-button"}, tone, "Tone")
    return draw(
        "post_button",
        words=words,
        action=action,
        css=css,
        is_link=tone == "link",
        about=about,
        name=name,
        value=value,
        csrf_token=context.get("csrf_token", ""),
    )


# Lists and tables


@dataclass(frozen=True)
class Row:
    """One row of a summary list: what, its value, and the link that changes it."""

    key: str
    value: Any
    href: str = ""
    action: str = "Change"


@register.simple_tag
def summary_list(rows: Iterable[Row | Sequence[Any]]) -> SafeString:
    """Pairs of words and values: {% summary_list rows %}, each a Row or (key, value[, href[, action]])."""
    return draw("summary_list", rows=[row if isinstance(row, Row) else Row(*row) for row in rows])


@register.simple_block_tag
def summary(content: str) -> SafeString:
    """The same, written in the template.

    {% summary %}{% summary_row key="Area" %}…{% endsummary_row %}{% endsummary %}
    """
    return draw("summary", content=content)


@register.simple_block_tag
def summary_row(content: str, *, key: str, href: str = "", action: str = "Change") -> SafeString:
    """One row inside {% summary %}."""
    return draw("summary_row", key=key, value=content, href=href, action=action)


@register.simple_tag
def data_table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    caption: str,
    total: Sequence[Any] | None = None,
    caption_hidden: bool = False,
    dense: bool = False,
) -> SafeString:
    """A table in its scroll region.

    {% data_table columns rows caption="Position by scheme" total=totals %}
    """
    return draw(
        "data_table",
        columns=columns,
        rows=[cells(columns, row) for row in rows],
        total=cells(columns, total) if total else None,
        caption=caption,
        caption_css="govuk-visually-hidden" if caption_hidden else "govuk-table__caption--m",
        dense=dense,
    )


@register.simple_block_tag
def tableregion(content: str, *, label: str) -> SafeString:
    """The scroll region for a table that a page writes out.

    {% tableregion label="…" %}<table>…</table>{% endtableregion %}
    """
    return draw("tableregion", content=content, label=label)


@register.simple_tag
def grid_state(save: str = "Save", words: str = "") -> SafeString:
    """The bar below a grid of inputs, inside its form: {% grid_state "Save month 3" %}."""
    return draw("grid_state", save=save, words=words)


@dataclass(frozen=True)
class PageLink:
    """A page number in the pagination; the gap between numbers has no number."""

    number: int | None
    href: str = ""
    current: bool = False


@register.simple_tag(takes_context=True)
def pagination(
    context: Context,
    page: "Page[Any] | None" = None,
    *,
    previous_url: str = "",
    next_url: str = "",
    label: str = "Pages",
    parameter: str = "page",
) -> SafeString:
    """Links to the other pages of a list, filters kept.

    {% pagination page %}
    Nothing where all fits on one page.

    Lists that are read by key give `previous_url` and `next_url` instead.
    """
    links: list[PageLink] = []
    if page is not None:
        request: HttpRequest = context["request"]
        paginator = page.paginator
        if paginator.num_pages > 1:
            for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
                found = number if isinstance(number, int) else None
                href = _with_query(request, parameter, found) if found else ""
                links.append(PageLink(found, href, found == page.number))
        previous_url = _with_query(request, parameter, page.number - 1) if page.has_previous() else ""
        next_url = _with_query(request, parameter, page.number + 1) if page.has_next() else ""
    if not (previous_url or next_url):
        return SafeString("")
    return draw("pagination", links=links, previous_url=previous_url, next_url=next_url, label=label)


@register.simple_tag
def breadcrumbs(*words_and_hrefs: str) -> SafeString:
    """Where this page stands.

    {% breadcrumbs "Boards" boards_url "Southwark" board_url "Meeting" %}
    The last has no address.
    """
    pairs = [
        (words_and_hrefs[index], words_and_hrefs[index + 1] if index + 1 < len(words_and_hrefs) else "")
        for index in range(0, len(words_and_hrefs), 2)
    ]
    return draw("breadcrumbs", pairs=pairs)


# Forms


@dataclass(frozen=True)
class Problem:
    """One line of the error summary; `href` is empty where no single input is to blame."""

    message: str
    href: str = ""


@register.simple_tag
def error_summary(*forms: "BaseForm | BaseFormSet[Any] | None", problems: Iterable[Problem | str] = ()) -> SafeString:
    """What is wrong, at the top of the page, each linked to its input.

    {% error_summary form %}
    Nothing where all is well.

    Takes any number of forms and form sets, and `problems` that belong to none (Problem or words).
    """
    found = [problem if isinstance(problem, Problem) else Problem(problem) for problem in problems]
    for form in forms:
        if form is not None:
            found.extend(_problems_of(form))
    return draw("error_summary", problems=found) if found else SafeString("")


@register.simple_tag
def error_prefix(*forms: "BaseForm | BaseFormSet[Any] | None") -> str:
    """ "Error: " for the page's title where a form has errors.

    {% block title %}{% error_prefix form %}Record…{% endblock %}
    """
    return "Error: " if any(form is not None and form.is_bound and not form.is_valid() for form in forms) else ""


def _problems_of(form: "BaseForm | BaseFormSet[Any]") -> list[Problem]:
    if isinstance(form, BaseFormSet):
        whole = [Problem(str(message)) for message in form.non_form_errors()] if form.is_bound else []
        return whole + [problem for each in form.forms for problem in _problems_of(each)]
    whole = [Problem(str(message)) for message in form.non_field_errors()]
    for bound in form:
        for message in bound.errors:
            href = f"#{bound.first_id}" if isinstance(bound, HubBoundField) and not bound.is_hidden else ""
            whole.append(Problem(str(message), href))
    return whole


# Small helpers


@register.simple_tag
def url_or_nothing(name: str, *args: Any) -> str:
    """The address of a named page, or nothing while no app serves it.

    {% url_or_nothing "core:privacy" as privacy_url %}
    """
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as people write it, London time.

    {{ row.due_on|day }}
    Gives "30 September 2014"; nothing for None.
    """
    return _day(value)


@register.filter
def cell(value: Any, column: Column) -> str:
    """A table cell's value as its column prints it: money as pounds, empty as "not stated"."""
    if isinstance(value, Decimal) and column.money:
        return money_tag(value)
    return figure_state(AmountState.NOT_STATED) if value is None else conditional_escape(value)


def _day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return emptyfigures.day(local)


def _with_query(request: HttpRequest, parameter: str, number: int) -> str:
    query = request.GET.copy()
    query[parameter] = str(number)
    return f"?{query.urlencode()}"
