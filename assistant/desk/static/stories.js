// The stories of an issue's window: why they rank, what is in them, and which are chosen.

import { $, api, app, ask, attempt, button, count, day, dialog, el, on, post, tell, visible } from "./core.js";
import { jobLine, watchJobs } from "./jobs.js";
import { open as openArticle } from "./sources.js";
import * as lists from "./lists.js";

let board = null, shown = null, marked = new Set(), drawn = "";

export function start() {
  on("screen", (name) => { if (name === "stories") load(); });
  on("issue", () => { if (app.screen === "stories" && board?.issue !== app.issue.id) load(); });
  on("jobs", (jobs) => {
    const mine = jobs.filter((job) => job.kind === "draft" && job.issue === app.issue?.id).slice(0, 1);
    $("#drafts").replaceChildren(...mine.map((job) => jobLine(job, outcome)));
  });
  for (const name of ["job step", "job done"]) on(name, (job) => {
    if (job.kind !== "draft" || job.issue !== app.issue?.id) return;
    tell("changed");
    if (app.screen === "stories") load();
  });
  $("#merge").addEventListener("click", () => act("merge", [...marked]));
  $("#draft-them").addEventListener("click", draft);
  $("#new-issue").addEventListener("click", newIssue);
}

async function load() {
  if (!app.issue) return;
  const id = app.issue.id;
  const found = await attempt(() => api(`issues/${id}/stories`, { wait: 60000 }));
  if (found && app.issue.id === id) take(found, id);
}

function take(found, id = app.issue.id) {
  // Drawn again, it would take the focus from whoever works in it.
  const fresh = JSON.stringify([id, app.issue.status, found]);
  if (fresh === drawn) return;
  drawn = fresh;
  board = { ...found, issue: id };
  const ids = board.stories.map((story) => story.id);
  marked = new Set([...marked].filter((story) => ids.includes(story)));
  if (found.shown) shown = found.shown;
  if (!ids.includes(shown)) shown = ids[0] ?? null;
  draw();
}

async function act(what, stories, more = {}) {
  const found = await attempt(() => post(`issues/${app.issue.id}/stories`, { do: what, stories, ...more }));
  if (!found) return;
  if (what === "merge") marked.clear();
  take(found);
}

const chosen = () => board.stories.filter((story) => story.place !== null).sort((a, b) => a.place - b.place);

function draw() {
  const editable = app.issue.status === "draft";
  $("#window").textContent = `${day(board.window.since).replace(/, \d+$/, "")} to ${day(board.window.until)}, ${count(board.stories.length, "story", "stories")}`;
  $("#merge").disabled = !editable || marked.size < 2;
  const focused = document.activeElement?.closest?.("#story-list .row")?.dataset.id;
  $("#story-list").replaceChildren(...board.stories.map((story) => row(story, editable)));
  if (focused) $(`#story-list .row[data-id="${focused}"]`)?.focus({ preventScroll: true });
  detail(editable);
  order(editable);
}

function row(story, editable) {
  const box = el("input", { type: "checkbox", "aria-label": `Mark ${story.title} for merging` });
  box.checked = marked.has(story.id);
  box.disabled = !editable;
  box.addEventListener("change", () => { marked[box.checked ? "add" : "delete"](story.id); $("#merge").disabled = marked.size < 2; });
  const about = [story.score ? story.score.toFixed(2) : "not the alliance’s", count(story.articles.length, "article"),
    story.mark, story.follows ? "follows a past bullet" : null, story.drafted ? "drafted" : null].filter(Boolean).join(" · ");
  return el("div", { class: `item story ${story.mark}` }, box, el("button", {
    type: "button", class: "row", data: { id: story.id }, "aria-current": story.id === shown ? "true" : null,
    onclick: () => { shown = story.id; draw(); },
  }, el("span", { class: "said" }, story.place ? el("b", { class: "place" }, `${story.place} `) : null, visible(story.title)),
  el("small", { class: "soft" }, about)));
}

