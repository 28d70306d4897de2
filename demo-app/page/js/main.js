// Puts the page together: one state, drawn again by the parts that it concerns.

import { el, fill, clock } from "./dom.js";
import { icon, signs } from "./icons.js";
import { listen, tap } from "./feed.js";
import { lang, setLang, word, say } from "./words.js";
import { drawChats } from "./chat.js";
import { makeSheet } from "./sheet.js";
import { makePanel } from "./panel.js";

const screen = document.getElementById("screen");
const tabs = document.getElementById("tabs");
const state = { phone: null, line: true };

const app = el("div.app");
const bannerPlace = el("div");
const offline = el("div.offline.hidden", { role: "status" });
const time = el("span.num");
const sheet = makeSheet();
const panel = makePanel(document.getElementById("panel"), { switchLanguage, switchTheme });

fill(screen,
  el("div.status", { "aria-hidden": "true" }, time, el("span.island"), el("span.signs", {}, el("span.gen", {}, "5G"), signs())),
  app, sheet.scrim, sheet.node, bannerPlace, offline);

const theme = new URLSearchParams(location.search).get("theme") ?? localStorage.getItem("theme");
if (theme) document.documentElement.dataset.theme = theme;
setLang(lang());

function switchTheme() {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark"
    || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  const next = dark ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("theme", next);
  sheet.tint();
}

function switchLanguage() {
  setLang(lang() === "zh" ? "en" : "zh");
  drawTabs();
  panel.draw();
  if (state.phone) drawPhone(true);
}

function drawTabs() {
  const choose = (name) => () => { document.body.dataset.tab = name; drawTabs(); };
  const tab = (name, mark, label) => el("button", { role: "tab", "aria-selected": String(document.body.dataset.tab === name),
    onclick: choose(name) }, icon(mark), label);
  fill(tabs, tab("phone", "phone", word("tabPhone")), tab("panel", "eye", word("tabPanel")),
    el("button.side", { onclick: switchLanguage }, lang() === "zh" ? "EN" : "中文"));
}

function drawBanner() {
  const banner = state.phone.banner;
  fill(bannerPlace, banner && el("button.banner", { onclick: () => tap("dismiss_banner") },
    el("span.face", {}, icon("message")), el("span", {}, el("b", {}, banner.from), el("span", {}, say(banner.text)))));
}

function drawPhone(anew = false) {
  drawChats(app, state.phone, anew);
  sheet.draw(state.phone.sheet, anew);
  drawBanner();
  offline.textContent = word("offline");
  offline.classList.toggle("hidden", state.line);
}

function tick() {
  time.textContent = clock(Date.now());
}

tick();
setInterval(tick, 5000);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => sheet.tint());
drawTabs();
panel.draw();
listen({
  run: () => panel.forget(),
  faults: (faults) => panel.faults(faults),
  record: (record) => panel.add(record),
  phone: (phone) => { state.phone = phone; drawPhone(); },
  line: (up) => {
    state.line = up;
    offline.textContent = word("offline");
    offline.classList.toggle("hidden", up);
  },
});
