// The text of a bullet: links to see, marks of claims and style, saved while one types.
// Marks are the browser's custom highlights: a check redraws them and touches no text.

import { $, api, app, attempt, button, bulletPath, caretTo, count, dialog, el, offsetOf, on,
  put, rangeOf, say, tell, when } from "./core.js";
import { resolveConflict } from "./conflict.js";

const PAUSE = 600, LONGEST = 1500;
const FIELDS = ["headline", "text"];
const MARKS = ["current", "stale", "partial", "unsupported", "contradicted", "spot", "error", "style"];

let roots, view = null, before = null, edits = 0;
let pauseTimer = 0, latestTimer = 0, saving = null, retries = 0, stuck = false;
export let current = -1;

export const shown = () => view;
export const dirty = () => edits > 0;

export function start() {
  roots = { headline: $("#headline"), text: $("#text") };
  for (const field of FIELDS) {
    const root = roots[field];
    root.addEventListener("beforeinput", refuse);
    root.addEventListener("input", () => typed(field));
    root.addEventListener("paste", paste);
    root.addEventListener("drop", (event) => event.preventDefault());
  }
  roots.text.addEventListener("click", openLink);
  roots.headline.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); caretTo(roots.text, 0); }
  });
  document.addEventListener("selectionchange", follow);
  addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });
  addEventListener("pagehide", () => { if (dirty()) keepDraft(); });
  on("saved elsewhere", (fresh) => adopt(fresh));
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

