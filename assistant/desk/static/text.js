// The two fields of a bullet: what they hold, drawn and read, and where a place in them is.

import { $, caretTo, count, el, offsetOf, rangeOf } from "./core.js";

export const FIELDS = ["headline", "text"];
export const roots = {};
let before = null;

// `typed` is told which field has other words now.
export function start(typed) {
  for (const field of FIELDS) {
    const root = roots[field] = $(`#${field}`);
    root.addEventListener("beforeinput", refuse);
    root.addEventListener("input", () => typed(field));
    root.addEventListener("paste", paste);
    root.addEventListener("drop", (event) => event.preventDefault());
  }
  roots.headline.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); caretTo(roots.text, 0); }
  });
}

// What the fields hold now. Non-breaking spaces are how a browser keeps two spaces.
export function words() {
  const text = roots.text.textContent.replace(/\u00a0/g, " ");
  const links = [...roots.text.querySelectorAll("a")].filter((a) => a.textContent).map((a) => {
    const start = offsetOf(roots.text, a, 0);
    return { start, end: start + a.textContent.length, url: a.dataset.url };
  });
  return { headline: roots.headline.textContent.replace(/\u00a0/g, " "), text, links };
}

export function draw(given) {
  roots.headline.replaceChildren(given.headline);
  const parts = [];
  let done = 0;
  for (const link of given.links) {
    parts.push(given.text.slice(done, link.start));
    parts.push(anchor(given.text.slice(link.start, link.end), link.url, link.known));
    done = link.end;
  }
  parts.push(given.text.slice(done));
  roots.text.replaceChildren(...parts.filter((part) => part !== ""));
  before = { headline: given.headline, text: given.text };
}

// The address stands in the data, and in href only where it is the web's: for its look.
function anchor(text, url, known = true) {
  const a = el("a", { data: { url }, title: url, class: known ? "" : "unknown" }, text);
  if (/^https?:\/\//i.test(url)) a.href = url;
  return a;
}

// Draws a bullet anew, the caret where it was.
export function redraw(fresh) {
  const selection = getSelection();
  const field = FIELDS.find((name) => selection.anchorNode && roots[name].contains(selection.anchorNode));
  const at = field ? offsetOf(roots[field], selection.anchorNode, selection.anchorOffset) : 0;
  draw(fresh);
  if (field && document.activeElement === roots[field])
    caretTo(roots[field], Math.min(at, fresh[field].length));
}

export const same = (one, other) => one.headline === other.headline && one.text === other.text &&
  JSON.stringify(one.links.map((k) => [k.start, k.end, k.url])) ===
  JSON.stringify(other.links.map((k) => [k.start, k.end, k.url]));

function refuse(event) {
  const kind = event.inputType;
  if (kind.startsWith("format") && kind !== "formatRemove") event.preventDefault();
  if (kind === "insertParagraph" || kind === "insertLineBreak") event.preventDefault();
}

function paste(event) {
  event.preventDefault();
  const text = event.clipboardData.getData("text/plain").replace(/\s+/g, " ");
  document.execCommand("insertText", false, text);
}

// What was typed since the fields were last drawn or asked for: the stretch from `from` to `to`
// has other words, and what stands behind it moved by `moved`. Null where nothing differs.
export function changeIn(field) {
  const now = words()[field], old = before[field];
  let from = 0, tail = 0;
  const most = Math.min(now.length, old.length);
  while (from < most && now[from] === old[from]) from++;
  while (tail < most - from && now[now.length - 1 - tail] === old[old.length - 1 - tail]) tail++;
  const to = old.length - tail, moved = now.length - old.length;
  before[field] = now;
  return moved !== 0 || from < to ? { from, to, moved } : null;
}

export function showRange(field, start, end) {
  const rect = rangeOf(roots[field], start, end)?.getBoundingClientRect();
  const pane = $("#page");
  const frame = pane.getBoundingClientRect();
  if (rect && (rect.top < frame.top + 20 || rect.bottom > frame.bottom - 20))
    pane.scrollTop += rect.top - frame.top - pane.clientHeight / 3;
}

// Puts the caret at a place, as for something that blocks.
export function caretAt(field, start, end) {
  showRange(field, start, end);
  caretTo(roots[field], start, end);
}

export const countWords = () => count((words().text.match(/\S+/g) ?? []).length, "word");
