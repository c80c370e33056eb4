// The monitoring grid: moving between cells, filling from a copied block, and counting what is not yet saved.
// Nothing here saves, rounds or cuts off: the server reads every value again and has the last word.

const WHOLE = String.raw`(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)`;
const AMOUNT = new RegExp(String.raw`^(?:${WHOLE}(?:\.\d{1,2})?|\.\d{1,2})$`);
const MINUS = /^[-\u2212\u2013\u2014\u2010\u2011]\s*/;

/** Whether a text reads as pounds: "5,621,000.00", "£40"; below nil only where the grid allows it. */
export function isAmount(text, { negative = false } = {}) {
  const withoutPound = (value) => value.replace(/^£\s*/, "");
  let bare = withoutPound(text.trim());
  const belowNil = MINUS.test(bare) || /^\(.*\)$/.test(bare);
  if (belowNil && !negative) return false;
  if (belowNil) bare = withoutPound(bare.replace(MINUS, "").replace(/^\((.*)\)$/, "$1").trim());
  return AMOUNT.test(bare);
}

/** Rows of cells from what a spreadsheet puts on the clipboard; cells with a break inside come in quotes. */
export function parseBlock(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const closeCell = () => {
    rows.at(-1).push(cell.trim());
    cell = "";
  };
  for (let place = 0; place < source.length; place += 1) {
    const character = source[place];
    if (quoted && character === '"' && source[place + 1] === '"') {
      cell += '"';
      place += 1;
    } else if (quoted) {
      if (character === '"') quoted = false;
      else cell += character;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === "\t") closeCell();
    else if (character === "\n") {
      closeCell();
      rows.push([]);
    } else cell += character;
  }
  closeCell();
  return rows;
}

const gridOf = (element) => element.closest("[data-grid]");
const isCell = (element) => element instanceof HTMLInputElement && element.matches("[data-grid] .hub-grid__input");
const cellsOf = (grid) => [...grid.querySelectorAll(".hub-grid__input")];
const savedValue = (input) => input.dataset.saved ?? input.defaultValue;
const isChanged = (input) => input.value.trim() !== savedValue(input).trim();

/** The input in the same column, `step` rows on, passing over rows that have none there. */
function inColumn(input, step) {
  const rows = [...input.closest("table").tBodies].flatMap((body) => [...body.rows]);
  const column = input.closest("td").cellIndex;
  for (let index = rows.indexOf(input.closest("tr")) + step; rows[index]; index += step) {
    const found = rows[index].cells[column]?.querySelector(".hub-grid__input");
    if (found) return found;
  }
  return null;
}

/** The next or previous input in the same row. */
function inRow(input, step) {
  const inputs = [...input.closest("tr").querySelectorAll(".hub-grid__input")];
  return inputs[inputs.indexOf(input) + step] ?? null;
}

function neighbour(input, event) {
  const everything = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const atStart = input.selectionStart === 0 && input.selectionEnd === 0;
  const atEnd = input.selectionStart === input.value.length;
  switch (event.key) {
    case "ArrowUp":
      return inColumn(input, -1);
    case "ArrowDown":
      return inColumn(input, 1);
    case "Enter":
      return inColumn(input, event.shiftKey ? -1 : 1);
    case "ArrowLeft":
      return everything || atStart ? inRow(input, -1) : undefined;
    case "ArrowRight":
      return everything || atEnd ? inRow(input, 1) : undefined;
    default:
      return undefined;
  }
}

function move(event) {
  if (!isCell(event.target) || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.shiftKey && event.key !== "Enter") return;
  const next = neighbour(event.target, event);
  if (next === undefined) return;
  event.preventDefault(); // Enter would send the form in the middle of a column
  next?.focus();
  next?.select();
}

/** The inputs that a block would fill, row by row; null in place of a cell that is closed or outside the grid. */
function targets(start, block) {
  const rows = [];
  let first = start;
  for (const [index, line] of block.entries()) {
    if (index > 0) first = first && inColumn(first, 1);
    const row = first ? [...first.closest("tr").cells] : [];
    const column = first ? first.closest("td").cellIndex : 0;
    rows.push(line.map((_, step) => row[column + step]?.querySelector(".hub-grid__input:not([readonly])") ?? null));
  }
  return rows;
}

const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

function fill(event) {
  if (!isCell(event.target)) return;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const block = parseBlock(text);
  if (block.length === 1 && block[0].length === 1) return; // one value: the browser's own paste
  event.preventDefault();
  const grid = gridOf(event.target);
  const inputs = targets(event.target, block);
  const widest = Math.max(...block.map((line) => line.length));
  if (inputs.some((row) => row.includes(null))) {
    const size = `${plural(block.length, "row", "rows")} and ${plural(widest, "column", "columns")}`;
    tell(grid, `The copied block has ${size}, which do not all fit on open cells from here on. Nothing was filled.`);
    return;
  }
  for (const [index, line] of block.entries()) {
    for (const [step, value] of line.entries()) inputs[index][step].value = value;
  }
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
  tell(grid, `${plural(inputs.flat().length, "cell", "cells")} filled from the copied block; not yet saved.`);
}

function tell(grid, words) {
  const place = grid.querySelector("[data-grid-message]");
  if (place) place.textContent = words;
}

/** Marks changed cells and cells that are no amount, and says how many there are. */
export function count(grid) {
  const accepted = (grid.dataset.accepts ?? "").split(",").map((word) => word.trim().toLowerCase());
  const negative = "negative" in grid.dataset;
  const wrong = [];
  let changed = 0;
  for (const input of cellsOf(grid)) {
    const value = input.value.trim();
    const invalid = isChanged(input) && value !== "" && !accepted.includes(value.toLowerCase()) && !isAmount(value, { negative });
    changed += isChanged(input) ? 1 : 0;
    input.classList.toggle("hub-grid__input--changed", isChanged(input));
    input.classList.toggle("hub-grid__input--invalid", invalid);
    if (invalid) {
      input.setAttribute("aria-invalid", "true");
      wrong.push(input);
    } else if (isChanged(input)) input.removeAttribute("aria-invalid");
  }
  const state = grid.querySelector("[data-grid-count]");
  if (state) state.textContent = changed ? `${plural(changed, "change", "changes")} not yet saved` : "All changes are saved";
  const problems = grid.querySelector("[data-grid-problems]");
  if (problems) problems.textContent = wrong.length ? problemWords(wrong) : "";
}

function problemWords(wrong) {
  const [first] = wrong;
  const parts = (first.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
  const where = first.getAttribute("aria-label") ?? (parts.map((part) => part?.textContent.trim()).join(" ") || first.name);
  const verb = wrong.length === 1 ? "value is not an amount" : "values are not amounts";
  return `${wrong.length} ${verb}. First: “${first.value}” in ${where}. Write digits, such as 5,621,000.00.`;
}

/** Listens once for all grids, those that htmx brings later too. */
export function startGrid() {
  document.addEventListener("keydown", move);
  document.addEventListener("paste", fill);
  document.addEventListener("input", (event) => {
    if (!isCell(event.target)) return;
    tell(gridOf(event.target), "");
    count(gridOf(event.target));
  });
  document.addEventListener("htmx:load", (event) => {
    for (const grid of document.querySelectorAll("[data-grid]")) {
      if (grid.contains(event.detail.elt) || event.detail.elt.contains(grid)) count(grid);
    }
  });
  for (const grid of document.querySelectorAll("[data-grid]")) count(grid);
}
