// Evals: a suite run in the background, its figures against the run before, and the report.

import { $, api, app, attempt, button, count, el, on, post, when } from "./core.js";
import { jobLine, watchJobs } from "./jobs.js";

let shown = "";

export function start() {
  on("screen", (name) => { if (name === "evals") load(); });
  on("jobs", (jobs) => $("#eval-jobs").replaceChildren(
    ...jobs.filter((job) => job.kind === "eval").slice(0, 3).map((job) => jobLine(job, outcome))));
  on("job done", (job) => { if (job.kind === "eval" && app.screen === "evals") load(); });
  $("#eval-form").addEventListener("submit", run);
  $("#measure-kept").addEventListener("click", () => begin({ suite: "grounding", kept: true }));
}

async function load() {
  const found = await attempt(() => api("evals"));
  if (!found) return;
  const field = $("#suite"), chosen = field.value;
  field.replaceChildren(...found.suites.map((name) => el("option", { value: name }, name)));
  if (found.suites.includes(chosen)) field.value = chosen;
  const { supported, unsupported } = found.kept;
  $("#kept-line").textContent = supported + unsupported
    ? `Kept from the desk: ${[supported && `${count(supported, "claim")} that the page says`,
      unsupported && `${count(unsupported, "claim")} that the page does not say`].filter(Boolean).join(", ")}.`
    : "Where you know better than a verdict, keep it as a test case: the button is with the claim, a rejected sentence, and an override.";
  $("#measure-kept").hidden = !(supported + unsupported);
  const suites = [...new Set(found.runs.map((one) => one.suite))];
  $("#eval-runs").replaceChildren(...found.runs.map((one) => el("button", {
    type: "button", class: "row", "aria-current": one.suite === shown ? "true" : null, onclick: () => show(one.suite),
  }, el("span", { class: "said" }, el("b", {}, one.suite), one.kept ? " on kept cases" : "", one.model === "none" ? ", no model" : `, ${one.model}`),
  el("small", { class: "soft" }, `${when(one.started)}, ${count(one.rows, "case")}`),
  el("small", {}, figures(one.metrics)), ...one.metrics_changed.filter((change) => change.call !== "undecided")
    .map((change) => el("small", { class: change.call === "worse" ? "bad" : "" }, `${change.name} ${change.call}`)))));
  if (suites.length) show(suites.includes(shown) ? shown : suites[0], true);
  else $("#report").hidden = true;
  $("#no-report").hidden = suites.length > 0;
}

// A figure may have no value, as one that needs claims of both kinds.
const figures = (metrics) => Object.entries(metrics).filter(([, metric]) => metric.value !== null).slice(0, 4)
  .map(([name, metric]) => `${name.replaceAll("_", " ")} ${metric.value.toFixed(3)}`).join(" · ");

function show(suite, again = false) {
  if (suite === shown && !again) return;
  shown = suite;
  $("#report").hidden = false;
  $("#report").src = `/api/evals/report?suite=${suite}&at=${Date.now()}`;
  if (!again) load();
}

function run(event) {
  event.preventDefault();
  return begin({ suite: $("#suite").value, cases: Number($("#cases").value) || null });
}

async function begin(request) {
  if (await attempt(() => post("evals", request))) watchJobs();
}

const outcome = (job) => el("p", {}, el("b", {}, `${job.result.suite} `), figures(job.result.metrics), " ",
  button("Report", () => show(job.result.suite)));