function detail(editable) {
  const story = board.stories.find((one) => one.id === shown);
  if (!story) {
    $("#story").replaceChildren(el("p", { class: "soft empty" }, "No article of these days. Add some under Sources."));
    return;
  }
  const picked = new Set();
  const split = button("Make these a story of their own", () => act("split", [story.id], { articles: [...picked] }));
  split.disabled = true;
  const articles = story.articles.map((id) => {
    const about = board.articles[id];
    const box = el("input", { type: "checkbox", "aria-label": `Mark ${about.title} for splitting` });
    box.disabled = !editable;
    box.addEventListener("change", () => {
      picked[box.checked ? "add" : "delete"](id);
      split.disabled = !picked.size || picked.size === story.articles.length;
    });
    return el("li", {}, box, el("span", {},
      button(visible(about.title), () => { tell("go", "sources"); openArticle({ id }); }, { class: "text link", lang: about.language }),
      el("small", { class: "soft" }, [day(about.published_on), about.publisher, about.kind, about.access,
        about.duplicate_of ? "reprint" : null].filter(Boolean).join(" · "))));
  });
  const buttons = editable ? el("div", { class: "buttons" },
    story.place ? button("Leave it out of the issue", () => choose(ids().filter((id) => id !== story.id)))
      : button("Choose for the issue", () => choose([...ids(), story.id]), { class: "go" }),
    button(story.mark === "pinned" ? "Unpin" : "Pin", () => act(story.mark === "pinned" ? "unmark" : "pin", [story.id])),
    button(story.mark === "dropped" ? "Bring back" : "Drop", () => act(story.mark === "dropped" ? "unmark" : "drop", [story.id])),
    button("Rename…", async () => {
      const title = await ask("Rename the story", "The title is for the editors; it is not printed.", { label: "Title", value: story.title, go: "Rename", rows: 2 });
      if (title) act("rename", [story.id], { title });
    })) : null;
  const past = el("div", { class: "past" });
  $("#story").replaceChildren(el("div", { class: "doc" }, el("h1", {}, visible(story.title)),
    el("p", { class: "soft" }, `${story.why}.`), buttons, timeline(story), past,
    el("section", {}, el("h2", {}, count(story.articles.length, "article")), el("ul", { class: "plain marked" }, ...articles),
      editable && story.articles.length > 1 ? split : null)));
  if (story.follows) before(story, past);
}

async function before(story, place) {
  const said = await attempt(() => api(`issues/${app.issue.id}/past/${story.follows}`));
  if (said && shown === story.id) place.replaceChildren(el("section", {}, el("h2", {}, "What a past issue said of it"),
    el("p", { class: "head" }, said.headline), el("p", { class: "soft" }, said.text)));
}

// Articles by day and outlet: one dot each, a filled one for an official source.
function timeline(story) {
  const dated = story.articles.map((id) => board.articles[id]).filter((about) => about.published_on);
  if (!dated.length) return null;
  const days = [];
  const last = new Date(`${board.window.until}T00:00Z`);
  for (let at = new Date(`${board.window.since}T00:00Z`); at <= last; at.setUTCDate(at.getUTCDate() + 1))
    days.push(at.toISOString().slice(0, 10));
  const outlets = [...new Set(dated.map((about) => about.publisher ?? "unknown"))];
  const left = 190, step = Math.max(12, Math.min(24, 430 / days.length)), high = 20;
  const NS = "http://www.w3.org/2000/svg";
  const shape = (tag, about, text) => {
    const node = document.createElementNS(NS, tag);
    for (const [key, value] of Object.entries(about)) node.setAttribute(key, value);
    if (text) node.textContent = text;
    return node;
  };
  const width = left + days.length * step + 6, height = outlets.length * high + 22;
  const words = dated.map((about) => `${about.publisher ?? "unknown"} on ${day(about.published_on)}`).join("; ");
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, class: "timeline", role: "img", "aria-label": `Articles by day: ${words}` });
  days.forEach((iso, n) => {
    const x = left + n * step + step / 2;
    svg.append(shape("line", { x1: x, x2: x, y1: 2, y2: height - 18 }));
    if (n % Math.ceil(days.length / 9) === 0) svg.append(shape("text", { x, y: height - 4, "text-anchor": "middle" }, day(iso).replace(/, \d+$/, "")));
  });
  outlets.forEach((name, n) => {
    const y = n * high + 12;
    svg.append(shape("text", { x: left - 12, y: y + 4, "text-anchor": "end" }, name.length > 28 ? `${name.slice(0, 27)}…` : name));
    for (const about of dated.filter((one) => (one.publisher ?? "unknown") === name)) {
      const dot = shape("circle", { cx: left + days.indexOf(about.published_on) * step + step / 2, cy: y, r: 5, class: about.kind });
      dot.append(shape("title", {}, `${about.title}, ${day(about.published_on)}`));
      svg.append(dot);
    }
  });
  return el("figure", {}, svg);
}

