// Past issues: read from files and shown, and kept once the editor has seen what was read.

import { api, app, attempt, button, count, day, dialog, el, say, visible } from "./core.js";
import * as lists from "./lists.js";

const PLACES = {
  imported: "It was imported before; this takes its place.",
  draft: "There is a draft of this number. It gives its place and can then only be read; its wordings stay in the history.",
};

export function start() {
  for (const opener of document.querySelectorAll(".import-past")) opener.addEventListener("click", open);
}

function open() {
  const files = el("input", { type: "file", multiple: true, "aria-label": "Files of past issues", accept: ".md,.markdown,.txt" });
  const result = el("div", { role: "region", "aria-label": "What was read", "aria-live": "polite", class: "past-read", tabindex: 0, hidden: true });
  const go = button("Keep them", () => keep(files, result, box), { class: "go", disabled: true });
  const box = dialog("Past issues", el("div", {},
    el("p", { class: "soft" }, "They set the number and window of the next issue, show how the digest sounds, and tell what readers know already. " +
      "An issue is a Markdown file with its volume, its day, and its lists of headlines and details."),
    files, result, el("footer", {}, go)));
  files.addEventListener("change", async () => {
    const found = files.files.length ? await send(files, false) : { issues: [], failed: [] };
    if (!found) return;
    draw(result, found);
    go.disabled = !found.issues.length;
    go.textContent = found.issues.length ? `Keep ${count(found.issues.length, "issue")}` : "Keep them";
  });
  files.focus();
}

function send(files, keep) {
  const form = new FormData();
  for (const file of files.files) form.append("files", file);
  return attempt(() => api(`issues/import?keep=${keep}`, { method: "POST", form, wait: 120000 }));
}

async function keep(files, result, box) {
  const found = await send(files, true);
  if (!found) return;
  await lists.loadIssues(app.issue?.id, app.bullet);
  const names = found.issues.map((issue) => issue.name).join(", ");
  if (!found.issues.length) draw(result, found);
  else {
    box.close();
    say(`Kept ${count(found.issues.length, "past issue")}: ${names}.${found.failed.length ? ` Not kept: ${found.failed.join(" ")}` : ""}`);
  }
}

function draw(result, { issues, failed }) {
  result.hidden = false;
  result.replaceChildren(
    ...failed.map((reason) => el("p", { class: "finding error" }, visible(reason))),
    ...issues.map((issue) => el("section", {}, el("h3", {}, `${issue.name}, ${day(issue.date)} `,
      el("small", { class: "soft" }, visible(issue.source))),
    issue.replaces ? el("p", { class: "finding warning" }, PLACES[issue.replaces]) : null,
    el("ol", {}, ...issue.bullets.map(headline)))));
  result.scrollTop = 0;
}

function headline({ headline: words, links }) {
  const hosts = links.map(({ anchor, url }) => `${anchor} (${place(url)})`).join(", ");
  return el("li", {}, el("span", {}, visible(words)),
    el("small", { class: links.length ? "soft" : "bad" }, links.length ? `${count(links.length, "link")}: ${visible(hosts)}` : "no link"));
}

function place(url) {
  try {
    return new URL(url).host || "no address";
  } catch {
    return "no address";
  }
}
