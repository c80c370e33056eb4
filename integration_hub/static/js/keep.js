// Keeps what was typed in a long form (form[data-keep]) in this tab, and offers it back when the sign-in had run out.
// One entry for each address and person; thrown away after a successful save, at sign-out and for anybody else.

const PREFIX = "hub-keep:";
const person = () => document.body.dataset.person ?? "";
const keyHere = () => `${PREFIX}${location.pathname}`;
const SKIPPED_TYPES = new Set(["hidden", "password", "file", "submit", "button", "reset"]);

/** The store, or null where the browser forbids it. */
function store() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function entries() {
  const kept = store();
  if (!kept) return [];
  return Object.keys(kept)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => [key, JSON.parse(kept.getItem(key))]);
}

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !SKIPPED_TYPES.has(field.type));

/** Each field's value in the form's order; a box that is not ticked is false. */
export function valuesOf(form) {
  return fieldsOf(form).map((field) => {
    if (field.type === "checkbox" || field.type === "radio") return [field.name, field.value, field.checked];
    if (field.multiple) return [field.name, [...field.selectedOptions].map((option) => option.value)];
    return [field.name, field.value];
  });
}

function keep(form) {
  const entry = { person: person(), at: new Date().toISOString(), sent: false, values: valuesOf(form) };
  try {
    store()?.setItem(keyHere(), JSON.stringify(entry));
  } catch {
    // Full: the page goes on without keeping, as it would without JavaScript.
  }
}

function putBack(form, values) {
  const waiting = [...values];
  for (const field of fieldsOf(form)) {
    const boxed = field.type === "checkbox" || field.type === "radio";
    const place = waiting.findIndex(([name, value]) => name === field.name && (!boxed || value === field.value));
    if (place < 0) continue;
    const [[, value, checked]] = waiting.splice(place, 1);
    if (boxed) field.checked = checked;
    else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function buttonOf(words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = words;
  button.addEventListener("click", act);
  return button;
}

function offer(form, entry) {
  const notice = document.createElement("div");
  notice.className = "hub-notice hub-kept";
  notice.setAttribute("role", "status");
  const inner = document.createElement("div");
  const words = document.createElement("p");
  const time = new Date(entry.at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  words.textContent = `What you typed here on ${time} was not saved. Compare it with what the form shows now.`;
  const actions = document.createElement("div");
  actions.className = "hub-kept__actions";
  const firstField = () => fieldsOf(form)[0]?.focus();
  actions.append(
    buttonOf("Put it back", () => {
      notice.remove();
      putBack(form, entry.values);
      firstField();
    }),
    buttonOf("Throw it away", () => {
      store()?.removeItem(keyHere());
      notice.remove();
      firstField();
    }),
  );
  inner.append(words, actions);
  notice.append(inner);
  form.prepend(notice);
}

/** After a save the next page says so by a success message or by [data-keep-saved]. */
function tidy() {
  const saved = document.querySelector(".govuk-notification-banner--success, [data-keep-saved]") !== null;
  for (const [key, entry] of entries()) {
    const somebodyElse = person() !== "" && entry.person !== person();
    if (somebodyElse || (entry.sent && saved)) store().removeItem(key);
  }
}

function markSent() {
  const kept = store()?.getItem(keyHere());
  if (kept) store().setItem(keyHere(), JSON.stringify({ ...JSON.parse(kept), sent: true }));
}

const keptForm = (element) => (element instanceof Element ? element.closest("form[data-keep]") : null);

export function startKeeping() {
  tidy();
  const form = document.querySelector("form[data-keep]");
  const entry = form && entries().find(([key]) => key === keyHere())?.[1];
  if (entry && JSON.stringify(entry.values) !== JSON.stringify(valuesOf(form))) offer(form, entry);
  document.addEventListener("input", (event) => {
    const typedIn = keptForm(event.target);
    if (typedIn) keep(typedIn);
  });
  document.addEventListener("submit", (event) => {
    if (keptForm(event.target)) markSent();
    // The getAttribute form, since a field named "action" would hide the property.
    else if (event.target.getAttribute("action")?.endsWith("/logout/")) {
      for (const [key] of entries()) store().removeItem(key);
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && keptForm(event.detail.elt)) store()?.removeItem(keyHere());
  });
}