const ids = () => chosen().map((story) => story.id);
const choose = (order) => act("choose", order);

function order(editable) {
  const picks = chosen();
  const move = (n, by) => { const to = ids(); const [id] = to.splice(n, 1); to.splice(n + by, 0, id); choose(to); };
  $("#chosen").replaceChildren(...picks.map((story, n) => el("li", {}, el("span", { class: "said" }, visible(story.title)),
    story.drafted ? el("small", { class: "soft" }, " drafted") : null,
    editable ? el("span", { class: "move" }, button("↑", () => move(n, -1), { "aria-label": `Move ${story.title} up`, disabled: n === 0 }),
      button("↓", () => move(n, 1), { "aria-label": `Move ${story.title} down`, disabled: n === picks.length - 1 })) : null)));
  const best = board.stories.filter((story) => story.score > 0 && story.mark !== "dropped").slice(0, 5).map((story) => story.id);
  $("#chosen-line").replaceChildren(picks.length ? `${count(picks.length, "story", "stories")}${picks.length === 5 ? "" : "; an issue has five"}`
    : "None yet. ", !picks.length && editable && best.length ? button(`Choose the best ${best.length}`, () => choose(best)) : "");
  const waiting = picks.filter((story) => !story.drafted).length;
  $("#draft-them").disabled = !editable || !waiting;
  $("#draft-them").textContent = waiting ? `Draft ${count(waiting, "bullet")}` : "Draft bullets";
  const writer = $("#writer");
  const value = writer.value;
  writer.replaceChildren(...(board.model ? [el("option", { value: "model" }, `by ${board.model}`)] : []),
    el("option", { value: "extractive" }, "in the sources’ own words"));
  if ([...writer.options].some((option) => option.value === value)) writer.value = value;
}

async function draft() {
  const job = await attempt(() => post(`issues/${app.issue.id}/draft`, { writer: $("#writer").value }));
  if (job) watchJobs();
}

function outcome(job) {
  const { added, warnings } = job.result;
  return el("div", {}, el("p", {}, added.length ? `${count(added.length, "bullet")} drafted. ` : "Nothing new to draft. ",
    added.length ? button("Open the first", () => { tell("go", "draft"); lists.openBullet(added[0]); }) : null),
  ...warnings.map((warning) => el("p", { class: "finding warning" }, warning)));
}

function newIssue() {
  const field = (name, label, required) => el("label", { class: required ? "all" : "" }, label, el("input", { name, type: "date", required }));
  const form = el("form", { class: "grid" }, field("date", "Day of the issue", true), field("since", "Window from"), field("until", "Window to"),
    el("p", { class: "soft all" }, "Without a window it runs from three days before the last issue to the day of this one."),
    el("footer", { class: "all" }, el("button", { type: "submit", class: "go" }, "Begin the issue")));
  const box = dialog("A new issue", form);
  $("input", form).focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
    const issue = await attempt(() => post("issues", given));
    if (!issue) return;
    box.close();
    await lists.loadIssues(issue.id);
    tell("go", "stories");
    load();
  });
}
