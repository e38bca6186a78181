// The claims of a bullet, and for the one under the cursor its evidence and its repairs.

import { $, api, app, attempt, button, bulletPath, count, day, el, on, post, visible } from "./core.js";
import { keepButton } from "./cases.js";
import * as editor from "./editor.js";

export const SIGNS = { supported: "✓", partial: "◐", unsupported: "✗", contradicted: "≠", unchecked: "?", stale: "↻" };
const WORDS = { stale: "changed", unchecked: "not checked" };
export const signed = (status) => `${SIGNS[status]} ${WORDS[status] ?? status}`;
const KINDS = { official: "official", wire: "wire", press: "press", other: "other" };

let asked = "", known = "", sources = [], chosen = 0;

export function start() {
  on("claim", () => { claims(); load(); });
  on("bullet", () => { claims(); load(); });
}

function claims() {
  const view = editor.shown();
  const list = $("#claims");
  const focused = document.activeElement?.closest?.("#claims .row")?.dataset.n;
  list.replaceChildren(...view.claims.map((claim) => row(claim)));
  $("#uncalibrated").hidden = !view.uncalibrated;
  $("#uncalibrated").textContent = view.uncalibrated
    ? `${view.uncalibrated} is not calibrated for checking: take its marks as hints. Run “digest model calibrate”.` : "";
  $("#claim-count").textContent = view.claims.length ? tally(view.claims) : app.issue.status === "draft" ? "none yet" : "";
  if (focused !== undefined) $(`.row[data-n="${focused}"]`, list)?.focus({ preventScroll: true });
  $('[aria-current="true"]', list)?.scrollIntoView({ block: "nearest" });
}

function tally(all) {
  const bad = all.filter((c) => c.status !== "supported").length;
  return bad ? `${bad} of ${all.length} to settle` : `all ${all.length} hold`;
}

function row(claim) {
  const now = claim.n === editor.current;
  const line = el("button", {
    type: "button", class: "row claim", data: { n: claim.n },
    "aria-current": now ? "true" : null, onclick: () => editor.pick(claim.n, { scroll: true }),
  }, el("span", { class: `verdict ${claim.status}` },
    el("i", { "aria-hidden": "true" }, SIGNS[claim.status]), ` ${WORDS[claim.status] ?? claim.status}`),
  el("span", { class: "said" }, claim.field === "headline" ? el("b", {}, "Headline ") : "", visible(claim.text)));
  const parts = [line];
  if (now) {
    for (const finding of claim.findings)
      parts.push(el("p", { class: `finding ${finding.level}` }, visible(finding.message)));
    parts.push(el("div", { class: "repairs", data: { n: claim.n } }));
    if (!["stale", "unchecked"].includes(claim.status)) parts.push(keepButton(claim.status === "supported"
      ? "Is this not what the page says?" : "Does the page say this after all?", "verdict", { claim: claim.n, text: claim.text }));
  }
  return el("div", { class: "item" }, ...parts);
}

// The evidence is asked for once for each claim and state; what is shown stays until it comes.
async function load() {
  const view = editor.shown();
  const claim = view.claims[editor.current];
  if (!claim) return blank(app.issue.status !== "draft" ? "A past issue stands as it was published; its claims are not checked."
    : view.claims.length ? "Put the cursor into a sentence to see what it rests on." : "Write a sentence, and it is checked here.");
  const state = `${view.id} ${view.revision} ${claim.n} ${claim.status} ${view.checking}`;
  if (claim.status === "stale") {
    $("#evidence-state").textContent = editor.dirty() ? "changed" : "being checked";
    asked = "";
    return;
  }
  if (state === known) return repairs(claim);
  asked = state;
  const path = bulletPath(`/claims/${claim.n}/evidence`);
  const found = await attempt(() => api(path));
  if (asked !== state || !found) return;
  known = state;
  sources = found.sources;
  chosen = 0;
  $("#evidence-state").textContent = sources.length ? count(sources.length, "source") : "";
  if (sources.length) article();
  else blank("No page of the corpus says this.");
  repairs(claim);
}

function blank(message) {
  known = "";
  $("#evidence-state").textContent = "";
  $("#sources").replaceChildren();
  $("#article").replaceChildren(el("p", { class: "soft empty" }, message));
}

function article() {
  const tabs = sources.length > 1 ? sources.map((source, n) => button(
    source.publisher ?? source.title, () => { chosen = n; article(); },
    { "aria-pressed": n === chosen ? "true" : "false" })) : [];
  $("#sources").replaceChildren(...tabs);
  showArticle($("#article"), sources[chosen]);
}

// An article in a pane, scrolled to its first mark. Its text is only text.
export function showArticle(pane, source) {
  const about = [source.publisher, source.published_on && day(source.published_on),
    KINDS[source.kind], source.access, source.language === "ja" ? "Japanese" : null];
  const head = el("header", { class: "about" },
    el("h3", { lang: source.language }, visible(source.title)),
    el("p", { class: "soft" }, about.filter(Boolean).join(" · ")),
    source.url ? el("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, source.url) : null,
    source.changed ? el("p", { class: "finding warning" }, source.gone
      ? "This article was removed from the corpus; this is what it said when it was checked."
      : "This article reads differently now; this is what it said when it was checked.") : null);
  const body = el("div", { class: "body", lang: source.language });
  for (const paragraph of source.paragraphs) {
    const p = el("p", { class: paragraph.joined ? "joined" : "" });
    let done = 0;
    for (const [start, end] of paragraph.marks) {
      p.append(visible(paragraph.text.slice(done, start)),
        el("mark", {}, visible(paragraph.text.slice(start, end))));
      done = end;
    }
    p.append(visible(paragraph.text.slice(done)));
    body.append(p);
  }
  pane.replaceChildren(head, body);
  const mark = $("mark", body);
  pane.scrollTop = 0;
  if (!mark) return;
  // Twice: paragraphs that were off the screen get their height only when they come near.
  for (let n = 0; n < 2; n++) {
    const top = mark.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += top - pane.clientHeight / 3;
  }
}

async function repairs(claim) {
  const box = $(`.repairs[data-n="${claim.n}"]`);
  const fine = claim.status === "supported" && !claim.findings.length;
  if (!box || fine || app.issue.status !== "draft") return;
  const state = known;
  const found = await attempt(() => api(bulletPath(`/claims/${claim.n}/repairs`)));
  const place = $(`.repairs[data-n="${claim.n}"]`);
  if (!found || !place || known !== state) return;
  place.replaceChildren(...found.repairs.map((repair) => el("div", { class: "repair" },
    button(repair.label, () => apply(claim, repair)),
    repair.status ? el("span", { class: `verdict ${repair.status}` },
      `then ${signed(repair.status)}`) : null,
    repair.sentence && !["swap", "link", "unlink"].includes(repair.kind)
      ? el("p", { class: "soft" }, repair.sentence) : null)));
}

export function apply(claim, repair) {
  return editor.act((based_on) => post(bulletPath("/repair"),
    { based_on, claim: claim.n, repair: repair.n }), repair.label);
}
