"""GOV.UK markup of every kind of field: ids, what describes an input, and what the browser is not to check."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual, assertInHTML

from integration_hub.core.formfields import (
    AffixInput,
    CheckboxSelectMultiple,
    DateField,
    MoneyField,
    RadioSelect,
)

CHOICES = [("a", "First"), ("b", "Second")]


def one(field: forms.Field, data: dict[str, str] | None = None, **initial: object) -> forms.Form:
    """A form with this field as `it`."""
    return type("OneForm", (forms.Form,), {"it": field})(data, initial=initial)


def drawn(field: forms.Field, data: dict[str, str] | None = None, **initial: object) -> str:
    return one(field, data, **initial)["it"].as_field_group()


def test_text_field_has_label_hint_and_describer():
    assertHTMLEqual(
        drawn(forms.CharField(label="Name", help_text="As in the agreement", max_length=20)),
        '<div class="govuk-form-group"><label class="govuk-label" for="id_it">Name</label>'
        '<div id="id_it-hint" class="govuk-hint">As in the agreement</div>'
        '<input type="text" name="it" class="govuk-input" aria-describedby="id_it-hint" id="id_it"></div>',
    )


def test_text_field_with_error_is_described_by_hint_then_error():
    assertHTMLEqual(
        drawn(forms.CharField(label="Name", help_text="As in the agreement"), {}),
        '<div class="govuk-form-group govuk-form-group--error"><label class="govuk-label" for="id_it">Name</label>'
        '<div id="id_it-hint" class="govuk-hint">As in the agreement</div>'
        '<div id="id_it-error"><p class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span>'
        ' Fill in "Name"</p></div>'
        '<input type="text" name="it" class="govuk-input govuk-input--error" aria-invalid="true"'
        ' aria-describedby="id_it-hint id_it-error" id="id_it"></div>',
    )


def test_field_without_hint_or_error_has_no_empty_describer():
    assert "aria-describedby" not in drawn(forms.CharField(label="Name"))


def test_field_that_may_stay_empty_says_so():
    assert "Name (optional)</label>" in drawn(forms.CharField(label="Name", required=False))


def test_typed_markup_is_escaped_where_it_is_shown_again():
    printed = drawn(forms.IntegerField(label="<People>"), {"it": '"><script>'})
    assert "<script>" not in printed
    assert "&lt;People&gt;</label>" in printed


@pytest.mark.parametrize(
    ("field", "mode"),
    [
        (forms.IntegerField(min_value=0, max_value=9), "numeric"),
        (forms.DecimalField(max_digits=5, decimal_places=2), "decimal"),
        (forms.FloatField(), "decimal"),
    ],
)
def test_number_field_is_a_text_input_that_the_browser_does_not_check(field: forms.Field, mode: str):
    printed = drawn(field)
    assert 'type="text"' in printed
    assert f'inputmode="{mode}"' in printed
    for check in ("required", "min=", "max=", "step="):
        assert check not in printed


def test_long_text_counts_its_characters_and_is_never_cut_off():
    printed = drawn(forms.CharField(label="Why", widget=forms.Textarea, max_length=200))
    assert 'data-module="govuk-character-count" data-maxlength="200"' in printed
    assert 'aria-describedby="id_it-info"' in printed
    assertInHTML(
        '<div id="id_it-info" class="govuk-hint govuk-character-count__message">'
        "You can enter up to 200 characters</div>",
        printed,
    )
    assert " maxlength=" not in printed


def test_radios_stand_in_a_described_fieldset_with_ids_of_their_own():
    printed = drawn(forms.ChoiceField(label="Kind", choices=CHOICES, widget=RadioSelect(hints={"b": "The other"})), {})
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_it-error">' in printed
    assertInHTML('<legend class="govuk-fieldset__legend">Kind</legend>', printed)
    assertInHTML(
        '<input type="radio" name="it" value="b" aria-invalid="true" class="govuk-radios__input" id="id_it_1"'
        ' aria-describedby="id_it_1-item-hint">',
        printed,
    )
    assertInHTML('<div id="id_it_1-item-hint" class="govuk-hint govuk-radios__hint">The other</div>', printed)
    assert "id_it_0-item-hint" not in printed


def test_radios_inline_stand_beside_each_other():
    assert "govuk-radios--inline" in drawn(forms.ChoiceField(choices=CHOICES, widget=RadioSelect(inline=True)))


def test_checkboxes_keep_what_was_ticked():
    form = type(
        "ManyForm",
        (forms.Form,),
        {"it": forms.MultipleChoiceField(choices=CHOICES, widget=CheckboxSelectMultiple())},
    )({"it": ["b"]})
    printed = form["it"].as_field_group()
    assertInHTML(
        '<input type="checkbox" name="it" value="b" class="govuk-checkboxes__input" id="id_it_1" checked>', printed
    )
    assert printed.count("checked") == 1


def test_single_checkbox_has_its_label_after_it_and_its_hint_inside():
    printed = drawn(forms.BooleanField(label="Agreed", help_text="By both"), {})
    assertInHTML('<label class="govuk-label govuk-checkboxes__label" for="id_it">Agreed</label>', printed)
    assertInHTML('<div id="id_it-hint" class="govuk-hint govuk-checkboxes__hint">By both</div>', printed)
    assert 'aria-describedby="id_it-hint id_it-error"' in printed
    assert "Tick &quot;Agreed&quot; to go on" in printed


def test_select_and_upload_have_their_classes_and_errors():
    assert 'class="govuk-select govuk-select--error"' in drawn(forms.ChoiceField(choices=CHOICES), {})
    printed = drawn(forms.FileField(label="Plan", widget=forms.FileInput({"accept": ".xlsx"})), {})
    assert 'class="govuk-file-upload govuk-file-upload--error"' in printed
    assert 'accept=".xlsx"' in printed
    assert "Choose a file for &quot;Plan&quot;" in printed


def test_password_can_be_shown_and_is_never_printed_back():
    printed = drawn(forms.CharField(label="Password", widget=forms.PasswordInput), {"it": "hunter2 and more"})
    assert 'data-module="govuk-password-input"' in printed
    assert 'aria-controls="id_it" aria-label="Show password" hidden' in printed
    assert 'autocomplete="current-password"' in printed
    assert "hunter2" not in printed


def test_password_new_keeps_its_own_autocomplete():
    field = forms.CharField(widget=forms.PasswordInput({"autocomplete": "new-password"}))
    assert 'autocomplete="new-password"' in drawn(field)
    assert "current-password" not in drawn(field)


def test_width_class_of_the_widget_stays_beside_ours():
    assert 'class="govuk-input govuk-input--width-5"' in drawn(
        forms.CharField(widget=forms.TextInput({"class": "govuk-input--width-5"}))
    )


def test_affix_stands_beside_the_input_and_is_hidden_from_screen_readers():
    printed = drawn(forms.DecimalField(widget=AffixInput(suffix="per cent")))
    assertInHTML('<div class="govuk-input__suffix" aria-hidden="true">per cent</div>', printed)


def test_form_draws_whole_form_errors_once_and_hidden_fields():
    class Whole(forms.Form):
        name = forms.CharField()
        version = forms.CharField(widget=forms.HiddenInput, initial="3")

        def clean(self) -> None:
            raise forms.ValidationError("Somebody else changed this")

    printed = str(Whole({"name": "x", "version": "3"}))
    assert printed.count("Somebody else changed this") == 1
    assertInHTML('<input type="hidden" name="version" value="3" id="id_version">', printed)


def test_form_set_draws_its_management_form_and_every_form():
    printed = str(forms.formset_factory(type("F", (forms.Form,), {"it": forms.CharField()}), extra=2)())
    assert 'name="form-TOTAL_FORMS" value="2"' in printed
    assert 'id="id_form-1-it"' in printed


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        (forms.IntegerField(label="People"), "x", 'Enter a whole number, such as 12, for "People"'),
        (forms.DecimalField(label="Share"), "x", 'Enter a number, such as 12.5, for "Share"'),
        (forms.DecimalField(label="Share", max_value=100), "101", '"Share" must be 100 or less'),
        (forms.DecimalField(label="Share %", min_value=0), "-1", '"Share %" must be 0 or more'),
        (
            forms.DecimalField(label="Share", decimal_places=2),
            "1.234",
            '"Share" has too many decimals. Write at most 2',
        ),
        (
            forms.CharField(label="Name", max_length=3),
            "four",
            '"Name" has 4 characters. Shorten it to 3 or fewer',
        ),
        (forms.CharField(label="Name", error_messages={"required": "Enter the name"}), "", "Enter the name"),
    ],
)
def test_message_names_the_field_and_what_to_do(field: forms.Field, typed: str, message: str):
    assert one(field, {"it": typed}).errors["it"] == [message]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("£5,621,000.00", Decimal("5621000.00")), (" 40 ", Decimal("40.00")), ("0", Decimal("0.00"))],
)
def test_money_field_reads_pounds_as_people_write_them(typed: str, amount: Decimal):
    form = one(MoneyField(), {"it": typed})
    assert form.is_valid()
    assert form.cleaned_data == {"it": amount}


def test_money_field_refusal_is_shown_with_what_was_typed():
    printed = drawn(MoneyField(label="Budget"), {"it": "12k"})
    assert 'value="12k"' in printed
    assert "Write the full amount in pounds" in printed
    assertInHTML('<div class="govuk-input__prefix" aria-hidden="true">£</div>', printed)


def test_money_field_empty_is_none_where_allowed_and_refused_where_not():
    allowed = one(MoneyField(required=False), {"it": " "})
    assert allowed.is_valid()
    assert allowed.cleaned_data == {"it": None}
    assert one(MoneyField(label="Budget"), {"it": " "}).errors["it"] == ['Fill in "Budget"']


@pytest.mark.parametrize(("negative", "valid"), [(True, True), (False, False)])
def test_money_field_below_nil_only_where_allowed(negative: bool, valid: bool):
    assert one(MoneyField(negative=negative), {"it": "-5"}).is_valid() is valid


def test_money_field_stored_amount_is_shown_with_two_places():
    assert 'value="1000.00"' in drawn(MoneyField(), it=Decimal("1000"))


@pytest.mark.parametrize(("typed", "changed"), [("1,000", False), ("£1000.00", False), ("1000.01", True), ("x", True)])
def test_money_field_other_spelling_of_the_amount_is_no_change(typed: str, changed: bool):
    assert MoneyField().has_changed(Decimal("1000.00"), typed) is changed


@pytest.mark.parametrize(
    "typed", ["30/9/2014", "30 09 2014", "30  September 2014", "30 Sep 2014", "2014-09-30", "30.9.2014"]
)
def test_date_field_reads_day_first(typed: str):
    form = one(DateField(), {"it": typed})
    assert form.is_valid()
    assert form.cleaned_data == {"it": date(2014, 9, 30)}


@pytest.mark.parametrize("typed", ["31/2/2015", "9/30/2014", "soon"])
def test_date_field_unreal_date_is_refused_with_an_example(typed: str):
    [message] = one(DateField(), {"it": typed}).errors["it"]
    assert "30 September 2014" in message


def test_date_field_shows_a_stored_date_in_words():
    assert 'value="1 April 2014"' in drawn(DateField(), it=date(2014, 4, 1))
    assert 'type="text"' in drawn(DateField())
