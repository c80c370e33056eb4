"""The file of a return that is loaded back; what is in it is read by the service."""

from django import forms


class LoadForm(forms.Form):
    """The return's workbook, filled in off line."""

    file = forms.FileField(
        label="The return's workbook",
        help_text="The .xlsx file that was downloaded from this return, at most 10 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Choose the workbook that you filled in",
            "empty": "The file is empty. Save it again and upload that.",
        },
    )


class FigureFileForm(forms.Form):
    """A file of metric figures."""

    file = forms.FileField(
        label="Metric figures",
        help_text="An .xlsx or .csv file of at most 10 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "Choose the file with your figures",
            "empty": "The file is empty. Save it again and upload that.",
        },
    )
