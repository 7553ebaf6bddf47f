// The chat: sends what is said, and shows the replies as they are written.
import { announce, send, token } from "./page.js";
import { Composer } from "./composer.js";
import { translate } from "./messages.js";

const log = document.getElementById("log");
const items = document.getElementById("items");
const stop = document.getElementById("stop");
const greeting = document.getElementById("greeting");
const base = `/chat/${log.dataset.chat}`;
const waiting = new Set();  // event ids of messages that no reply has ended yet
let lost = false;

const composer = new Composer(document.getElementById("composer"), say);

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 120;
const toEnd = () => (log.scrollTop = log.scrollHeight);

/** Send a message with files; an upload tells how far it is, which fetch can't. */
function say(text, files, progress) {
  const body = new FormData();
  body.append("text", text);
  for (const file of files) body.append("files", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${base}/messages`);
    request.setRequestHeader("X-CSRF-Token", token());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 300) return refuse(reject, request);
      said(fragment(request.responseText));
      resolve();
    });
    request.addEventListener("error", () => refuse(reject, request));
    request.send(body);
  });
}

function refuse(reject, request) {
  let told = translate("Scrubjay can't be reached. Is it still running?");
  try {
    told = JSON.parse(request.responseText).detail;
  } catch { /* it was no problem report */ }
  fail(told);
  reject(new Error(told));
}

function fail(text) {
  document.getElementById("problem")?.remove();
  const note = document.createElement("p");
  note.id = "problem";
  note.className = "notice bad";
  note.setAttribute("role", "alert");
  note.textContent = text;
  log.append(note);
  toEnd();
}

function said(content) {
  document.getElementById("problem")?.remove();
  greeting.hidden = true;
  const message = content.querySelector("article");
  const early = document.querySelector(`[data-answers="${CSS.escape(message.dataset.id)}"]`);
  if (early) early.before(content);
  else {
    items.append(content);
    waiting.add(message.dataset.id);
    items.append(fragment(`<div class="thinking" data-for="${message.dataset.id}" aria-hidden="true"><i></i><i></i><i></i></div>`));
  }
  showState();
  toEnd();
}

function showState() {
  stop.hidden = waiting.size === 0;
}

function took(update) {
  const follows = atEnd();
  const old = document.getElementById(`m-${update.reply}`);
  const content = fragment(update.html);
  document.querySelector(`.thinking[data-for="${CSS.escape(update.answers ?? "")}"]`)?.remove();
  greeting.hidden = true;
  if (old && update.kind === "growing") {
    old.querySelector(".text").replaceWith(content.querySelector(".text"));
  } else if (old) {
    old.replaceWith(content);
  } else {
    items.append(content);
  }
  // A growing answer may come before the reply to what was sent, and after the list was read afresh.
  if (update.kind !== "growing") waiting.delete(update.answers);
  else if (update.answers) waiting.add(update.answers);
  showState();
  if (follows) toEnd();
}

const events = new EventSource(`${base}/events`);
events.addEventListener("message", (event) => took(JSON.parse(event.data)));
events.addEventListener("error", () => (lost = true));
events.addEventListener("open", async () => {
  if (!lost) return;
  lost = false;  // what came meanwhile is in the chat as it is kept
  const response = await fetch(`${base}/messages`);
  if (!response.ok) return;
  items.replaceChildren(fragment(await response.text()));
  waiting.clear();
  showState();
  toEnd();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const message = button.closest("article");
  try {
    if (button.dataset.say) await say(button.dataset.say, [], () => {});
    else if (button.dataset.fill) composer.fill(button.dataset.fill);
    else if (button === stop) await send(`${base}/stop`);
    else if (button.dataset.judge) await judge(button, message);
    else if (button.dataset.choose) await choose(button);
    else if ("copy" in button.dataset) await copy(message);
    else if (button.dataset.retry) await retry(button.dataset.retry);
  } catch (error) {
    fail(error.message);
  }
});

async function judge(button, message) {
  const taken = button.getAttribute("aria-pressed") === "true";
  const body = new FormData();
  body.append("reply", message.dataset.id);
  body.append("value", taken ? "0" : button.dataset.judge);
  await send(`${base}/feedback`, { body });
  for (const each of message.querySelectorAll("[data-judge]")) each.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", String(!taken));
  announce(taken ? translate("Taken back.") : translate("Thank you, I have noted that."));
}

async function choose(button) {
  const body = new FormData();
  body.append("question", button.dataset.choose);
  body.append("number", button.dataset.number);
  await send(`${base}/choose`, { body });
  for (const each of button.parentElement.children) each.disabled = true;
}

async function copy(message) {
  await navigator.clipboard.writeText(message.querySelector(".text").dataset.text);
  announce(translate("Copied."));
}

async function retry(answered) {
  const asked = document.getElementById(`m-${answered}`)?.querySelector(".text").dataset.text;
  if (asked) await say(asked, [], () => {});
}

const drop = document.getElementById("drop");
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  drop.hidden = false;
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) drop.hidden = true;
});
addEventListener("drop", (event) => {
  drop.hidden = true;
  if (!carriesFiles(event)) return;
  event.preventDefault();
  composer.add(event.dataTransfer.files);
});

toEnd();
