// A grid whose cells save by themselves: each change is sent when its cell is left, and the bar says what became of it.
// What is refused stays in the cell, marked and not saved; the Save button sends everything that is left.
import { count } from "./grid.js";

const SEPARATOR = "|";
const waiting = new WeakMap();

const rowOf = (input) => input.name.slice(1, input.name.indexOf("-"));
const monthOf = (input) => Number(input.name.slice(input.name.indexOf("-") + 1));

function tell(form, words) {
  const place = form.querySelector("[data-grid-message]");
  if (place) place.textContent = words;
}

function label(input) {
  const parts = (input.getAttribute("aria-labelledby") ?? "").split(" ");
  return parts.map((id) => document.getElementById(id)?.textContent.trim() ?? "").join(", ");
}

function mark(input, wrong) {
  input.classList.toggle("hub-grid__input--invalid", wrong);
  if (wrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/** Send one cell with the value that its page showed; nobody else's change is written over. */
async function save(form, input) {
  const seen = form.elements[`s${rowOf(input)}`];
  const codes = seen.value.split(SEPARATOR);
  const sent = input.value;
  const body = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
    line: form.elements[`r${rowOf(input)}`].value,
    month: String(monthOf(input)),
    value: sent,
    seen: codes[monthOf(input) - 1],
  });
  tell(form, `Saving ${label(input)} …`);
  let response;
  let answer = {};
  try {
    response = await fetch(form.dataset.cells, { method: "POST", body, headers: { Accept: "application/json" } });
    answer = (response.headers.get("Content-Type") ?? "").includes("json") ? await response.json() : {};
  } catch {
    response = undefined;
  }
  if (response?.ok && "code" in answer) {
    const now = seen.value.split(SEPARATOR);
    now[monthOf(input) - 1] = answer.code;
    seen.value = now.join(SEPARATOR);
    input.dataset.saved = sent;
    count(form);
    mark(input, false);
    tell(form, `Saved: ${label(input)}.`);
    return;
  }
  count(form);
  mark(input, true);
  const why = answer.words ?? (response ? "The page is out of date or you are signed out." : "There is no connection.");
  tell(form, `Not saved: ${label(input)}. ${why} What you typed is still in the cell.`);
}

/** One after the other for each grid: the answer to the first may change what the second has seen. */
function enqueue(form, input) {
  const before = waiting.get(form) ?? Promise.resolve();
  waiting.set(
    form,
    before.then(() => save(form, input)),
  );
}

/** Listens once for all grids that name the address of their cells in data-cells. */
export function startGridCells() {
  document.addEventListener("change", (event) => {
    const input = event.target;
    const form = input instanceof HTMLInputElement ? input.closest("form[data-cells]") : null;
    if (!form || !input.matches(".hub-grid__input")) return;
    if (input.value.trim() === (input.dataset.saved ?? input.defaultValue).trim()) return;
    enqueue(form, input);
  });
}
