// The payment SDK's sheet: activation, review, keypad, waiting, result. One sheet, its content changes.

import { el, fill, amount, clock, stamp, yuan } from "./dom.js";
import { icon } from "./icons.js";
import { tap } from "./feed.js";
import { word, say } from "./words.js";
import { makeKeypad } from "./keypad.js";

export function makeSheet() {
  const scrim = el("div.scrim");
  const head = el("header.sheet-head");
  const pane = el("div.pane");
  const node = el("section.sheet", { role: "dialog", "aria-modal": "true", tabindex: "-1" }, head, pane);
  const keypad = makeKeypad();
  let shown = "hidden";

  function drawHead(view) {
    const way = { working: null, result: "done" }[view.kind];
    const leave = way === undefined ? "cancel" : way;
    fill(head, icon("shield"), el("h2", {}, say(view.institution)),
      el("button", { "aria-label": word("close"), disabled: leave === null, onclick: () => leave && tap(leave) }, icon("close")));
  }

  function draw(view, anew) {
    const place = document.getElementById("screen");
    if (view.kind === "hidden") {
      place.classList.remove("up");
      shown = "hidden";
      return;
    }
    const what = view.kind === "keypad" ? `keypad ${view.opening}` : view.kind === "result" ? `result ${view.state}` : view.kind;
    const fresh = what !== shown;
    drawHead(view);
    if (view.kind === "keypad") {
      if (fresh || anew) fill(pane, keypad.nodes);
      keypad.draw(view, anew);
    } else if (view.kind === "activate") {
      drawActivate(pane, view, fresh || anew);
    } else {
      fill(pane, { review, touch, working, result }[view.kind](view));
    }
    if (fresh && shown !== "hidden") {
      pane.classList.remove("fresh");
      void pane.offsetWidth;
      pane.classList.add("fresh");
    }
    shown = what;
    if (!place.classList.contains("up")) {
      void node.offsetWidth;
      place.classList.add("up");
      node.focus({ preventScroll: true });
    }
  }

  return { scrim, node, draw, tint: keypad.tint };
}

/** The first screen keeps its field while it is being typed into. */
function drawActivate(pane, view, fresh) {
  const slip = problem(view.problem);
  if (!fresh && pane.activate) {
    pane.activate(view, slip);
    return;
  }
  const field = el("input.code", { type: "text", autocomplete: "one-time-code", autocapitalize: "characters", spellcheck: "false",
    maxlength: String(Math.max(view.length, 1)), placeholder: word("activateCode"), "aria-label": word("activateCode") });
  const go = el("button.primary", { type: "submit" });
  const slipPlace = el("div");
  const offerPlace = el("div");
  let busy = false;
  const ready = () => { go.disabled = busy || field.value.trim().length !== view.length; };
  const submit = (event) => {
    event.preventDefault();
    tap("activate", { code: field.value.trim() });
  };
  field.oninput = ready;
  const form = el("form.pane", { onsubmit: submit },
    el("div.fill.start", {}, el("div.hello", {}, icon("phoneLock")), el("h3", {}, word("activateTitle")), el("p", {}, word("activateText")),
      stepsLine(1), field, offerPlace, slipPlace),
    el("div.foot", {}, go));
  pane.activate = (next, nextSlip) => {
    busy = next.busy;
    field.disabled = busy;
    go.textContent = word(busy ? "activateBusy" : "activateGo");
    fill(slipPlace, nextSlip);
    fill(offerPlace, next.suggested && el("button.offer", { type: "button", onclick: () => { field.value = next.suggested; ready(); } },
      icon("message", "small"), word("activateFill")));
    ready();
  };
  pane.activate(view, slip);
  fill(pane, form);
}

const stepsLine = (at) => el("div.steps", { "aria-hidden": "true" }, [1, 2, 3].map((step) => el(step <= at ? "i.on" : "i")));

function problem(view) {
  return view && el("div.problem", { role: "status" }, icon("warn"),
    el("div", {}, el("b", {}, say(view.what)), el("span", {}, say(view.todo)), view.code && el("code", {}, `  ${view.code}`)));
}

function facts(rows) {
  return el("dl.facts.wide", {}, rows.filter(([, value]) => value).map(([name, value]) =>
    el("div", {}, el("dt", {}, word(name)), el("dd.num", {}, value))));
}

function money(order, withItem) {
  return el("div.money", {}, amount(order.amount_fen), el("div.payee", {}, order.payee), withItem && el("div.item", {}, order.item));
}

function review({ institution, order, problem: slip }) {
  return [
    el("div.fill", {}, money(order, true), problem(slip), facts([
      ["claimed", order.claimed], ["funding", order.funding], ["orderNo", order.order_tail], ["expires", clock(order.expires_at_ms)]])),
    el("div.foot", {}, el("div.vouch", {}, icon("shield", "tiny"), word("reviewVouch", { name: say(institution) })),
      el("button.primary.num", { onclick: () => tap("accept") }, `${word("pay")} ¥${yuan(order.amount_fen)}`)),
  ];
}

/** Stands for the phone's own prompt. */
function touch({ order, or_password: orPassword }) {
  return [
    el("div.busy", {}, icon("phoneLock"), order && amount(order.amount_fen), el("p", {}, word("touchAsk"))),
    el("div.foot", {}, el("button.primary", { onclick: () => tap("touch") }, word("touch")),
      orPassword && el("button.secondary", { onclick: () => tap("type_instead") }, word("typeInstead"))),
  ];
}

function working({ text, order }) {
  return el("div.busy", { role: "status" }, el("div.spin"), order && amount(order.amount_fen), el("p", {}, say(text)));
}

const ENDS = {
  paid: ["paid", "tick", "paid", ""],
  not_paid: ["not", "dash", "notPaid", ""],
  unresolved: ["open", "clockHands", "unresolved", ".open"],
  password_set: ["paid", "tick", "passwordSet", ""],
  biometric_set: ["paid", "tick", "biometricSet", ""],
};

function result({ institution, state, order, at_ms, problem: slip, busy, can_retry }) {
  const [tone, mark, verdict, colour] = ENDS[state];
  const certain = state !== "unresolved";
  // Only what a receipt says is the institution's word: a refusal before anything was sent has no time.
  const signed = ["paid", "password_set", "biometric_set"].includes(state) || (certain && at_ms);
  const advice = { unresolved: "unresolvedAdvice", password_set: "passwordSetAdvice", biometric_set: "biometricSetAdvice" }[state];
  const button = (name, kind, look = "primary") => el(`button.${look}`, { disabled: busy, onclick: () => tap(kind) }, word(name));
  return [
    el("div.fill.result", {}, el(`div.seal.${tone}`, {}, icon(mark)), el(`h3.verdict${colour}`, { role: "status" }, word(verdict)),
      advice && el("p.advice", {}, word(advice)),
      order && money(order, false), certain && problem(slip),
      order && facts([["item", order.item], [state === "paid" ? "paidWith" : "funding", order.funding],
        ["orderNo", order.order_tail], ["when", state === "paid" && at_ms ? stamp(at_ms) : ""]])),
    el("div.foot", {},
      signed && el("div.vouch", {}, icon("shield", "tiny"), word("signedBy", { name: say(institution) })),
      state === "unresolved" ? button(busy ? "querying" : "query", "query")
        : state === "password_set" ? [button("startChat", "done"), button("enrol", "enrol", "secondary")]
          : can_retry ? [button("retry", "retry"), button("backToChat", "done", "secondary")] : button("backToChat", "done")),
  ];
}
