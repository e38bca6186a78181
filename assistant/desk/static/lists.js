// The left pane: which issue, its bullets, and what still blocks its sign-off.

import { $, api, app, attempt, button, count, day, dialog, el, on, post, put, say, tell } from "./core.js";
import { caretAt } from "./text.js";
import * as editor from "./editor.js";

const STATES = { draft: "draft", reviewed: "reviewed", approved: "approved" };
let pulseTimer = 0, pulsing = null;

export function start() {
  $("#issues").addEventListener("change", (event) => openIssue(event.target.value));
  $("#add-bullet").addEventListener("click", byHand);
  on("changed", () => pulse());
  on("bullet", () => { if (app.issue) rows(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) pulse(); });
}

export async function loadIssues(wanted = null, bullet = null) {
  const found = await api("issues");
  app.user = found.user;
  $("#user").textContent = found.user;
  $("#desk").dataset.team = found.team ? "yes" : "no";
  const past = { imported: ", past issue", sent: ", sent", draft: "" };
  $("#issues").replaceChildren(...found.issues.map((line) =>
    el("option", { value: line.id }, `${line.name}, ${day(line.date)}${past[line.status]}`)));
  const first = found.issues.find((line) => line.status === "draft") ?? found.issues[0];
  const id = found.issues.some((line) => line.id === wanted) ? wanted : first?.id;
  $("#desk").dataset.empty = id ? "no" : "yes";
  if (id) await openIssue(id, bullet);
  else tell("no issue");
}

export async function openIssue(id, bullet = null) {
  if (!(await editor.save()) && !confirmLeave()) { $("#issues").value = app.issue.id; return; }
  const issue = await attempt(() => api(`issues/${id}`));
  if (!issue) return;
  app.issue = issue;
  $("#issues").value = id;
  $("#desk").dataset.status = issue.status;
  tell("issue", issue);
  const there = issue.bullets.some((b) => b.id === bullet);
  const next = there ? bullet : issue.bullets[0]?.id;
  $("#desk").dataset.bullets = next ? "yes" : "no";
  if (next) await openBullet(next);
  else { app.bullet = null; rows(); remember(); }
}

function confirmLeave() {
  say("This bullet has words that are not saved; settle that first.");
  return false;
}

export async function openBullet(id, then = null) {
  if (id !== app.bullet || !editor.shown()) {
    if (editor.shown() && !(await editor.save()) && !confirmLeave()) return;
    const view = await attempt(() => api(`issues/${app.issue.id}/bullets/${id}`));
    if (!view) return;
    app.bullet = id;
    $("#desk").dataset.bullets = "yes";
    editor.open(view);
    tell("opened", view);
    tell("bullet", editor.shown());
    $("#page").scrollTop = 0;
    remember();
  }
  rows();
  then?.();
  schedule();
}

const remember = () => history.replaceState(null, "",
  `#${app.screen}/${app.issue.id}${app.bullet ? `/${app.bullet}` : ""}`);
on("screen", () => { if (app.issue) remember(); });

function rows() {
  const editable = app.issue.status === "draft";
  const list = $("#bullets");
  const focused = document.activeElement?.closest?.("#bullets .row")?.dataset.id;
  list.replaceChildren(...app.issue.bullets.map((bullet, n) => {
    const open = bullet.open;
    const words = open ? `${open} to settle` : bullet.claims ? STATES[bullet.state] : "empty";
    const past = app.issue.status !== "draft"; // published as it is: nothing to settle any more
    const sign = open ? "" : { approved: "✓✓", reviewed: "✓", draft: "" }[bullet.state];
    return el("div", { class: "item" }, el("button", {
      type: "button", class: "row", data: { id: bullet.id },
      "aria-current": bullet.id === app.bullet ? "true" : null, onclick: () => openBullet(bullet.id),
    }, el("span", { class: "n" }, `${n + 1}`),
    el("span", { class: "said" }, bullet.headline || "No headline yet"),
    past ? null : el("small", { class: open ? "bad" : "soft" }, `${sign} ${words}`.trim(),
      bullet.notes ? ` · ${count(bullet.notes, "note")}` : "")),
    editable && bullet.id === app.bullet ? el("div", { class: "move" },
      button("↑", () => move(n, -1), { "aria-label": "Move up", disabled: n === 0 }),
      button("↓", () => move(n, 1), { "aria-label": "Move down", disabled: n === app.issue.bullets.length - 1 }),
      button("Take out", () => takeOut(n))) : null);
  }));
  if (focused) $(`.row[data-id="${focused}"]`, list)?.focus({ preventScroll: true });
  points();
}

