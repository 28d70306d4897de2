// The panel beside the phone: who saw what, and the switches that make something go wrong.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { tap } from "./feed.js";
import { lang, word, say } from "./words.js";
import { makeStory } from "./story.js";
import { sealedIn } from "./bytes.js";

/** The six parties, in the order in which a message travels. */
const PARTIES = [["user", "person"], ["handset", "phone"], ["maap", "tower"], ["merchant", "shop"], ["platform", "shield"], ["bank", "bank"]];

export function makePanel(place, { switchLanguage, switchTheme }) {
  let records = [];
  let faults = [];
  let view = "story";
  let reader = null;
  const story = makeStory();
  const head = el("header.panel-head");
  const parties = el("div.parties", { role: "group" });
  const content = el("div.panel-body");
  fill(place, head, parties, content);

  function drawHead() {
    const choose = (name) => () => { view = name; draw(); };
    const part = (name) => el("button", { role: "tab", "aria-selected": String(view === name), onclick: choose(name) }, word(name),
      name === "faults" && faults.some((fault) => fault.on) && el("i.lit"));
    fill(head,
      el("div.tools", {}, el("h1", {}, word("panelTitle")),
        el("button.tool", { onclick: switchTheme, "aria-label": word("theme") }, icon("sun", "small")),
        el("button.tool.language", { onclick: switchLanguage }, lang() === "zh" ? "EN" : "中文"),
        el("button.tool", { onclick: () => tap("restart") }, icon("again", "small"), word("restart"))),
      el("p.lead", {}, word("panelLead")),
      el("div.parts", { role: "tablist" }, part("story"), part("faults")));
  }

  function drawParties() {
    fill(parties, PARTIES.map(([name, mark]) => {
      const mine = records.filter((record) => record.reader === name);
      const sealed = mine.reduce((sum, record) => sum + sealedIn(record), 0);
      const opens = mine.some((record) => record.sealed.some((span) => span.opens));
      return el("button", { "aria-pressed": String(reader === name), onclick: () => { reader = reader === name ? null : name; drawParties(); story.show(reader); } },
        icon(mark), el("b", {}, word(name)), el("span.num", {}, mine.length > 0 ? word("received", { n: mine.length }) : name === "user" ? word("onScreen") : "–"),
        el(sealed ? "span.num.sealed" : "span.num.sealed.nil", {}, icon(opens ? "envelopeOpen" : "envelope", "tiny"), word("sealedCount", { n: sealed.toLocaleString("en") })));
    }));
    parties.classList.toggle("hidden", view !== "story");
  }

  function drawFaults() {
    fill(content, el("p.lead", {}, word("faultsLead")), el("ul.faults", {}, faults.map((fault) => el("li", { "data-name": fault.name }, el("label", {},
      el("span", {}, el("b", {}, say(fault.label)), el("span", {}, say(fault.sentence))),
      el("input", { type: "checkbox", role: "switch", checked: fault.on,
        onchange: (event) => tap("set_fault", { name: fault.name, on: event.target.checked }) }))))));
  }

  function drawContent() {
    if (view === "faults") drawFaults();
    else {
      fill(content, story.node);
      story.draw(records);
    }
  }

  function draw() {
    drawHead();
    drawParties();
    drawContent();
  }

  return {
    draw,
    forget: () => { records = []; story.forget(); draw(); },
    faults: (next) => { faults = next; drawHead(); if (view === "faults") drawFaults(); },
    add: (record) => {
      records.push(record);
      drawParties();
      if (view === "story") story.add(record, records);
    },
  };
}
