// Links of the text: opened, set on a word, changed, and taken away.

import { $, api, attempt, button, caretTo, dialog, el, offsetOf, say } from "./core.js";
import { draw, roots, words } from "./text.js";
import * as editor from "./editor.js";

export function start() {
  roots.text.addEventListener("click", openLink);
  $("#link").addEventListener("mousedown", (event) => event.preventDefault());
  $("#link").addEventListener("click", editLink);
}

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
  const claim = editor.shown().claims.find((c) => c.field === "text" && c.start <= start && start < c.end);
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
  for (const claim of editor.shown().claims)
    if (claim.field === "text" && claim.start <= start && start < claim.end)
      Object.assign(claim, { status: "stale", findings: [] });
  editor.changed();
  caretTo(roots.text, end);
}
