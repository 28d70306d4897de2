// The messages of a run, grouped by the standard's steps. Each opens to the bytes that its reader saw.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { lang, word, say, STEPS } from "./words.js";
import { drawBytes, sealedIn } from "./bytes.js";

export function makeStory() {
  const node = el("ol.story");
  const opened = new Set();
  let reader = null;
  let all = [];

  /** Steps that have messages, and the standard's six in any case; set-up first. */
  function groups() {
    const setup = { step: "", title: word("setupGroup"), records: all.filter((record) => !record.step) };
    const known = new Set(STEPS.map(([step]) => step));
    const steps = STEPS.map(([step, zh, en]) => ({ step, title: lang() === "zh" ? zh : en, records: all.filter((record) => record.step === step) }));
    const other = all.filter((record) => record.step && !known.has(record.step));
    const extra = [...new Set(other.map((record) => record.step))].map((step) => ({ step, title: "", records: other.filter((record) => record.step === step) }));
    return [...(setup.records.length ? [setup] : []), ...steps, ...extra];
  }

  function draw(records) {
    all = records;
    const latest = all.findLast((record) => record.step)?.step;
    fill(node, groups().map((group) => {
      const rows = group.records.filter((record) => !reader || record.reader === reader);
      const state = group.records.length === 0 ? "ahead" : group.step === latest ? "now" : "past";
      return el(`li.step.${state}`, {}, el("div.step-head", {}, el("span.knot"), el("span.mark.num", {}, group.step), el("h3", {}, group.title)),
        rows.length > 0 && el("ul.lines", {}, rows.map(line)));
    }));
  }

  function line(record) {
    const sealed = sealedIn(record);
    const open = opened.has(record.seq);
    const body = el("div.opened");
    if (open) drawBytes(body, record);
    const toggle = () => {
      if (opened.has(record.seq)) opened.delete(record.seq);
      else opened.add(record.seq);
      draw(all);
    };
    return el(open ? "li.line.open" : "li.line", {},
      el("button", { "aria-expanded": String(open), onclick: toggle },
        el("span.way", {}, word(record.from), icon("arrow", "tiny"), word(record.to)),
        el("span.what", {}, say(record.what)),
        sealed > 0 && el("span.stamp", {}, icon(record.sealed.every((span) => span.opens) ? "envelopeOpen" : "envelope", "tiny")),
        el("time.num", {}, `+${(record.at_ms / 1000).toFixed(2)}s`),
        el("span.chevron", {}, icon("down", "small"))),
      open && body);
  }

  return {
    node,
    draw,
    add: (record, records) => {
      const scroller = node.parentElement;
      const atEnd = scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 160;
      draw(records);
      if (atEnd && opened.size === 0) scroller.scrollTop = scroller.scrollHeight;
    },
    show: (next) => { reader = next; draw(all); },
    forget: () => { opened.clear(); all = []; },
  };
}
