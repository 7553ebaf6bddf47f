// Reads on in both directions as one scrolls, and lets go of what is far away: any length fits into a page.
import { translate } from "./messages.js";
import { announce } from "./page.js";

const MOST = 400;  // messages that are kept in the page
const reading = document.getElementById("reading");
const base = `/conversations/${reading.dataset.conversation}/page`;

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) load(entry.target);
}, { root: reading, rootMargin: "600px 0px" });

function watch() {
  for (const sentinel of reading.querySelectorAll(".sentinel")) watcher.observe(sentinel);
}

async function load(sentinel) {
  watcher.unobserve(sentinel);
  const { edge, position } = sentinel.dataset;
  const response = await fetch(`${base}?${edge}=${encodeURIComponent(position)}`);
  if (!response.ok) {
    const status = response.status;
    announce(translate("The messages can't be loaded: the server answered {status}.", { status }), { failed: true });
    return;
  }
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  keepPlace(() => {
    sentinel.replaceWith(template.content);
    if (edge === "before") trim([...reading.querySelectorAll(".line")].slice(MOST), "after");
    else trim([...reading.querySelectorAll(".line")].slice(0, -MOST), "before");
    removeRepeatedDays();
  });
  window.htmx.process(reading);
  watch();
}

/** Change what is there without moving what is read: by the first message in sight that stays. */
function keepPlace(change) {
  const top = reading.getBoundingClientRect().top;
  const anchor = [...reading.querySelectorAll(".line")].find((each) => each.getBoundingClientRect().bottom > top);
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (anchor?.isConnected) reading.scrollTop += anchor.getBoundingClientRect().top - before;
}

/** Remove messages at one end, and leave a place there that loads them again. */
function trim(lines, edge) {
  if (!lines.length) return;
  const gone = new Set(lines);
  const kept = [...reading.querySelectorAll(".line")].filter((each) => !gone.has(each));
  const last = edge === "after" ? kept.at(-1) : kept[0];
  const children = [...reading.children];
  const at = children.indexOf(last);
  for (const each of edge === "after" ? children.slice(at + 1) : children.slice(0, at)) each.remove();
  const sentinel = document.createElement("div");
  sentinel.className = "sentinel";
  sentinel.dataset.edge = edge;
  sentinel.dataset.position = last.dataset.position;
  if (edge === "after") reading.append(sentinel);
  else reading.prepend(sentinel);
}

function removeRepeatedDays() {
  let day = null;
  for (const heading of reading.querySelectorAll(".day")) {
    if (heading.dataset.day === day) heading.remove();
    day = heading.dataset.day;
  }
}

const sought = reading.querySelector(".sought");
if (sought) sought.scrollIntoView({ block: "center" });
else if (reading.dataset.from === "start") {
  const [, first] = [...reading.querySelectorAll(".line")].reverse().reduce(
    ([, found], each) => [null, dayOf(each) >= document.getElementById("go-to").value ? each : found], [null, null]);
  first?.scrollIntoView({ block: "start" });
} else reading.scrollTop = reading.scrollHeight;
watch();

function dayOf(line) {
  let at = line;
  while (at && !at.classList.contains("day")) at = at.previousElementSibling;
  return at?.dataset.day ?? "";
}
