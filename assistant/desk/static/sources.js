// The articles: found, browsed, read at a passage, added, and taken out.

import { $, api, app, attempt, button, count, day, dialog, el, on, post, say, tell, visible } from "./core.js";
import { showArticle } from "./evidence.js";
import { jobLine, watchJobs } from "./jobs.js";

const PAGE = 100;
let shown = null, drawn = "", rows = [], total = 0, asked = 0;

export function start() {
  const form = $("#find");
  let timer = 0;
  form.addEventListener("submit", (event) => { event.preventDefault(); find(); });
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => find(), 250); });
  $("#more").addEventListener("click", () => find(rows.length));
  $("#add").addEventListener("click", add);
  on("screen", (name) => { if (name === "sources") { find(); names(); } });
  on("jobs", (jobs) => {
    $("#reads").replaceChildren(...jobs.filter((job) => job.kind === "read").slice(0, 6).map((job) => jobLine(job, outcome)));
  });
  on("job done", (job) => { if (job.kind === "read" && app.screen === "sources") find(); });
}

async function names() {
  const field = $("#publisher");
  const found = await attempt(() => api("publishers"));
  if (!found) return;
  const chosen = field.value;
  field.replaceChildren(el("option", { value: "" }, "Any publisher"),
    ...found.publishers.map((name) => el("option", { value: name }, name)));
  field.value = chosen;
}

async function find(offset = 0) {
  const given = new URLSearchParams();
  for (const [name, value] of new FormData($("#find"))) if (value) given.set(name, value);
  if (!$("#reprints").checked) given.set("reprints", "false");
  given.set("offset", offset);
  given.set("limit", PAGE);
  const mine = ++asked;
  const found = await attempt(() => api(`articles?${given}`));
  if (!found || mine !== asked) return;
  rows = offset ? rows.concat(found.articles) : found.articles;
  total = found.total;
  draw();
  if (!offset && rows.length) open(given.get("q") ? rows[0] : rows.find((row) => row.id === shown) ?? rows[0]);
  if (!rows.length) $("#reading").replaceChildren(el("p", { class: "soft empty" }, narrowed()
    ? "No article is like this. Search for less, or widen what is asked for at the left."
    : "No article yet. Add addresses, files or pasted text at the left."));
}

const narrowed = () => [...new FormData($("#find"))].some(([, value]) => value) || !$("#reprints").checked;

function draw() {
  $("#found").textContent = rows.length < total ? `${rows.length} of ${count(total, "article")}` : count(total, "article");
  $("#more").hidden = rows.length >= total;
  const list = $("#articles");
  const focused = document.activeElement?.closest?.("#articles .row")?.dataset.id;
  list.replaceChildren(...rows.map((row) => el("button", {
    type: "button", class: "row", data: { id: row.id },
    "aria-current": row.id === shown ? "true" : null, onclick: () => open(row),
  }, el("span", { class: "title", lang: row.language }, visible(row.title)),
  el("small", { class: "soft" }, [day(row.published_on), row.publisher, row.kind, row.access,
    row.language === "ja" ? "Japanese" : null, row.duplicate_of ? "reprint" : null].filter(Boolean).join(" · ")),
  row.quote ? el("span", { class: "quote", lang: row.language }, visible(row.quote)) : null)));
  if (focused) $(`.row[data-id="${CSS.escape(focused)}"]`, list)?.focus({ preventScroll: true });
}

export async function open(row) {
  if (row.id !== shown) {
    // What takes an article out must not outlast the wait for another one.
    $("#reading .about .buttons")?.remove();
    drawn = "";
  }
  shown = row.id;
  draw();
  const place = row.end ? `?start=${row.start}&end=${row.end}` : "";
  const article = await attempt(() => api(`articles/${encodeURIComponent(row.id)}${place}`));
  if (!article || shown !== row.id) return;
  // Drawn again, it would take the focus from whoever works in it.
  const same = JSON.stringify(article);
  if (same === drawn && !place && $("#reading .about")) return;
  drawn = same;
  showArticle($("#reading"), article);
  const about = $("#reading .about");
  if (article.duplicate_of) about.append(el("p", { class: "finding warning" }, "It reprints ",
    button("another article", () => open({ id: article.duplicate_of }), { class: "text link" })));
  about.append(el("div", { class: "buttons" }, button("Take it out of the corpus…", () => remove(article))));
}

