// Below the text: style findings, notes to colleagues, and the way from draft to approved.

import { $, api, app, ask, attempt, button, bulletPath, count, dialog, el, on, post, redline, say, tell, when } from "./core.js";
import { keepButton } from "./cases.js";
import { caretAt, countWords, words } from "./text.js";
import * as editor from "./editor.js";

const LEVELS = { error: "✗ error", warning: "! warning", suggestion: "· look" };

export function start() {
  on("bullet", draw);
  $("#note-form").addEventListener("submit", leaveNote);
  $("#history").addEventListener("click", history);
  $("#sign").addEventListener("click", stepUp);
  $("#unsign").addEventListener("click", () => sign("draft"));
}

function draw(view) {
  $("#words").textContent = `${countWords()}, ${count(words().links.length, "link")}`;
  style(view);
  notes(view);
  standing(view);
}

function style(view) {
  const editable = app.issue.status === "draft";
  const rows = view.findings.map((finding) => el("div", { class: `finding ${finding.level}` },
    button(el("span", {}, el("b", {}, LEVELS[finding.level]), ` ${finding.message}`),
      () => caretAt(finding.field, finding.start, finding.end), { class: "text" }),
    editable && finding.fix !== null ? button(finding.fix ? `Put “${finding.fix}”` : "Take it out",
      () => fix(finding)) : null));
  const fixable = view.findings.filter((finding) => finding.fix !== null);
  if (editable && fixable.length > 1) rows.push(button(`Fix all ${fixable.length}`, () => fix(null)));
  $("#style").replaceChildren(...rows);
  $("#style-section").hidden = !rows.length;
}

function fix(finding) {
  const place = finding ? { code: finding.code, field: finding.field, start: finding.start } : {};
  return editor.act((based_on) => post(bulletPath("/fix"), { based_on, ...place }),
    finding ? `Style: ${finding.message}` : "All style fixes made");
}

// ---- notes

function notes(view) {
  $("#note-section").hidden = app.issue.status !== "draft" && !view.notes.length;
  $("#notes").replaceChildren(...view.notes.map((note) => el("div", { class: note.settled_by ? "note settled" : "note" },
    el("p", {}, el("b", {}, note.author), el("small", { class: "soft" }, ` ${when(note.at)}`),
      note.settled_by ? el("small", { class: "soft" }, ` · settled by ${note.settled_by}`) : null),
    el("p", {}, note.text),
    note.settled_by ? null : button("Settled", () => settle(note.id)))));
}

async function leaveNote(event) {
  event.preventDefault();
  const field = $("#note");
  if (!field.value.trim()) return;
  const view = await attempt(() => post(bulletPath("/notes"), { text: field.value }));
  if (!view) return;
  field.value = "";
  editor.adopt(view);
  tell("changed");
}

async function settle(id) {
  const view = await attempt(() => post(bulletPath(`/notes/${id}/settle`), {}));
  if (view) { editor.adopt(view); tell("changed"); }
}

// ---- sign-off

function standing(view) {
  const { state, last, outdated } = view.standing;
  const who = last ? `${last.who}, ${when(last.at)}` : "";
  $("#standing").replaceChildren(
    el("b", { class: `standing ${state}` }, { draft: "Draft", reviewed: "✓ Reviewed", approved: "✓✓ Approved" }[state]),
    el("span", { class: "soft" }, outdated ? ` ${last.state} by ${who}, before the last change`
      : last && state !== "draft" ? ` by ${who}` : ""),
    last?.reason && !outdated ? el("span", { class: "soft" }, `, although something was open: “${last.reason}”`) : "");
  const doubted = last?.reason && !outdated && view.claims.some((claim) => claim.status !== "supported");
  $("#override").replaceChildren(doubted ? keepButton("Do the pages say what the check doubts?", "override") : "");
  const editable = app.issue.status === "draft";
  $("#sign-section").hidden = !editable;
  $("#sign").hidden = !editable || state === "approved";
  $("#sign").textContent = state === "draft" ? "Mark as reviewed" : "Approve";
  $("#unsign").hidden = !editable || state === "draft";
}

export function stepUp() {
  const { state } = editor.shown().standing;
  if (state !== "approved") sign(state === "draft" ? "reviewed" : "approved");
}

async function sign(state, reason = null) {
  if (!(await editor.save())) return;
  const body = { based_on: editor.shown().revision, state, reason };
  try {
    editor.adopt(await post(bulletPath("/sign"), body));
    tell("changed");
  } catch (error) {
    if (error.status === 422) {
      const open = error.body.blocking.map((b) => b.message).join(" ");
      const why = await ask("Approve although something is open?", `${open} ` +
        "If you know better than the check, say why; the reason is logged with your name.",
      { label: "Reason", go: "Approve with this reason" });
      if (why) await sign(state, why);
    } else if (error.status !== undefined) say(error.message);
    else throw error;
  }
}

// ---- history

export async function history() {
  if (!(await editor.save())) return;
  const found = await attempt(() => api(bulletPath("/history")));
  if (!found) return;
  const newest = editor.shown().revision;
  let from = found.sittings[1]?.number ?? newest, to = newest;
  const change = el("div", { class: "change" });
  const list = el("ol", { class: "sittings" });
  const show = async () => {
    const seen = await attempt(() => api(bulletPath(`/compare?old=${from}&new=${to}`)));
    if (!seen) return;
    change.replaceChildren(el("p", { class: "soft" }, from === to ? `Revision ${to}` : `From revision ${from} to ${to}`),
      el("p", { class: "head" }, ...redline(seen.headline)), el("p", {}, ...redline(seen.text)),
      to === newest && from !== newest && app.issue.status === "draft"
        ? button(`Restore revision ${from}`, () => { box.close(); restore(from); }, { class: "go" }) : "");
  };
  const radio = (name, number, chosen, set) => {
    const input = el("input", { type: "radio", name, value: number, "aria-label": `${name} revision ${number}` });
    input.checked = chosen === number;
    input.addEventListener("change", () => { set(number); show(); });
    return input;
  };
  list.append(...found.sittings.map((sitting) => el("li", {},
    radio("From", sitting.number, from, (n) => { from = n; }),
    radio("To", sitting.number, to, (n) => { to = n; }),
    el("span", {}, el("b", {}, sitting.author), ` ${when(sitting.at)}`,
      el("small", { class: "soft" }, ` revision ${sitting.number}`, sitting.note ? ` · ${sitting.note}`
        : sitting.saves > 1 ? ` · typed, ${sitting.saves} saves` : "")))));
  const box = dialog("History", el("div", { class: "columns" }, list, change));
  box.classList.add("wide");
  show();
}

const restore = (number) => editor.act((based_on) =>
  post(bulletPath("/restore"), { based_on, number }), `Revision ${number} restored`);
