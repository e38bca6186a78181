// A bullet while it is edited: shown, typed in, saved as one types, its claims gone through.

import { $, api, app, attempt, button, bulletPath, el, offsetOf, put, say, tell, when } from "./core.js";
import { resolveConflict } from "./conflict.js";
import { drawMarks, moveMarks } from "./marks.js";
import { FIELDS, changeIn, draw, redraw, roots, same, showRange, start as startText, words } from "./text.js";

const PAUSE = 600, LONGEST = 1500;

let view = null, edits = 0;
let pauseTimer = 0, latestTimer = 0, saving = null, retries = 0;
export let current = -1;

export const shown = () => view;
export const dirty = () => edits > 0;

export function start() {
  startText(typed);
  document.addEventListener("selectionchange", follow);
  addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });
  addEventListener("pagehide", () => { if (dirty()) keepDraft(); });
}

// Show a bullet. Text that never reached the server is brought back and saved.
export function open(fresh) {
  clearTimeout(pauseTimer);
  clearTimeout(latestTimer);
  view = fresh;
  edits = 0;
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

// The server's newest: other words are drawn, verdicts on the same words only mark, and where
// nothing is new nothing is drawn, so that focus stays where it is.
export function adopt(fresh) {
  if (!view || fresh.id !== view.id || dirty() || saving) return;
  if (JSON.stringify(fresh) === JSON.stringify(view) && same(fresh, words())) return;
  const other = !same(fresh, view);
  view = fresh;
  if (other || !same(fresh, words())) redraw(fresh);
  marks();
  saidSaved();
  tell("bullet", view);
}

// ---- typing

function typed(field) {
  const change = changeIn(field);
  if (change) moveMarks(view, field, change);
  changed();
}

const marks = () => drawMarks(view, current);

// The text is another than the server's: it is kept here, and saved soon.
export function changed() {
  edits++;
  retries = 0;
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