function points() {
  const points = app.issue.points;
  const past = app.issue.status !== "draft";
  const rest = past ? [] : points;
  const open = rest.filter((point) => point.code !== "not-approved");
  const waiting = rest.filter((point) => point.code === "not-approved");
  const left = [open.length ? `${count(open.length, "thing")} to settle` : null,
    waiting.length ? `${count(waiting.length, "bullet")} to approve` : null].filter(Boolean).join(", ");
  $("#points-line").textContent = past ? "A past issue; it is only read." : app.issue.checking ? "Checking…"
    : !app.issue.bullets.length ? "No bullet yet." : left || "✓ Nothing blocks sign-off";
  $("#points-line").className = open.length && !app.issue.checking ? "bad" : "";
  const lines = open.map((point) => button(
    el("span", {}, el("b", {}, `${point.number}`), ` ${short(point.message)}`),
    () => goTo(point), { class: "row point" }));
  if (waiting.length) lines.push(el("p", { class: "waiting" }, "Not approved: ", ...waiting.map((point) =>
    button(`${point.number}`, () => goTo(point), { "aria-label": `Approve bullet ${point.number}` }))));
  $("#points").replaceChildren(...lines);
}

const short = (message) => (message.length > 90 ? `${message.slice(0, 88)}…` : message);

export function goTo(point) {
  tell("go", "draft");
  return openBullet(point.bullet, () => {
    if (point.code === "not-approved") { $("#sign").focus(); return; }
    const claim = editor.shown().claims.find((c) => c.field === point.field &&
      c.start <= point.start && point.end <= c.end && c.status !== "supported");
    if (claim) editor.pick(claim.n, { scroll: true });
    caretAt(point.field, point.start, point.end);
  });
}

async function arrange(order) {
  const issue = await attempt(() => put(`issues/${app.issue.id}/order`, { order }));
  if (!issue) return false;
  app.issue = issue;
  rows();
  return true;
}

const ids = () => app.issue.bullets.map((bullet) => bullet.id);

export function move(n, by) {
  const order = ids();
  const [bullet] = order.splice(n, 1);
  order.splice(n + by, 0, bullet);
  return arrange(order);
}

async function takeOut(n) {
  const back = ids();
  const order = back.filter((_, i) => i !== n);
  if (!(await arrange(order))) return;
  if (order.length) await openBullet(order[Math.min(n, order.length - 1)]);
  // Said last: another bullet on the screen takes away what was said before.
  say("The bullet was taken out of the issue; its text is kept.", { label: "Undo", run: () => arrange(back) });
}

async function byHand() {
  const pasted = el("textarea", { rows: 8, "aria-label": "Sentences" });
  const form = el("form", {}, el("p", { class: "soft" },
    "Paste sentences, or leave this empty and write. Sources are proposed for each sentence."),
  pasted, el("footer", {}, el("button", { class: "go", type: "submit" }, "Add the bullet")));
  const box = dialog("A bullet by hand", form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    box.close();
    const issue = await attempt(() => post(`issues/${app.issue.id}/bullets`, { pasted: pasted.value }));
    if (!issue) return;
    app.issue = issue;
    await openBullet(issue.added, () => $("#headline").focus());
  });
  pasted.focus();
}

// Asks how things stand: soon while something is being checked, now and then otherwise.
export async function pulse() {
  if (pulsing || !app.issue) return;
  const issue = app.issue.id, bullet = app.bullet;
  pulsing = Promise.all([api(`issues/${issue}`), bullet ? api(`issues/${issue}/bullets/${bullet}`) : null]);
  try {
    const [fresh, view] = await pulsing;
    if (app.issue.id !== issue) return;
    app.issue = fresh;
    if (view && app.bullet === bullet) editor.adopt(view);
    rows();
    tell("issue", fresh);
  } catch (error) {
    if (error.status === undefined) throw error;
  } finally {
    pulsing = null;
    schedule();
  }
}

function schedule() {
  clearTimeout(pulseTimer);
  const soon = app.issue?.checking || editor.shown()?.checking;
  pulseTimer = setTimeout(() => { if (document.hidden && !soon) schedule(); else pulse(); }, soon ? 500 : 6000);
}

