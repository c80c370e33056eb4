"""The registers beside agreements: lists with their files, a row to be entered, changed and released."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integration_hub.core.errors import HubError
from integration_hub.core.spreadsheets import XLSX_CONTENT_TYPE
from integration_hub.core.spreadsheets.texts import download_name
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from partners.requests import SignedInRequest
from pooled_budgets.forms_registers import AlignedBudgetForm, JointContractForm, RegisterFilter, RegisterForm
from pooled_budgets.models import AlignedBudget, JointContract
from pooled_budgets.presenters import registers as words
from pooled_budgets.selectors import registers as selectors
from pooled_budgets.services import registers as services

PAGE = 50
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Register:
    """What tells one register from the other."""

    address: str
    title: str
    one: str
    model: Any
    rows: Callable[[User], QuerySet[Any]]
    form: type[RegisterForm]
    columns: tuple[words.Column, ...]
    ends: str

    def url(self, page: str, *args: object) -> str:
        return reverse(f"agreements:{self.address}{page}", args=args)

    @property
    def kind(self) -> str:
        """Its kind of object, for reasons and history."""
        return self.address.replace("_", "-")


REGISTERS = {
    "aligned": Register(
        "aligned_budget",
        "Aligned budgets",
        "an aligned budget",
        AlignedBudget,
        selectors.aligned_budgets,
        AlignedBudgetForm,
        words.ALIGNED,
        "review_on",
    ),
    "contracts": Register(
        "joint_contract",
        "Joint contracts",
        "a joint contract",
        JointContract,
        selectors.joint_contracts,
        JointContractForm,
        words.CONTRACTS,
        "ends_on",
    ),
}


@require_safe
def rows(request: SignedInRequest, register: str) -> HttpResponse:
    """A register as a list, or as a file (?format=csv or xlsx)."""
    shown = REGISTERS[register]
    form = RegisterFilter(request.GET, agreements=_agreements(request))
    found = shown.rows(request.user)
    if form.is_valid():
        found = selectors.narrowed(found, **form.cleaned_data, field=shown.ends)
    if request.GET.get("format") in {"csv", "xlsx"} and form.is_valid():
        return _file(shown, found, request.GET["format"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "register": shown,
        "form": form,
        "page": page,
        "columns": [column.label for column in shown.columns[1:]],
        "rows": [(shown.url("", row.pk), words.cells(shown.columns, row)) for row in page],
        "query": query.urlencode(),
        "new_url": shown.url("_new"),
        "can_enter": permissions.anywhere(request.user, Permission.AGREEMENT_PREPARE),
    }
    return render(request, "pooled_budgets/register.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, register: str) -> HttpResponse:
    """Enter a row."""
    shown = REGISTERS[register]
    permissions.require_any(request.user, Permission.AGREEMENT_PREPARE)
    form = _form(request, shown, None)

    def save() -> object:
        agreement = selectors.agreements_of(request.user).get(pk=form.cleaned_data["agreement"])
        return services.add(
            model=shown.model,
            agreement=agreement,
            values=_values(request, form),
            once=form.cleaned_data["once"],
            by=request.user,
            at=timezone.now(),
        )

    return _answer(request, shown, form, save, title=f"Enter {shown.one}")


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: SignedInRequest, register: str, pk: UUID) -> HttpResponse:
    """Change a row; who may only read it sees it."""
    shown = REGISTERS[register]
    found = selectors.get(shown.rows(request.user), pk)
    may = permissions.can(request.user, Permission.AGREEMENT_PREPARE, organisation=found.owner)
    if request.method == "POST":
        permissions.require(request.user, Permission.AGREEMENT_PREPARE, organisation=found.owner)
    elif not may:
        labels = [column.label for column in shown.columns]
        pairs = list(zip(labels, words.cells(shown.columns, found), strict=True))
        return render(
            request,
            "pooled_budgets/register_row.html",
            {"register": shown, "row": found, "pairs": pairs, "list_url": shown.url("s")},
        )
    form = _form(request, shown, found)

    def save() -> object:
        return services.change(
            model=shown.model,
            row_id=found.pk,
            values=_values(request, form),
            seen=_scheme(request, form.seen()),
            by=request.user,
            at=timezone.now(),
        )

    return _answer(request, shown, form, save, title=str(found), found=found)


@require_POST
def release(request: SignedInRequest, register: str, pk: UUID) -> HttpResponse:
    """Show a row to the parties."""
    shown = REGISTERS[register]
    found = selectors.get(shown.rows(request.user), pk)
    services.release(model=shown.model, row_id=found.pk, by=request.user, at=timezone.now())
    messages.success(request, "The parties to the agreement can read it now.")
    return redirect(shown.url("", pk))


def _agreements(request: SignedInRequest) -> list[tuple[str, str]]:
    return [(str(row.pk), row.title) for row in selectors.agreements_of(request.user)]


def _form(request: SignedInRequest, shown: Register, found: Any) -> RegisterForm:
    schemes = selectors.schemes(request.user) if shown.model is JointContract else ()
    names = [name for name in shown.form.base_fields if name not in ("agreement", "once")]
    initial = {name: getattr(found, name) for name in names} if found else {}
    if initial.get("scheme"):
        initial["scheme"] = str(initial["scheme"].pk)
    return shown.form(
        request.POST or None,
        initial=initial or None,
        agreements=_agreements(request) if found is None else (),
        schemes=[(str(row.pk), f"{row.number} {row.name}, {row.fund.name}") for row in schemes],
        is_new=found is None,
    )


def _values(request: SignedInRequest, form: RegisterForm) -> dict[str, Any]:
    return _scheme(request, form.values())


def _scheme(request: SignedInRequest, values: dict[str, Any]) -> dict[str, Any]:
    """The scheme itself in the place of its id."""
    if "scheme" not in values:
        return values
    found = selectors.schemes(request.user).filter(pk=values["scheme"]).first() if values["scheme"] else None
    return values | {"scheme": found}


def _file(shown: Register, found: QuerySet[Any], suffix: str) -> HttpResponse:
    if suffix == "csv":
        answer = HttpResponse(words.csv_file(shown.columns, found), content_type=CSV)
    else:
        made = words.workbook(shown.title, shown.columns, found, on=timezone.localdate())
        answer = HttpResponse(made, content_type=XLSX_CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{download_name(shown.title, suffix)}"'
    return answer


def _answer(
    request: SignedInRequest,
    shown: Register,
    form: RegisterForm,
    save: Callable[[], object],
    *,
    title: str,
    found: Any = None,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                save()
            except HubError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                status = refusal.http_status
            else:
                messages.success(request, "Saved.")
                return redirect(shown.url("s"))
    context = {
        "register": shown,
        "form": form,
        "title": title,
        "row": found,
        "list_url": shown.url("s"),
        "release_url": shown.url("_release", found.pk) if found else "",
    }
    return render(request, "pooled_budgets/register_form.html", context, status=status)
