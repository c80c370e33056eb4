"""For which of their partners a person acts in this session."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from partners.forms import ActingForForm
from partners.middleware import ACTING_FOR
from partners.requests import person_of
from partners.selectors import memberships


@require_POST
def acting_for(request: HttpRequest) -> HttpResponse:
    """Keep the choice in the session: one of the person's own partners, or all of them."""
    person = person_of(request)
    form = ActingForForm(request.POST, person=person)
    if not form.is_valid():
        context = {
            "standing": memberships.standing(person),
            "second_factor": memberships.second_factor_words(person),
            "acting_form": form,
        }
        return render(request, "partners/account.html", context, status=400)
    request.session[ACTING_FOR] = form.cleaned_data["partner"]
    person.acting_for = form.cleaned_data["partner"]
    messages.success(request, f"You act for {person.chosen_partner or 'all your partners'}.")
    return redirect("partners:account")
