// What was said of a text, marked in it. Marks are the browser's custom highlights: a check
// redraws them and touches no text.

import { rangeOf } from "./core.js";
import { roots, words } from "./text.js";

const MARKS = ["current", "stale", "partial", "unsupported", "contradicted", "spot", "error", "style"];

// `current` is the number of the claim that is shown beside its evidence.
export function drawMarks(view, current) {
  if (!CSS.highlights) return;
  const found = Object.fromEntries(MARKS.map((name) => [name, []]));
  const put = (name, field, start, end) => {
    const range = end > start ? rangeOf(roots[field], start, end) : null;
    if (range) found[name].push(range);
  };
  for (const claim of view.claims) {
    const spots = claim.findings.filter((f) => !f.whole && f.level === "error");
    if (claim.n === current) put("current", claim.field, claim.start, claim.end);
    if (claim.status === "stale") put("stale", claim.field, claim.start, claim.end);
    else if (claim.status === "unchecked") put("unsupported", claim.field, claim.start, claim.end);
    else if (claim.status !== "supported" && !spots.length)
      put(claim.status, claim.field, claim.start, claim.end);
    else if (claim.status !== "supported") put("partial", claim.field, claim.start, claim.end);
    for (const spot of spots) put("spot", claim.field, spot.start, spot.end);
  }
  for (const finding of view.findings)
    put(finding.level === "error" ? "error" : "style", finding.field, finding.start, finding.end);
  MARKS.forEach((name, priority) => {
    const highlight = new Highlight(...found[name]);
    highlight.priority = priority;
    CSS.highlights.set(`desk-${name}`, highlight);
  });
}

// Everything that was said of the text moves along with a change in it (`changeIn`); what was
// touched is stale at once, and what was said of it is gone.
export function moveMarks(view, field, { from, to, moved }) {
  const move = (mark) => {
    if (mark.start >= to && !(mark.start === to && from === to && mark.end === to)) {
      mark.start += moved; mark.end += moved;
      return false;
    }
    if (mark.end > from || (mark.end === from && moved > 0)) {
      mark.end = Math.max(mark.start, mark.end + moved);
      return true;
    }
    return false;
  };
  for (const claim of view.claims) {
    if (claim.field !== field) continue;
    if (move(claim)) {
      Object.assign(claim, { status: "stale", findings: [] });
      claim.text = words()[field].slice(claim.start, claim.end);
    } else for (const finding of claim.findings) move(finding);
  }
  view.findings = view.findings.filter((finding) => finding.field !== field || !move(finding));
}
