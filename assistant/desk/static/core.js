// What every part of the desk uses: elements, requests, offsets, dialogs, messages.
// Text from anywhere is only ever set as textContent.

export const app = { user: "", issue: null, bullet: null, screen: "draft" };
export const events = new EventTarget();
export const tell = (name, detail) => events.dispatchEvent(new CustomEvent(name, { detail }));
export const on = (name, act) => events.addEventListener(name, (event) => act(event.detail));
export const $ = (selector, root = document) => root.querySelector(selector);

// Characters that turn text around or cannot be seen are shown as one mark each, so that
// a source cannot look other than it reads. One for one: offsets stay.
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
export const visible = (text) => text.replace(UNSEEN, "␣");

export function el(tag, about = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(about)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "onclick") node.addEventListener("click", value);
    else if (key === "class") node.className = value;
    else if (key === "data") Object.assign(node.dataset, value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const button = (label, onclick, about = {}) =>
  el("button", { type: "button", onclick, ...about }, label);

// A request that failed: `status` 0 where no answer came at all.
export class Refused extends Error {
  constructor(status, code, message, body) {
    super(message);
    Object.assign(this, { status, code, body });
  }
}

export async function api(path, { method = "GET", body, form, signal, wait = 15000 } = {}) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), wait);
  signal?.addEventListener("abort", () => late.abort());
  let answer, said;
  try {
    answer = await fetch(`/api/${path}`, {
      method,
      headers: body ? { "content-type": "application/json" } : {},
      body: body ? JSON.stringify(body) : form,
      signal: late.signal,
    });
    said = await answer.json();
  } catch (error) {
    const status = answer && !answer.ok ? answer.status : 0;
    throw new Refused(status, "silent", "The server does not answer.", {});
  } finally {
    clearTimeout(timer);
  }
  if (answer.ok) return said;
  throw new Refused(answer.status, said.error?.code, said.error?.message ?? "Refused.", said);
}

export const post = (path, body) => api(path, { method: "POST", body });
export const put = (path, body) => api(path, { method: "PUT", body });
export const bulletPath = (rest = "", bullet = app.bullet) =>
  `issues/${app.issue.id}/bullets/${bullet}${rest}`;

// Offsets of text inside an element, as the browser counts them.
export function offsetOf(root, node, offset) {
  const range = document.createRange();
  range.setStart(root, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

export function rangeOf(root, start, end) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let begun = false, seen = 0, node;
  while ((node = walker.nextNode())) {
    const after = seen + node.data.length;
    if (!begun && start <= after && (start < after || end === start)) {
      range.setStart(node, start - seen);
      begun = true;
    }
    if (begun && end <= after) {
      range.setEnd(node, end - seen);
      return range;
    }
    seen = after;
  }
  return null;
}

export function caretTo(root, start, end = start) {
  const range = rangeOf(root, start, end);
  root.focus();
  if (!range) return;
  const selection = getSelection();
  selection.setBaseAndExtent(
    range.startContainer, range.startOffset, range.endContainer, range.endOffset);
}

const HOUR = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const YEAR = new Intl.DateTimeFormat("en-US", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export function when(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return today ? HOUR.format(at) : `${DAY.format(at)}, ${HOUR.format(at)}`;
}

export const day = (iso) => (iso ? YEAR.format(new Date(`${iso}T00:00Z`)) : "undated");
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

// A line at the foot of the page that goes by itself; `act` is one thing to do about it.
let gone = 0;
export function say(message, act = null) {
  const line = $("#said");
  line.replaceChildren(el("span", {}, message));
  if (act) line.append(button(act.label, () => { hush(); act.run(); }));
  line.append(button("×", hush, { "aria-label": "Dismiss", class: "quiet" }));
  line.hidden = false;
  clearTimeout(gone);
  gone = setTimeout(hush, act ? 20000 : 9000);
}

export function hush() {
  $("#said").hidden = true;
}

export async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(error.message);
    return null;
  }
}

// A dialog of the browser's own: focus stays inside, Escape closes, focus returns.
export function dialog(title, ...parts) {
  const box = el("dialog", { "aria-label": title, class: "box" },
    el("header", {}, el("h2", {}, title),
      button("×", () => box.close(), { "aria-label": "Close", class: "quiet" })),
    ...parts);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("keydown", goRound);
  $("#desk").append(box);
  box.showModal();
  return box;
}

// From the last thing in a dialog to the first and back: the browser's own leaves for the page's
// frame in between, where nothing says that the dialog is still open. Of radio buttons that
// belong together the one that is chosen is the one that Tab reaches.
function goRound(event) {
  if (event.key !== "Tab") return;
  const all = [...event.currentTarget.querySelectorAll("button, input, select, textarea, a[href], [tabindex='0']")]
    .filter((one) => !one.disabled && one.offsetParent && (one.type !== "radio" || one.checked));
  const [from, to] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
  if (document.activeElement !== from) return;
  event.preventDefault();
  to.focus();
}

// Asks for a few words; resolves to them, or to null.
export function ask(title, why, { label, value = "", go = "Go on", rows = 3 } = {}) {
  return new Promise((resolve) => {
    const field = el("textarea", { rows, "aria-label": label, required: true });
    field.value = value;
    let answer = null;
    const form = el("form", { method: "dialog" }, el("p", { class: "soft" }, why), field,
      el("footer", {}, el("button", { class: "go", type: "submit" }, go)));
    form.addEventListener("submit", () => { answer = field.value.trim(); });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    const box = dialog(title, form);
    box.addEventListener("close", () => resolve(answer || null));
    field.focus();
  });
}

// A word-level difference as `compare` gives it.
export const redline = (changes) => changes.map(([what, text]) =>
  el({ same: "span", old: "del", new: "ins" }[what], {}, text));
