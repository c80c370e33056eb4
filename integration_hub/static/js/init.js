// Starts what the pages use of govuk-frontend, and our own additions. Pages work without any of it.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "../vendor/govuk-frontend.min.js";
import { startGrid } from "./grid.js";
import { startGridCells } from "./grid-cells.js";
import { startGridRows } from "./grid-rows.js";
import { startKeeping } from "./keep.js";
import { startSecurityKeys } from "./security-key.js";
import { startSession } from "./session.js";

const components = [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
];

function start(scope) {
  for (const component of components) createAll(component, undefined, scope);
}

/** Says to screen readers what a swapped part of the page carries in data-announce. */
function announce(part) {
  const carrier = part.matches("[data-announce]") ? part : part.querySelector("[data-announce]");
  if (carrier) document.getElementById("announcement").textContent = carrier.dataset.announce;
}

start(document);
startGrid();
startGridCells();
startGridRows();
startKeeping();
startSecurityKeys();
startSession();

document.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  if (part === document.body) return; // the page itself, started above
  start(part);
  announce(part);
});
