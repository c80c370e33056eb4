"""Forms as GOV.UK markup: `{{ form }}` or `{{ form.field.as_field_group }}` is all a template writes.

`HubFormRenderer` is the project's FORM_RENDERER. It finds the widget templates in templates/django/forms and gives
every form `HubBoundField`, which knows the ids, the classes and what describes each input.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import ChoiceWidget, Input, Widget

# First match wins, so the special widgets stand before the ones that they inherit from.
WIDGET_CLASSES: tuple[tuple[type[Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Select, "govuk-select"),
    (forms.Textarea, "govuk-textarea"),
    (forms.FileInput, "govuk-file-upload"),
    (Input, "govuk-input"),
)
# Decimal and float fields inherit from the whole-number field.
NUMBER_WORDS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DecimalField, "a number, such as 12.5,"),
    (forms.FloatField, "a number, such as 12.5,"),
    (forms.IntegerField, "a whole number, such as 12,"),
)
# A validator's code and what to say after the field's label.
LIMIT_WORDS = {
    "max_length": "has %(show_value)d characters. Shorten it to %(limit_value)d or fewer",
    "min_length": "has %(show_value)d characters. Write at least %(limit_value)d",
    "min_value": "must be %(limit_value)s or more",
    "max_value": "must be %(limit_value)s or less",
    "max_decimal_places": "has too many decimals. Write at most %(max)s",
    "max_digits": "has too many digits. Write at most %(max)s",
    "max_whole_digits": "has too many digits before the point. Write at most %(max)s",
}
# Radios and checkboxes show an error on their group, not on each box.
CLASSES_WITH_ERROR = frozenset({"govuk-select", "govuk-textarea", "govuk-file-upload", "govuk-input"})


def govuk_class(widget: Widget) -> str:
    """The class of a widget's input; empty for a widget that GOV.UK has none for."""
    return next((name for kind, name in WIDGET_CLASSES if isinstance(widget, kind)), "")


def required_message(label: str, widget: Widget) -> str:
    """What to say where a field was left empty and its form has no words of its own."""
    if isinstance(widget, forms.CheckboxInput):
        return f'Tick "{label}" to go on'
    if isinstance(widget, forms.FileInput):
        return f'Choose a file for "{label}"'
    if isinstance(widget, ChoiceWidget):
        return f'Choose an answer for "{label}"'
    return f'Fill in "{label}"'


def name_the_field(field: forms.Field, label: str) -> None:
    """Replace Django's messages that do not name the field: the summary lists them away from it.

    Messages that the form gives itself stay.
    """
    messages = field.error_messages
    if messages.get("required") == forms.Field.default_error_messages["required"]:
        messages["required"] = required_message(label, field.widget)
    for kind, what in NUMBER_WORDS:
        if isinstance(field, kind) and messages.get("invalid") == kind.default_error_messages["invalid"]:
            messages["invalid"] = f'Enter {what} for "{label}"'
    quoted = f'"{label}"'.replace("%", "%%")
    for code, words in LIMIT_WORDS.items():
        messages.setdefault(code, f"{quoted} {words}")


class HubBoundField(BoundField):
    """One field with GOV.UK ids: `<id>-hint`, `<id>-error` and, for counted text, `<id>-info`."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        # The form's fields are its own copies, and cleaning asks for the bound field first.
        name_the_field(field, str(self.label))

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}-error"

    @property
    def info_id(self) -> str:
        return f"{self.auto_id}-info"

    @property
    def kind(self) -> str:
        """Which shape the field template draws: input, checkbox, password or counted."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.PasswordInput):
            return "password"
        return "counted" if self.maximum_length else "input"

    @property
    def maximum_length(self) -> int | None:
        """The limit that is counted under a long text, in characters; None where nothing is counted."""
        limit = getattr(self.field, "max_length", None)
        return limit if isinstance(self.field.widget, forms.Textarea) else None

    @property
    def prefix(self) -> str:
        return getattr(self.field.widget, "prefix", "")

    @property
    def suffix(self) -> str:
        return getattr(self.field.widget, "suffix", "")

    @property
    def label_size(self) -> str:
        """The size class of label or legend (s, m, l or xl): the widget's `label_size`; empty for the plain size."""
        return getattr(self.field.widget, "label_size", "")

    @property
    def optional_label(self) -> str:
        """The label as shown: fields that may stay empty say so, as GOV.UK asks."""
        label = str(self.label)
        unmarked = self.field.required or self.kind == "checkbox" or "optional" in label
        return label if unmarked or self.field.disabled else f"{label} (optional)"

    @property
    def first_id(self) -> str:
        """The id of the first thing that can take focus: where the error summary links to."""
        widget = self.field.widget
        id_ = widget.attrs.get("id") or self.auto_id
        if isinstance(widget, forms.MultiWidget):
            return f"{id_}_0"
        if isinstance(widget, ChoiceWidget) and widget.add_id_index:
            return f"{id_}_0" if len(self.subwidgets) else id_
        return id_

    @property
    def aria_describedby(self) -> str | None:
        if not self.auto_id or self.is_hidden:
            return None
        given = self.field.widget.attrs.get("aria-describedby", "")
        parts = [
            given,
            self.hint_id if self.help_text else "",
            self.error_id if self.errors else "",
            self.info_id if self.maximum_length else "",
        ]
        return " ".join(part for part in parts if part) or None

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Django's attributes with our class, describers and no checks by the browser.

        The browser's own checks speak in bubbles that vanish and cut long text off without a word, so that
        required, maxlength, min, max and step are left to the server.
        """
        shown = widget or self.field.widget
        built = super().build_widget_attrs(attrs, shown)
        if shown.is_hidden:
            return built
        for checked_by_browser in ("required", "maxlength", "minlength", "min", "max", "step"):
            if checked_by_browser in built or checked_by_browser in shown.attrs:
                built[checked_by_browser] = False
        name = govuk_class(shown)
        error = f"{name}--error" if self.errors and name in CLASSES_WITH_ERROR else ""
        counted = "govuk-js-character-count" if self.maximum_length else ""
        password = (
            "govuk-password-input__input govuk-js-password-input-input"
            if isinstance(shown, forms.PasswordInput)
            else ""
        )
        classes = [name, error, counted, password, shown.attrs.get("class", ""), str(attrs.get("class", ""))]
        built["class"] = " ".join(dict.fromkeys(part for part in classes if part))
        described = None if self.use_fieldset else self.aria_describedby
        if described and not attrs.get("aria-describedby"):
            built["aria-describedby"] = described
        if isinstance(shown, forms.NumberInput):
            whole = isinstance(self.field, forms.IntegerField) and not isinstance(
                self.field, (forms.DecimalField, forms.FloatField)
            )
            built.setdefault("inputmode", "numeric" if whole else "decimal")
        if isinstance(shown, forms.PasswordInput):
            for key, value in {"autocomplete": "current-password", "spellcheck": "false"}.items():
                if key not in shown.attrs:
                    built[key] = value
            built["autocapitalize"] = "none"
        return built


class HubFormRenderer(TemplatesSetting):
    """Finds form templates in templates/django/forms and gives every form GOV.UK fields."""

    form_template_name = "django/forms/govuk_form.html"
    field_template_name = "django/forms/govuk_field.html"
    formset_template_name = "django/forms/formsets/govuk_formset.html"
    bound_field_class = HubBoundField
