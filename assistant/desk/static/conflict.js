// Two editors saved one bullet: both versions, stretch by stretch, and a merged one.

import { button, bulletPath, dialog, el, post, say, when } from "./core.js";

// Resolves to merged words based on the newest revision, or null where it was put off.
export async function resolveConflict(view, mine) {
  const form = { based_on: view.revision, ...mine };
  const both = await post(bulletPath("/merge", view.id), form);
  return new Promise((resolve) => {
    let answer = null;
    const chosen = both.pieces.map((piece) => (piece.choice === "theirs" ? "theirs" : "mine"));
    const rows = both.pieces.map((piece, n) => row(piece, n, chosen, both.author));
    const finish = (choices) => {
      answer = { ...merged(both.pieces, choices), revision: both.revision };
      box.close();
    };
    const box = dialog("Two versions of this bullet",
      el("p", { class: "soft" }, `${both.author} saved revision ${both.revision} at ${when(both.at)}, ` +
        "while you were writing. Nothing is lost: choose what is to stand. Where only one of " +
        "you changed something, that is chosen already."),
      el("div", { class: "merge" }, ...rows),
      el("footer", {},
        button("All of theirs", () => finish(chosen.map(() => "theirs"))),
        button("All of mine", () => finish(chosen.map(() => "mine"))),
        button("Save this choice", () => finish(chosen), { class: "go" })));
    box.classList.add("wide");
    box.addEventListener("close", () => {
      if (!answer) say("Your text is kept in this browser until you compare the two.");
      resolve(answer);
    });
  });
}

function row(piece, n, chosen, author) {
  const said = (words) => words.headline || words.text || "(nothing)";
  if (piece.choice === "same") return el("p", { class: "same" }, said(piece.mine));
  const option = (who, label, words) => {
    const input = el("input", { type: "radio", name: `piece-${n}` });
    input.checked = chosen[n] === who;
    input.addEventListener("change", () => { chosen[n] = who; });
    return el("label", {}, input, el("b", {}, label), el("span", {}, said(words)));
  };
  const legend = piece.choice === "both changed" ? "Both of you changed this"
    : piece.choice === "mine" ? "You changed this" : `${author} changed this`;
  return el("fieldset", { class: piece.choice === "both changed" ? "open" : "" },
    el("legend", {}, legend), option("mine", "Yours", piece.mine), option("theirs", author, piece.theirs));
}

function merged(pieces, chosen) {
  const [head, ...rest] = pieces.map((piece, n) => piece[chosen[n] === "theirs" ? "theirs" : "mine"]);
  let text = "";
  const links = [];
  for (const words of rest) {
    if (!words.text) continue;
    if (text) text += " ";
    for (const link of words.links)
      links.push({ start: link.start + text.length, end: link.end + text.length, url: link.url, known: true });
    text += words.text;
  }
  return { headline: head.headline, text, links };
}

