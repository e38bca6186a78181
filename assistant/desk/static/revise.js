// A bullet drafted again as the editor asks, sentence by sentence, and sources proposed.
// Proposals change nothing until one is accepted.

import { $, api, attempt, button, bulletPath, count, el, on, post, redline, say, visible } from "./core.js";
import { keepButton } from "./cases.js";
import { signed } from "./evidence.js";
import * as editor from "./editor.js";

const COMMON = ["shorter", "lead with the date", "add "];
let stream = null, instruction = "";

export function start() {
  $("#revise").addEventListener("click", toggle);
  $("#propose").addEventListener("click", sources);
  $("#revise-form").addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  $("#revise-common").append(...COMMON.map((words) => button(words.trim(), () => {
    const field = $("#instruction");
    field.value = words;
    field.focus();
    if (!words.endsWith(" ")) ask();
  })));
  on("opened", close);
}

export function toggle() {
  $("#revise-section").hidden = !$("#revise-section").hidden;
  if (!$("#revise-section").hidden) $("#instruction").focus();
  else close();
}

function close() {
  stream?.abort();
  $("#revise-section").hidden = true;
  $("#proposals").replaceChildren();
  $("#revise-state").textContent = "";
}

async function ask() {
  if (!(await editor.save())) return;
  instruction = $("#instruction").value.trim();
  if (!instruction) return;
  const claim = editor.shown().claims[editor.current];
  const sentence = $("#this-sentence").checked && claim?.field === "text" ? claim.text : null;
  stream?.abort();
  const mine = stream = new AbortController();
  const state = $("#revise-state"), list = $("#proposals");
  list.replaceChildren();
  state.replaceChildren("Writing… ", button("Stop", () => mine.abort()));
  let found = 0, problem = null;
  try {
    await read(bulletPath("/revise"), { instruction, sentence }, mine.signal, (line) => {
      if (line.error) problem = line.error;
      else { found++; list.append(row(line)); }
    });
  } catch (error) {
    problem = mine.signal.aborted ? "Stopped; what was written so far is below." : "The server does not answer; your text is as it was.";
  }
  if (stream !== mine) return;
  state.replaceChildren(problem ?? (found ? `${count(found, "sentence")} would change. ` : "Nothing would change."),
    found > 1 ? button("Accept all", all) : "");
  state.className = problem ? "bad" : "soft";
}

// Each line is whole as soon as it comes; the rest waits for its end.
async function read(path, body, signal, take) {
  const answer = await fetch(`/api/${path}`, { method: "POST", signal,
    headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) {
    take({ error: (await answer.json()).error.message });
    return;
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) take(JSON.parse(line));
  }
}

function row(proposal) {
  const line = el("div", { class: "proposal" }, el("p", {}, ...redline(proposal.changes)),
    el("div", { class: "buttons" }, button("Accept", () => accept(proposal, line), { class: "go" }),
      button("Reject", () => reject(line, proposal.new, { instruction, old: proposal.old, url: proposal.url })),
      proposal.status ? el("span", { class: `verdict ${proposal.status}` }, signed(proposal.status)) : null));
  line.take = () => accept(proposal, line);
  return line;
}

// A rejected sentence stays a line of its own until the list is closed: what its page does not
// say may be worth keeping.
function reject(line, text, about) {
  if (!text) { line.remove(); return; }
  const keeping = keepButton(`Rejected: “${text.length > 60 ? `${text.slice(0, 58)}…` : text}” Is it not what the page says?`,
    "rejected", { ...about, new: text });
  line.className = "rejected";
  line.replaceChildren(keeping);
  $("button", keeping).focus();
}

async function accept(proposal, line) {
  const { old, new: now, url } = proposal;
  const done = await editor.act((based_on) => post(bulletPath("/accept"),
    { based_on, instruction, old, new: now, url }), `Revised: ${instruction}`);
  if (done) line.remove();
  return done;
}

async function all() {
  for (const line of [...document.querySelectorAll("#proposals .proposal")])
    if (!(await line.take())) return;
}

// ---- sources for sentences without a link

export async function sources() {
  if (!(await editor.save())) return;
  const found = await attempt(() => api(bulletPath("/sources"), { wait: 120000 }));
  if (!found) return;
  if (!found.sources.length) {
    say("Every sentence has a link, or no page of the corpus says what one without says.");
    return;
  }
  $("#revise-section").hidden = false;
  $("#revise-state").className = "soft";
  $("#revise-state").textContent = `${count(found.sources.length, "source")} proposed`;
  $("#proposals").replaceChildren(...found.sources.map((source) => {
    const { sentence, anchor, url } = source;
    const at = sentence.indexOf(anchor);
    const line = el("div", { class: "proposal" },
      el("p", {}, sentence.slice(0, at), el("ins", {}, anchor), sentence.slice(at + anchor.length)),
      el("p", { class: "soft" }, visible(source.title)),
      el("div", { class: "buttons" }, button("Accept", async () => {
        const done = await editor.act((based_on) => post(bulletPath("/link"), { based_on, sentence, anchor, url }), `Linked “${anchor}”`);
        if (done) line.remove();
      }, { class: "go" }), button("Reject", () => reject(line, sentence, { instruction: "find sources", url }))));
    return line;
  }));
}
