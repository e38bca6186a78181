// Starts the desk once its page is there, and holds the keyboard map.

import { $, app, button, dialog, el, hush, on, say, tell } from "./core.js";
import { watchJobs } from "./jobs.js";
import * as editor from "./editor.js";
import * as evals from "./evals.js";
import * as evidence from "./evidence.js";
import * as links from "./links.js";
import * as lists from "./lists.js";
import * as past from "./past.js";
import * as review from "./review.js";
import * as revise from "./revise.js";
import * as send from "./send.js";
import * as settings from "./settings.js";
import * as sources from "./sources.js";
import * as stories from "./stories.js";

const SCREENS = ["sources", "stories", "draft", "send", "evals", "settings"];

export async function start() {
  for (const part of [editor, evals, evidence, links, lists, past, review, revise, send, settings, sources, stories]) part.start();
  for (const tab of document.querySelectorAll("#tabs button"))
    tab.addEventListener("click", () => show(tab.dataset.screen));
  $("#theme").addEventListener("click", turnTheme);
  $("#help").addEventListener("click", help);
  $("#first-tour").addEventListener("click", () => settings.tour());
  on("go", show);
  for (const name of ["opened", "screen"]) on(name, hush);
  addEventListener("keydown", keys);
  const theme = localStorage.getItem("desk:theme");
  if (theme) document.body.classList.toggle("dark", theme === "dark");
  const [screen, issue, bullet] = location.hash.slice(1).split("/");
  try {
    await lists.loadIssues(issue, bullet);
  } catch (error) {
    say(error.message);
  }
  if (SCREENS.includes(screen)) show(screen);
  watchJobs();
  $("#desk").dataset.ready = "yes";
}

export function show(screen) {
  app.screen = screen;
  $("#desk").dataset.screen = screen;
  for (const tab of document.querySelectorAll("#tabs button"))
    tab.setAttribute("aria-current", tab.dataset.screen === screen ? "page" : "false");
  tell("screen", screen);
}

function turnTheme() {
  const dark = document.body.classList.toggle("dark");
  localStorage.setItem("desk:theme", dark ? "dark" : "light");
}

// By the place of the key, so that they work on every layout.
const KEYS = [
  ["Alt+J", "next claim", (e) => e.altKey && e.code === "KeyJ", () => editor.step(1)],
  ["Alt+K", "claim before", (e) => e.altKey && e.code === "KeyK", () => editor.step(-1)],
  ["Alt+N", "next bullet", (e) => e.altKey && e.code === "KeyN", () => neighbour(1)],
  ["Alt+P", "bullet before", (e) => e.altKey && e.code === "KeyP", () => neighbour(-1)],
  ["Alt+B", "first thing that blocks sign-off", (e) => e.altKey && e.code === "KeyB", firstPoint],
  ["Alt+R", "first repair of this claim", (e) => e.altKey && e.code === "KeyR", () => $(".repairs button")?.click()],
  ["Alt+A", "mark as reviewed, then approve", (e) => e.altKey && e.code === "KeyA", () => review.stepUp()],
  ["Alt+H", "history", (e) => e.altKey && e.code === "KeyH", () => review.history()],
  ["Alt+V", "revise with an instruction", (e) => e.altKey && e.code === "KeyV", () => revise.toggle()],
  ["Alt+E", "to the text", (e) => e.altKey && e.code === "KeyE", () => $("#text").focus()],
  ["Ctrl+K", "link the selected word", (e) => (e.ctrlKey || e.metaKey) && e.code === "KeyK", () => links.editLink()],
  ["Ctrl+S", "save now", (e) => (e.ctrlKey || e.metaKey) && e.code === "KeyS", () => editor.save()],
  ["Ctrl+Z", "undo typing", () => false, null],
  ["F6", "next pane", (e) => e.key === "F6", nextPane],
];

function keys(event) {
  if (event.shiftKey || $("dialog[open]")) return;
  const found = KEYS.find(([, , matches]) => matches(event));
  if (!found || (app.screen !== "draft" && event.key !== "F6")) return;
  event.preventDefault();
  found[3]();
}

function neighbour(by) {
  const all = app.issue.bullets;
  const n = all.findIndex((bullet) => bullet.id === app.bullet);
  if (all.length) lists.openBullet(all[(n + by + all.length) % all.length].id);
}

function firstPoint() {
  const point = app.issue.points[0];
  if (point) lists.goTo(point);
  else say("Nothing blocks sign-off.");
}

function nextPane() {
  const panes = [$("#tabs button"), $("#bullets .row"), $("#text"), $("#claims .row"), $("#article")].filter(Boolean);
  const n = panes.findIndex((pane) => pane.closest(".pane, #bar")?.contains(document.activeElement));
  panes[(n + 1) % panes.length].focus();
}

function help() {
  const box = dialog("Help", el("div", { class: "buttons" }, button("Take the tour", () => { box.close(); settings.tour(); })), el("dl", { class: "keys" }, ...KEYS.flatMap(([key, what]) =>
    [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)])),
  el("p", { class: "soft" }, "Everything can also be reached with Tab, and chosen with Enter."));
}

