// Long work: how far it is, stopped and gone on with. It goes on while the page is closed.

import { api, attempt, button, el, post, tell, when } from "./core.js";

const NAMES = { read: "Reading articles", draft: "Drafting", eval: "Measuring" };
let timer = 0;
const states = new Map();

export async function watchJobs() {
  clearTimeout(timer);
  let jobs = null;
  try {
    jobs = (await api("jobs")).jobs;
  } catch (error) {
    if (error.status === undefined) throw error;
  }
  if (jobs) {
    for (const job of jobs) {
      const before = states.get(job.id);
      states.set(job.id, `${job.state} ${job.done}`);
      if (before && before !== states.get(job.id)) tell(over(job) ? "job done" : "job step", job);
    }
    tell("jobs", jobs);
  }
  const active = !jobs || jobs.some((job) => !over(job));
  timer = setTimeout(watchJobs, active ? 700 : 15000);
}

const over = (job) => ["done", "failed", "cancelled"].includes(job.state);

export function jobLine(job, outcome) {
  const act = (label, what) => button(label, async () => { await attempt(() => post(`jobs/${job.id}/${what}`)); watchJobs(); });
  const head = el("p", { class: "job-head" }, el("b", {}, NAMES[job.kind]),
    el("small", { class: "soft" }, ` ${job.author}, ${when(job.at)}`), el("span", { class: "grow" }),
    over(job) ? null : act("Cancel", "cancel"),
    ["failed", "cancelled"].includes(job.state) ? act("Go on", "resume") : null);
  const parts = [head];
  if (!over(job)) {
    const bar = el("progress", { max: job.total || 1, "aria-label": NAMES[job.kind] });
    bar.value = job.done;
    parts.push(bar, el("p", { class: "soft", role: "status" }, job.step || "Waiting"));
  } else if (job.state === "done" && job.result) parts.push(outcome(job));
  else parts.push(el("p", { class: job.state === "failed" ? "bad" : "soft" }, job.step));
  return el("div", { class: "job", data: { state: job.state } }, ...parts);
}