async function remove(article) {
  const found = await attempt(() => api(`articles/${encodeURIComponent(article.id)}/uses`));
  if (!found) return;
  const uses = found.uses.map((use) => el("li", {},
    `${use.issue_id.replace("vol-", "").replaceAll("-", ".")}, bullet ${use.number}: ${use.headline} `,
    el("span", { class: "soft" }, use.claims ? `(${count(use.claims, "claim")} rest on it)` : "(linked)")));
  const box = dialog("Take this article out?", el("div", {},
    el("p", {}, visible(article.title)),
    uses.length ? el("p", {}, "These bullets of drafts rest on it. Their claims are checked again without it, " +
      "and will have to be settled:") : el("p", { class: "soft" }, "No bullet of a draft rests on it."),
    el("ul", { class: "plain" }, ...uses),
    el("footer", {}, button("Take it out", async () => {
      box.close();
      if (!await attempt(() => api(`articles/${encodeURIComponent(article.id)}`, { method: "DELETE" }))) return;
      say("The article was taken out; what was written from it keeps its words.");
      shown = null;
      find();
      tell("changed");
    }, { class: "go" }))));
}

// ---- adding

function add() {
  const addresses = el("textarea", { rows: 3, "aria-label": "Addresses, one a line", placeholder: "https://…  one a line" });
  const files = el("input", { type: "file", multiple: true, "aria-label": "Files", accept: ".md,.markdown,.txt,.html,.htm,.pdf,.docx" });
  const field = (name, label, type = "text") => el("label", {}, label, el("input", { name, type, autocomplete: "off" }));
  const kind = el("select", { name: "kind" }, ...["", "official", "wire", "press", "other"].map((value) => el("option", { value }, value || "not said")));
  const access = el("select", { name: "access" }, ...["", "open", "teaser", "paywalled"].map((value) => el("option", { value }, value || "not said")));
  const pasted = el("form", { class: "grid" },
    el("label", { class: "all" }, "Text", el("textarea", { name: "text", rows: 6, required: true })),
    field("url", "Its public address", "url"), field("title", "Title"), field("publisher", "Publisher"),
    field("published_on", "Published on", "date"), el("label", {}, "Kind", kind), el("label", {}, "Access", access),
    el("footer", { class: "all" }, el("button", { type: "submit", class: "go" }, "Add the text")));
  const done = (job) => { if (job) { box.close(); watchJobs(); } };
  pasted.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { text, ...given } = Object.fromEntries(new FormData(pasted));
    const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
    done(await attempt(() => post("articles/paste", { text, fields })));
  });
  const box = dialog("Add articles", el("div", {},
    el("h3", {}, "From the web"), addresses,
    el("footer", {}, button("Fetch", async () => {
      const lines = addresses.value.split(/\s+/).filter(Boolean);
      if (lines.length) done(await attempt(() => post("articles/fetch", { addresses: lines })));
    }, { class: "go" })),
    el("h3", {}, "From files"), el("p", { class: "soft" }, "Markdown, text, HTML, PDF or Word."), files,
    el("footer", {}, button("Upload", async () => {
      if (!files.files.length) return;
      const form = new FormData();
      for (const file of files.files) form.append("files", file);
      done(await attempt(() => api("uploads", { method: "POST", form, wait: 120000 })));
    }, { class: "go" })),
    el("h3", {}, "Pasted, as for a page behind a paywall"), pasted));
  box.classList.add("wide");
  addresses.focus();
}

function outcome(job) {
  const { added, updated, unchanged, duplicates, failed, warnings } = job.result;
  const names = (entries) => entries.map((entry) => entry.source).join(", ");
  const parts = [];
  const line = (entries, words) => { if (entries.length) parts.push(el("li", {}, el("b", {}, `${entries.length} ${words}`), ` ${names(entries)}`)); };
  line(added, "added");
  line(updated, "updated");
  line(unchanged, "unchanged");
  for (const entry of duplicates) parts.push(el("li", {}, el("b", {}, "Reprint "), `${entry.source} `,
    button("of this article", () => open({ id: entry.of }), { class: "text link" })));
  for (const entry of failed) parts.push(el("li", { class: "bad" }, el("b", {}, "Failed "), `${entry.source}: ${entry.reason}`));
  for (const warning of warnings) parts.push(el("li", { class: "soft" }, warning));
  return el("ul", { class: "plain" }, ...parts);
}
