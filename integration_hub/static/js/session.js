// Warns before the session ends (body[data-session]), and lets the person stay. The server knows how long is left and is
// asked before anything is said: another tab may have prolonged the session, or ended it.

const WARN = 120; // seconds before the end
const ASK_WHILE_SHOWN = 10; // seconds between two questions while the warning stands
const SAID_AT = [60, 30, 10]; // seconds left at which a screen reader hears them again
const BACKGROUND = { "Hub-Background": "1", Accept: "application/json" };

let ends = 0; // when the session ends, in milliseconds of the page's own clock
let canStay = true;
let dialog, words, said, stay, again;
let waiting, ticking, returnTo;
let shownFor = 0; // seconds

const left = () => Math.max(0, Math.round((ends - performance.now()) / 1000));
const address = () => document.body.dataset.session;

function take(answer) {
  ends = performance.now() + answer.left * 1000;
  canStay = answer.most > answer.left + 1;
}

/** What the server says, or null where the session has ended. Throws where the server cannot be reached. */
async function ask(options) {
  const answer = await fetch(address(), { redirect: "manual", cache: "no-store", credentials: "same-origin", ...options });
  if (!answer.ok) {
    if (answer.type === "opaqueredirect" || answer.status === 403) return null;
    throw new Error(`${address()} answered ${answer.status}`);
  }
  return answer.json();
}

function inWords(seconds) {
  if (seconds >= 60) {
    const minutes = Math.ceil(seconds / 60);
    return `${minutes} minute${minutes === 1 ? "" : "s"}`;
  }
  return `${seconds} second${seconds === 1 ? "" : "s"}`;
}

function element(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function build() {
  dialog = element("dialog", {
    class: "hub-dialog",
    role: "alertdialog",
    "aria-labelledby": "session-title",
    "aria-describedby": "session-words",
  });
  const title = element("h2", { class: "govuk-heading-m", id: "session-title" }, "Are you still there?");
  words = element("p", { class: "govuk-body", id: "session-words" });
  said = element("p", { class: "govuk-visually-hidden", role: "status" });
  const actions = element("div", { class: "hub-actions" });
  stay = element("button", { type: "button", class: "govuk-button", id: "session-stay" }, "Stay signed in");
  stay.addEventListener("click", keep);
  again = element("a", { class: "govuk-link", id: "session-again", href: "" }, "Sign in again");
  actions.append(stay, again);
  dialog.append(title, words, said, actions);
  // Escape means: I am here.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (stay.hidden) close();
    else keep();
  });
  document.body.append(dialog);
}

function show() {
  if (!dialog) build();
  if (!dialog.open) {
    returnTo = document.activeElement;
    said.textContent = "";
    dialog.showModal();
  }
  draw();
  (stay.hidden ? again : stay).focus();
  clearInterval(ticking);
  ticking = setInterval(tick, 1000);
}

function draw() {
  const over = left() === 0;
  dialog.querySelector("h2").textContent = over ? "You are signed out" : "Are you still there?";
  stay.hidden = over || !canStay;
  again.hidden = !over && canStay;
  again.textContent = over ? "Sign in again" : "Go back to the page";
  again.setAttribute("href", over ? `${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}` : "#");
  again.onclick = over ? null : goBack;
  if (over) words.textContent = "Your session has ended. What you typed in a long form is kept in this tab, and offered again after you sign in.";
  else if (canStay) words.textContent = `You will be signed out in ${inWords(left())}, because nothing was opened or saved for a while.`;
  else words.textContent = `You will be signed out in ${inWords(left())}, because you signed in so long ago. Save what you have typed, then sign in again.`;
}

async function tick() {
  draw();
  if (SAID_AT.includes(left())) said.textContent = words.textContent;
  shownFor += 1;
  if (shownFor % ASK_WHILE_SHOWN && left() > 0) return;
  clearInterval(ticking);
  await look();
}

/** Asks how long is left, then warns, waits, or says that it is over. */
async function look() {
  clearTimeout(waiting);
  let answer;
  try {
    answer = await ask({ headers: BACKGROUND });
  } catch {
    // Offline, perhaps asleep: what is known of the end stays true.
    answer = { left: left(), most: canStay ? Infinity : left() };
  }
  if (answer === null) {
    ends = performance.now();
    return over();
  }
  take(answer);
  if (left() === 0) return over();
  if (left() <= WARN) return show();
  close();
  waitForWarning();
}

function over() {
  show();
  clearInterval(ticking);
  said.textContent = words.textContent;
}

async function keep() {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  let answer;
  try {
    answer = await ask({ method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" } });
  } catch {
    words.textContent = "The server did not answer. Try again.";
    return;
  }
  if (answer === null) {
    ends = performance.now();
    over();
    return;
  }
  take(answer);
  if (left() <= WARN) return show();
  close();
  waitForWarning();
}

function close() {
  clearInterval(ticking);
  shownFor = 0;
  if (!dialog?.open) return;
  dialog.close();
  if (returnTo?.isConnected) returnTo.focus();
}

/** The end cannot be put off: back to the page, and a last word when it has come. */
function goBack(event) {
  event.preventDefault();
  close();
  waiting = setTimeout(look, (left() + 1) * 1000);
}

function waitForWarning() {
  clearTimeout(waiting);
  waiting = setTimeout(look, Math.max(1, left() - WARN) * 1000);
}

export function startSession() {
  if (!address() || !window.HTMLDialogElement) return;
  const seconds = Number(document.body.dataset.sessionLeft);
  take({ left: seconds, most: Infinity });
  waitForWarning();
  // A machine that slept, or a tab that was away: timers may not have run, and another tab may have stayed.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
}
