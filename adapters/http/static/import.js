// A file that is dropped anywhere on the page is looked through, with how far it is sent.
import { translate } from "./messages.js";
import { announce } from "./page.js";

const form = document.getElementById("look");
const field = document.getElementById("export");
const sending = document.getElementById("sending");
const reading = document.getElementById("reading");

addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("over");
});
addEventListener("dragleave", () => form.classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("over");
  if (!event.dataTransfer.files.length || !form.isConnected) return;
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
form.addEventListener("htmx:xhr:progress", (event) => {
  sending.hidden = false;
  if (event.detail.lengthComputable) sending.value = event.detail.loaded / event.detail.total;
  reading.hidden = sending.value < 1;
});
form.addEventListener("htmx:responseError", (event) => {
  sending.hidden = true;
  reading.hidden = false;
  reading.textContent = translate("That file could not be read.");
  try {
    reading.textContent = JSON.parse(event.detail.xhr.responseText).detail;
  } catch { /* it was no problem report */ }
});
document.addEventListener("htmx:afterSwap", (event) => {
  const zone = event.target.querySelector("#zone");
  if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (event.target.querySelector(".report")) announce(translate("The import is done."));
});