function draw(given) {
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

// Show a bullet. Text that never reached the server is brought back and saved.
export function open(fresh) {
  clearTimeout(pauseTimer);
  clearTimeout(latestTimer);
  view = fresh;
  edits = 0;
  stuck = false;
  current = -1;
  const editable = app.issue.status === "draft";
  for (const field of FIELDS) roots[field].setAttribute("contenteditable", editable ? "true" : "false");
  draw(fresh);
  const draft = readDraft(fresh.id);
  if (draft && same(draft, fresh)) dropDraft(fresh.id);
  else if (draft && editable) {
    view = { ...fresh, revision: draft.revision };
    draw(draft);
    say("Text that had not been saved was brought back.");
    edits = 1;
    save();
  }
  saidSaved();
  first();
}

// The server's newest: other words are drawn, verdicts on the same words only mark.
export function adopt(fresh) {
  if (!view || fresh.id !== view.id || dirty() || saving) return;
  const other = !same(fresh, view);
  view = fresh;
  if (other || !same(fresh, words())) redraw(fresh);
  marks();
  saidSaved();
  tell("bullet", view);
}

function redraw(fresh) {
  const selection = getSelection();
  const field = FIELDS.find((name) => selection.anchorNode && roots[name].contains(selection.anchorNode));
  const at = field ? offsetOf(roots[field], selection.anchorNode, selection.anchorOffset) : 0;
  draw(fresh);
  if (field && document.activeElement === roots[field])
    caretTo(roots[field], Math.min(at, fresh[field].length));
}

const same = (one, other) => one.headline === other.headline && one.text === other.text &&
  JSON.stringify(one.links.map((k) => [k.start, k.end, k.url])) ===
  JSON.stringify(other.links.map((k) => [k.start, k.end, k.url]));

// ---- typing

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

// Everything that was said of the text moves along; what was touched is stale at once.
function typed(field) {
  const now = words()[field], old = before[field];
  let head = 0, tail = 0;
  const most = Math.min(now.length, old.length);
  while (head < most && now[head] === old[head]) head++;
  while (tail < most - head && now[now.length - 1 - tail] === old[old.length - 1 - tail]) tail++;
  const end = old.length - tail, moved = now.length - old.length;
  if (moved !== 0 || head < end) shift(field, head, end, moved);
  before[field] = now;
  changed();
}

function shift(field, from, to, moved) {
  const move = (mark) => {
    if (mark.start >= to && !(mark.start === to && from === to && mark.end === to)) {
      mark.start += moved; mark.end += moved;
      return false;
    }
    if (mark.end > from || (mark.end === from && moved > 0)) {
      mark.end = Math.max(mark.start, mark.end + moved);
      return true;
    }
    return false;
  };
  for (const claim of view.claims) {
    if (claim.field !== field) continue;
    if (move(claim)) {
      Object.assign(claim, { status: "stale", findings: [] });
      claim.text = before && words()[field].slice(claim.start, claim.end);
    } else for (const finding of claim.findings) move(finding);
  }
  view.findings = view.findings.filter((finding) => finding.field !== field || !move(finding));
}

function changed() {
  edits++;
  retries = 0;
  stuck = false;
  keepDraft();
  marks();
  state("Not saved yet", "unsaved");
  tell("bullet", view);
  clearTimeout(pauseTimer);
  pauseTimer = setTimeout(save, PAUSE);
  if (!latestTimer) latestTimer = setTimeout(save, LONGEST);
}

// ---- saving

// Resolves to whether all that was typed is on the server.
export async function save() {
  clearTimeout(pauseTimer);
  clearTimeout(latestTimer);
  latestTimer = 0;
  if (!view || !dirty()) return true;
  if (saving) { await saving; return dirty() ? save() : true; }
  saving = send();
  const saved = await saving;
  saving = null;
  if (saved && dirty()) return save();
  return saved;
}

async function send() {
  const id = view.id, upTo = edits, mine = words();
  state("Saving…", "unsaved");
  try {
    const fresh = await put(bulletPath("", id), { based_on: view.revision, ...mine });
    if (view.id !== id) return true;
    retries = 0;
    if (edits === upTo) {
      edits = 0;
      dropDraft(id);
      view = fresh;
      marks();
      saidSaved();
      tell("bullet", view);
    } else {
      view.revision = fresh.revision;
      edits -= upTo;
      keepDraft();
    }
    tell("changed");
    return true;
  } catch (error) {
    if (error.status === undefined) throw error;
    if (view.id === id) unsaved(error, mine);
    return false;
  }
}

function unsaved(error, mine) {
  const here = "Your text is kept in this browser.";
  if (error.status === 409) {
    stuck = true;
    state("Somebody else saved this bullet meanwhile", "bad", ["Compare", () => conflict(mine)]);
    conflict(mine);
  } else if (error.status === 401) {
    state(`Signed out, not saved. ${here}`, "bad", ["Sign in", () => { location.href = "/sign-in"; }]);
  } else if (error.status === 0 || error.status >= 500) {
    const seconds = Math.min(15, 2 ** retries++);
    state(`Not saved: ${error.message} ${here} Trying again.`, "bad", ["Try now", save]);
    clearTimeout(pauseTimer);
    pauseTimer = setTimeout(save, seconds * 1000);
  } else {
    state(`Not saved: ${error.message}`, "bad", ["Try again", save]);
  }
}

async function conflict(mine) {
  const merged = await attempt(() => resolveConflict(view, mine));
  if (!merged) return;
  view.revision = merged.revision;
  draw(merged);
  edits = 1;
  stuck = false;
  keepDraft();
  await save();
}

// A change that the server makes: what is typed is saved first, then the answer is shown.
export async function act(request, done = null) {
  if (!(await save())) return null;
  const revision = view.revision;
  const fresh = await attempt(() => request(revision));
  if (!fresh) return null;
  view = fresh;
  redraw(fresh);
  marks();
  saidSaved();
  tell("bullet", view);
  tell("changed");
  if (done) say(done, { label: "Undo", run: () => undo(fresh.id, revision, done) });
  return fresh;
}

function undo(bullet, number, done) {
  if (view.id !== bullet) return null;
  return act((based_on) => api(bulletPath("/restore"), {
    method: "POST", body: { based_on, number, note: `Undone: ${done}`.slice(0, 200) } }));
}

function saidSaved() {
  if (dirty()) return;
  const who = view.author === app.user ? "" : ` by ${view.author}`;
  const checking = view.checking || view.claims.some((claim) => claim.status === "stale");
  const line = `Saved${who} ${when(view.saved_at)}, revision ${view.revision}`;
  if (view.check_failed) state(`${line}. Not checked: ${view.check_failed}`, "bad");
  else state(checking ? `${line}. Checking…` : line, "");
}

function state(message, kind, act = null) {
  const line = $("#state");
  line.className = kind;
  line.replaceChildren(el("span", {}, message));
  if (act) line.append(button(act[0], act[1]));
}

// ---- what the browser keeps until the server has it

const key = (id) => `desk:draft:${id}`;

function keepDraft() {
  const draft = { ...words(), revision: view.revision };
  try { localStorage.setItem(key(view.id), JSON.stringify(draft)); } catch { /* storage is full */ }
}

function dropDraft(id) {
  localStorage.removeItem(key(id));
}

function readDraft(id) {
  const kept = localStorage.getItem(key(id));
  return kept ? JSON.parse(kept) : null;
}

// ---- marks

export function marks() {
  if (!CSS.highlights) return;
  const found = Object.fromEntries(MARKS.map((name) => [name, []]));
  const put = (name, field, start, end) => {
    const range = end > start ? rangeOf(roots[field], start, end) : null;
    if (range) found[name].push(range);
  };
  for (const claim of view.claims) {
    const spots = claim.findings.filter((f) => !f.whole && f.level === "error");
    if (claim.n === current) put("current", claim.field, claim.start, claim.end);
    if (claim.status === "stale") put("stale", claim.field, claim.start, claim.end);
    else if (claim.status === "unchecked") put("unsupported", claim.field, claim.start, claim.end);
    else if (claim.status !== "supported" && !spots.length)
      put(claim.status, claim.field, claim.start, claim.end);
    else if (claim.status !== "supported") put("partial", claim.field, claim.start, claim.end);
    for (const spot of spots) put("spot", claim.field, spot.start, spot.end);
  }
  for (const finding of view.findings)
    put(finding.level === "error" ? "error" : "style", finding.field, finding.start, finding.end);
  MARKS.forEach((name, priority) => {
    const highlight = new Highlight(...found[name]);
    highlight.priority = priority;
    CSS.highlights.set(`desk-${name}`, highlight);
  });
}

// ---- claims

function follow() {
  const selection = getSelection();
  if (!view || !selection.anchorNode || !document.activeElement?.isContentEditable) return;
  const field = FIELDS.find((name) => roots[name].contains(selection.anchorNode));
  if (!field) return;
  const at = offsetOf(roots[field], selection.anchorNode, selection.anchorOffset);
  const claim = view.claims.find((c) => c.field === field && c.start <= at && at <= c.end);
  if (claim && claim.n !== current) pick(claim.n);
}

export function pick(number, { scroll = false } = {}) {
  current = number;
  marks();
  const claim = view.claims[number];
  if (scroll && claim) showRange(claim.field, claim.start, claim.end);
  tell("claim", number);
}

// The first claim that needs somebody, else the first of the text.
function first() {
  const doubtful = view.claims.find((c) => c.status !== "supported");
  const text = view.claims.find((c) => c.field === "text") ?? view.claims[0];
  pick((doubtful ?? text)?.n ?? -1);
}

export function step(by) {
  const n = view.claims.length;
  if (n) pick((current + by + n) % n, { scroll: true });
}

function showRange(field, start, end) {
  const rect = rangeOf(roots[field], start, end)?.getBoundingClientRect();
  const pane = $("#page");
  const frame = pane.getBoundingClientRect();
  if (rect && (rect.top < frame.top + 20 || rect.bottom > frame.bottom - 20))
    pane.scrollTop += rect.top - frame.top - pane.clientHeight / 3;
}

// Puts the caret at a place, as for something that blocks.
export function goTo(field, start, end) {
  showRange(field, start, end);
  caretTo(roots[field], start, end);
}

// ---- links

function openLink(event) {
  const a = event.target.closest("a");
  if (!a) return;
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) window.open(a.href, "_blank", "noopener,noreferrer");
}

