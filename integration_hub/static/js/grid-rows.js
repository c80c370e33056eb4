// A grid whose rows save by themselves: what was typed is sent when a cell is left, and the row says what became of it.
// Nothing is worked out here: the server reads every value, derives the figure and has the last word.

const COLUMNS = ["numerator", "denominator", "figure"];
const waiting = new WeakMap();

const numberOf = (input) => input.name.slice(input.name.indexOf("-") + 1);
const inputOf = (form, column, number) => form.elements[`${column}-${number}`];
const nameOf = (form, number) => document.querySelector(`#metric-${number} a`)?.textContent.trim() ?? "";

function tell(form, number, state, words) {
  const row = inputOf(form, "figure", number).closest("tr").querySelector("[data-row-state]");
  if (row) row.textContent = state;
  const place = form.querySelector("[data-grid-message]");
  if (place) place.textContent = words;
}

/** Marks the cells that are at fault, and no other of the row. */
function mark(form, number, wrong) {
  for (const column of COLUMNS) {
    const input = inputOf(form, column, number);
    input.classList.toggle("hub-grid__input--invalid", wrong.includes(column));
    if (wrong.includes(column)) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

/** What a half-typed ratio still waits for. */
function missingHalf(form, number) {
  const [numerator, denominator] = COLUMNS.map((column) => inputOf(form, column, number).value.trim());
  if (numerator && !denominator) return "the denominator";
  return denominator && !numerator ? "the numerator" : "";
}

function bodyOf(form, number) {
  const body = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
    "plan-0": form.elements[`plan-${number}`].value,
  });
  for (const column of COLUMNS) {
    body.set(`${column}-0`, inputOf(form, column, number).value);
    body.set(`seen-${column}-0`, form.elements[`seen-${column}-${number}`].value);
  }
  return body;
}

/** Send one row with the values that its page showed; nobody else's change is written over. */
async function save(form, number) {
  const name = nameOf(form, number);
  const half = missingHalf(form, number);
  if (half) {
    tell(form, number, `not saved: enter ${half}`, `Not saved yet: ${name}. Enter ${half} as well.`);
    return;
  }
  tell(form, number, "saving …", `Saving ${name} …`);
  const sent = COLUMNS.map((column) => inputOf(form, column, number).value);
  let response;
  let answer = {};
  try {
    response = await fetch(form.dataset.rows, { method: "POST", body: bodyOf(form, number), headers: { Accept: "application/json" } });
    answer = (response.headers.get("Content-Type") ?? "").includes("json") ? await response.json() : {};
  } catch {
    response = undefined;
  }
  if (response?.ok && "cells" in answer) {
    for (const [place, column] of COLUMNS.entries()) {
      const input = inputOf(form, column, number);
      // What was typed meanwhile stays, and is sent next.
      if (input.value === sent[place]) input.value = answer.cells[column].text;
      form.elements[`seen-${column}-${number}`].value = answer.cells[column].seen;
    }
    mark(form, number, []);
    tell(form, number, "saved", `Saved: ${name}.`);
    return;
  }
  mark(form, number, answer.wrong ?? []);
  const why = answer.words ?? (response ? "The page is out of date or you are signed out." : "There is no connection.");
  tell(form, number, "not saved", `Not saved: ${name}. ${why} What you typed is still in the row.`);
}

/** One after the other for each grid: the answer to the first may change what the second has seen. */
function enqueue(form, number) {
  const before = waiting.get(form) ?? Promise.resolve();
  waiting.set(
    form,
    before.then(() => save(form, number)),
  );
}

/** Listens once for all grids that name the address of their rows in data-rows. */
export function startGridRows() {
  document.addEventListener("change", (event) => {
    const input = event.target;
    const form = input instanceof HTMLInputElement ? input.closest("form[data-rows]") : null;
    if (form && input.matches(".hub-grid__input")) enqueue(form, numberOf(input));
  });
}
