// Where an editor knows better than the check: kept as a test case under Evals, with one click.

import { api, app, attempt, count, el, post, say } from "./core.js";

// What was kept since the page was opened, and its ids: a second click takes it back.
const kept = new Map();

// `what` asks the editor what the case would say; `path` and `body` are the request.
export function keepButton(what, path, body = {}) {
  const at = `${app.issue.id}/${app.bullet}`;
  const key = [at, path, what, JSON.stringify(body)].join(" ");
  const press = el("button", { type: "button", class: "keep", data: { key }, onclick: turn });
  label(press);
  async function turn() {
    const ids = kept.get(key);
    const done = await attempt(() => (ids ? drop(ids) : post(`evals/cases/${at}/${path}`, body)));
    if (!done) return;
    if (ids) kept.delete(key);
    else kept.set(key, done.kept.map((one) => one.id));
    // The list may have been drawn anew meanwhile: whatever button now stands for this case.
    for (const one of document.querySelectorAll("button.keep")) label(one);
    if (ids) say(`Taken back. ${inAll(done.count)}`);
    else say(`${told(done.kept)} ${inAll(done.count)}`, { label: "Undo", run: turn });
  }
  return el("div", { class: "keeping" }, el("span", { class: "soft" }, what), press);
}

function label(press) {
  const done = kept.has(press.dataset.key);
  press.textContent = done ? "Kept as a test case" : "Keep as a test case";
  press.setAttribute("aria-pressed", done ? "true" : "false");
}

const drop = (ids) =>
  api(`evals/cases?${new URLSearchParams(ids.map((id) => ["id", id]))}`, { method: "DELETE" });

function told(cases) {
  const [one] = cases;
  if (cases.length > 1) return `Kept ${cases.length} test cases: the pages say these claims.`;
  const claim = one.claim.length > 70 ? `${one.claim.slice(0, 68)}…` : one.claim;
  return `Kept as a test case: the page ${one.supported ? "says" : "does not say"} “${claim}”`;
}

function inAll({ supported, unsupported }) {
  const all = supported + unsupported;
  return `Under Evals there ${all === 1 ? "is" : "are"} ${count(all, "case")}.`;
}