export function editLink() {
  const selection = getSelection();
  if (!selection.anchorNode || !roots.text.contains(selection.anchorNode)) {
    say("Select the word in the text that the link should stand on.");
    return;
  }
  const a = (selection.anchorNode.nodeType === 1 ? selection.anchorNode : selection.anchorNode.parentElement).closest("a");
  if (selection.isCollapsed && !a) {
    say("Select the word that the link should stand on.");
    return;
  }
  let start, end;
  if (a) { start = offsetOf(roots.text, a, 0); end = start + a.textContent.length; }
  else {
    const range = selection.getRangeAt(0);
    start = offsetOf(roots.text, range.startContainer, range.startOffset);
    end = offsetOf(roots.text, range.endContainer, range.endOffset);
  }
  linkDialog(start, end, a?.dataset.url ?? "");
}

function linkDialog(start, end, url) {
  const field = el("input", { type: "url", value: url, "aria-label": "Address", placeholder: "https://",
    pattern: "https?://.+", title: "An address that begins with https:// or http://", required: true });
  const list = el("div", { class: "choices", role: "group", "aria-label": "Pages of the corpus" });
  const form = el("form", {}, el("p", { class: "soft" }, "The page that says what this sentence says."),
    field, list, el("footer", {},
      url ? button("Take the link away", () => { box.close(); setLink(start, end, null); }) : null,
      el("button", { class: "go", type: "submit" }, "Link")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    box.close();
    setLink(start, end, field.value.trim());
  });
  const box = dialog(`Link “${words().text.slice(start, end)}”`, form);
  field.focus();
  const claim = view.claims.find((c) => c.field === "text" && c.start <= start && start < c.end);
  if (claim) suggest(claim.text || words().text.slice(claim.start, claim.end), list, field);
}

async function suggest(text, list, field) {
  const found = await attempt(() => api(`articles?limit=6&q=${encodeURIComponent(text)}`));
  for (const article of found?.articles ?? []) {
    if (!article.url) continue;
    list.append(button(el("span", {}, el("b", {}, article.title),
      el("small", {}, `${article.publisher ?? ""} · ${article.kind} · ${article.access}`)),
    () => { field.value = article.url; field.focus(); }));
  }
}

function setLink(start, end, url) {
  const now = words();
  now.links = now.links.filter((k) => k.end <= start || k.start >= end);
  if (url) now.links.push({ start, end, url });
  now.links.sort((a, b) => a.start - b.start);
  draw(now);
  for (const claim of view.claims)
    if (claim.field === "text" && claim.start <= start && start < claim.end)
      Object.assign(claim, { status: "stale", findings: [] });
  changed();
  caretTo(roots.text, end);
}

export const countWords = () => count((words().text.match(/\S+/g) ?? []).length, "word");
