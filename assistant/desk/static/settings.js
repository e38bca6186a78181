// The model in use, the rules of the house style, and the tour.

import { $, api, app, attempt, button, dialog, el, on, put, tell } from "./core.js";

export function start() {
  on("screen", (name) => { if (name === "settings") load(); });
}

async function load() {
  const found = await attempt(() => api("settings"));
  if (found) draw(found);
}

function draw({ model, rules }) {
  const { usage } = model;
  const tokens = (n) => n.toLocaleString("en-US");
  $("#model").replaceChildren(el("dl", { class: "facts" },
    el("dt", {}, "Model"), el("dd", {}, model.name ?? "none: drafts are in the sources’ own words, and checks are the program’s own"),
    ...(model.name ? [el("dt", {}, "Calibrated for checking"), el("dd", {}, model.calibrated ? "yes"
      : "no: take the marks on claims as hints until “digest model calibrate” has run")] : []),
    el("dt", {}, "Spent on drafts"), el("dd", {}, usage.prompt_tokens
      ? `$${usage.cost.toFixed(2)} for ${tokens(usage.prompt_tokens)} tokens read (${tokens(usage.cached_tokens)} of them from the cache) and ${tokens(usage.completion_tokens)} written`
      : "nothing")),
  el("p", { class: "soft" }, "Another model is chosen when the desk is started, with ", el("code", {}, "--model"), "; ", el("code", {}, "digest model list"), " names them."));
  $("#rules").replaceChildren(...rules.map((rule) => {
    const box = el("input", { type: "checkbox" });
    box.checked = rule.off_by === null;
    box.addEventListener("change", () => turn(rule.code, box.checked));
    return el("label", { class: "rule" }, box, el("span", { class: `finding ${rule.level}` }, el("b", {}, rule.level)),
      el("span", {}, rule.message.replaceAll("%s", "…"), el("small", { class: "soft" }, ` ${rule.code}`,
        rule.off_by ? `, switched off by ${rule.off_by}` : "")));
  }));
}

async function turn(code, enabled) {
  const found = await attempt(() => put(`settings/rules/${code}`, { on: enabled }));
  if (found) draw(found);
  tell("changed");
}

// ---- the tour

const STOPS = [
  ["sources", "#sources-left", "Sources", "Articles come in here: addresses, files, pasted text. Search them, and open one at the passage."],
  ["stories", "#stories-left", "Stories", "What the articles of the window tell, ranked, with the reason why. Choose the five and have them drafted."],
  ["draft", "#middle", "The text", "Type; it is saved within two seconds. What you touched is checked again by itself, and a wrong figure is marked where it stands."],
  ["draft", "#right", "Claims and evidence", "Each claim with its verdict. The one under the cursor shows its page at the very sentence; where it does not hold, repairs are offered."],
  ["draft", "#left", "What is still open", "Everything that blocks the issue, one click from its place. Mark each bullet as reviewed, then approve it."],
  ["send", "#send-left", "Send", "Picture, preview, export. While something is open, it leaves only with a reason."],
];

export function tour(n = 0) {
  for (const old of document.querySelectorAll(".toured")) old.classList.remove("toured");
  const [screen, place, title, words] = STOPS[n];
  tell("go", screen);
  const shown = $(place);
  shown.classList.add("toured");
  const box = dialog(`${n + 1} of ${STOPS.length}: ${title}`, el("div", {}, el("p", {}, words),
    el("footer", {}, n ? button("Back", () => go(n - 1)) : "",
      button(n + 1 < STOPS.length ? "Next" : "Done", () => go(n + 1), { class: "go" }))));
  box.classList.add("stop");
  let next = null;
  const go = (to) => { next = to; box.close(); };
  box.addEventListener("close", () => {
    shown.classList.remove("toured");
    if (next !== null && next < STOPS.length) tour(next);
    else {
      tell("go", app.issue ? "draft" : "sources");
      $("#tabs [aria-current=page]").focus(); // what opened the tour may be gone
    }
  });
}
