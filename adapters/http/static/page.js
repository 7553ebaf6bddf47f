// What every page does: the session's token on each request, the theme, dialogs, and keys.

import { translate } from "./messages.js";

export const token = () => document.querySelector('meta[name="csrf-token"]').content;

/** Send something that changes something; rejects with the sentence that the server answers. */
export async function send(address, { method = "POST", body = null } = {}) {
  const response = await fetch(address, { method, body, headers: { "X-CSRF-Token": token() } });
  if (!response.ok) throw new Error(await explain(response));
  return response;
}

async function explain(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return translate("The server answered {status}.", { status: response.status });
  }
}

const SHOWN = 6000;  // milliseconds; what has failed stays until something else is done
let shown;

/** Say something to people who look and to people who listen. */
export function announce(text, { failed = false } = {}) {
  const place = document.getElementById("announcements");
  place.textContent = "";
  place.classList.toggle("failed", failed);
  clearTimeout(shown);
  requestAnimationFrame(() => (place.textContent = text));
  if (!failed) shown = setTimeout(() => (place.textContent = ""), SHOWN);
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = token();
});
document.addEventListener("htmx:responseError", (event) => {
  let told = translate("The server answered {status}.", { status: event.detail.xhr.status });
  try {
    told = JSON.parse(event.detail.xhr.responseText).detail;
  } catch { /* it was no problem report */ }
  announce(told, { failed: true });
});
document.addEventListener("htmx:sendError", () => {
  announce(translate("Scrubjay can't be reached. Is it still running?"), { failed: true });
});

// A fragment that arrives in the dialog opens it.
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.target.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
});
document.addEventListener("click", (event) => {
  const told = document.getElementById("announcements");
  if (told?.classList.contains("failed")) told.textContent = "";
  const closes = event.target.closest("[data-close]");
  if (closes) closes.closest("dialog").close();
  if (event.target.closest("[data-theme-switch]")) switchTheme();
});

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
  announce(dark ? translate("Light colours.") : translate("Dark colours."));
}

// "/" goes to the search or the message field of a page, as on many sites.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const field = document.querySelector("[data-first-field]");
  if (event.key === "/" && !typing && field && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
  }
});

// What was changed or forgotten in the dialog changes on the page as well.
const ofPassage = (id) => document.querySelectorAll(`#p${Number(id)}, #h${Number(id)}`);
document.addEventListener("forgotten", (event) => {
  for (const each of ofPassage(event.detail.id)) each.remove();
  announce(translate("Forgotten."));
});
document.addEventListener("edited", (event) => {
  for (const each of ofPassage(event.detail.id)) {
    const told = each.querySelector(".text, .told");
    if (told) told.textContent = event.detail.text;
  }
});
