// The issue as its readers will get it: masthead, preview, export, copy for the mailer.

import { $, api, app, ask, attempt, button, el, on, post, put, say, tell } from "./core.js";
import { goTo } from "./lists.js";
import * as editor from "./editor.js";

export function start() {
  on("issue", () => { if (app.screen === "send") draw(); });
  on("screen", (name) => { if (name === "send") enter(); });
  $("#masthead").addEventListener("change", keep);
  $("#masthead").addEventListener("submit", (event) => event.preventDefault());
  $("#picture-form").addEventListener("submit", savePicture);
  $("#no-picture").addEventListener("click", removePicture);
  $("#export-html").addEventListener("click", () => send("html"));
  $("#export-md").addEventListener("click", () => send("md"));
  $("#copy").addEventListener("click", copy);
}

async function enter() {
  await editor.save();
  tell("changed");
  if (!app.issue) return;
  draw();
  picture();
  preview();
}

function draw() {
  const { issue } = app;
  if (!issue) return;
  const editable = issue.status === "draft";
  for (const name of ["credit", "boilerplate"]) {
    const field = $(`#${name}`);
    if (document.activeElement !== field) field.value = issue.masthead[name];
    field.disabled = !editable;
  }
  const open = editable ? issue.points : [];
  $("#send-line").textContent = !editable ? "A past issue; it can be exported again from the command line."
    : !issue.bullets.length ? "There is no bullet yet, so there is nothing to send."
    : open.length ? "This is what still keeps the issue from leaving:" : "✓ Every bullet is approved and nothing blocks. The issue may leave.";
  $("#send-points").replaceChildren(...open.map((point) => el("li", {},
    button(el("span", {}, el("b", {}, `Bullet ${point.number} `), point.message), () => goTo(point), { class: "text" }))));
  for (const id of ["export-html", "export-md"]) $(`#${id}`).disabled = !editable || !issue.bullets.length;
  $("#copy").disabled = !issue.bullets.length;
}

async function picture() {
  const found = await attempt(() => api(`issues/${app.issue.id}/picture`));
  if (!found) return;
  $("#alt").value = found.alt ?? "";
  $("#no-picture").hidden = found.alt === null;
  $("#picture-form").hidden = app.issue.status !== "draft";
}

async function savePicture(event) {
  event.preventDefault();
  const file = $("#picture").files[0] ?? null;
  const alt = encodeURIComponent($("#alt").value);
  const done = await attempt(() => api(`issues/${app.issue.id}/picture?alt=${alt}`,
    { method: "PUT", form: file ?? "", wait: 60000 }));
  if (!done) return;
  $("#picture").value = "";
  $("#picture-state").textContent = "Saved";
  await picture();
  preview();
}

async function removePicture() {
  if (!await attempt(() => api(`issues/${app.issue.id}/picture`, { method: "DELETE" }))) return;
  $("#picture-state").textContent = "Taken away";
  await picture();
  preview();
}

function preview() {
  if (app.issue) $("#preview").src = `/api/issues/${app.issue.id}/preview?at=${Date.now()}`;
}

async function keep() {
  const body = { credit: $("#credit").value, boilerplate: $("#boilerplate").value };
  const issue = await attempt(() => put(`issues/${app.issue.id}/masthead`, body));
  if (!issue) return;
  app.issue = issue;
  $("#masthead-state").textContent = "Saved";
  preview();
}

async function send(format) {
  const done = await release(format);
  if (!done) return;
  $("#sent").replaceChildren("Saved as ", el("code", {}, done.saved), " ",
    el("a", { href: done.url, download: "" }, "Download"));
  tell("changed");
}

// The export of a draft, with a reason where something is open; null where it was refused.
async function release(format, reason = null) {
  try {
    return await post(`issues/${app.issue.id}/export`, { format, reason });
  } catch (error) {
    if (error.status === undefined) throw error;
    if (error.status !== 422) { say(error.message); return null; }
    const open = error.body.blocking;
    const why = await ask("Export although something is open?",
      `${error.message} First: bullet ${open[0].bullet}, ${open[0].message}`,
      { label: "Reason", go: "Export with this reason" });
    return why ? release(format, why) : null;
  }
}

// Headlines, text and links as the mailer's editor takes them from the clipboard: a way out
// for the issue like a file, and exported as one. A past issue has left already.
async function copy() {
  const done = app.issue.status === "draft" ? await release("html")
    : { url: `/api/issues/${app.issue.id}/preview` };
  if (!done) return;
  const page = await (await fetch(done.url)).text();
  const parsed = new DOMParser().parseFromString(page, "text/html");
  const body = parsed.body;
  const html = body.innerHTML, plain = body.textContent.replace(/\n\s*\n\s*/g, "\n\n").trim();
  await navigator.clipboard.write([new ClipboardItem({
    "text/html": new Blob([html], { type: "text/html" }),
    "text/plain": new Blob([plain], { type: "text/plain" }),
  })]);
  say("Copied. Paste it into the mailer.");
  tell("changed");
}
