// The messages app: list of conversations, one conversation, cards and chips.

import { el, fill, clock, draggable, yuan } from "./dom.js";
import { icon, badge } from "./icons.js";
import { tap } from "./feed.js";
import { word, say } from "./words.js";

/** Pause between messages, in milliseconds, after which the time is shown again. */
const GROUP_GAP_MS = 10 * 60 * 1000;

// Which conversation is open is a matter of this screen alone. `undefined`: the first one; `null`: the list.
let open;
let drawn = null;

/** Draws the app into `place`. `anew`: forget what is there (the language changed). */
export function drawChats(place, phone, anew) {
  const chat = open === null ? null : phone.chats.find((each) => each.id === open) ?? phone.chats[0];
  const go = (id) => { open = id; drawChats(place, phone, true); };
  if (!chat) {
    drawn = null;
    fill(place, list(phone, go));
    return;
  }
  if (anew || drawn?.id !== chat.id) {
    drawn = conversation(chat.id, () => go(null));
    fill(place, drawn.nodes);
  }
  drawn.update(chat);
}

function list(phone, go) {
  const rows = phone.chats.map((chat) => {
    const last = chat.messages.at(-1);
    return el("button.row", { onclick: () => go(chat.id) }, avatar(chat),
      el("span.mid", {}, el("span.who", {}, chat.name, chat.verified && badge()),
        el("div.last", {}, last ? last.body.text ?? last.body.title : "")),
      last && el("time.num", {}, clock(last.at_ms)));
  });
  return [el("header.list-head", {}, el("h1", {}, word("messages"))),
    el("div.rows", {}, rows.length ? rows : el("p.empty", {}, word("noChats")))];
}

function avatar(chat, where = "") {
  return el(`span.avatar${where}`, { "aria-hidden": "true" }, [...chat.name][0] ?? "");
}

function conversation(id, leave) {
  const head = el("header.chat-head");
  const thread = el("div.thread", { role: "log" });
  const chips = draggable(el("div.chips"));
  const shown = new Map();
  const typing = el("div.msg.theirs.turn", {}, el("div.bubble.dots", {}, el("i"), el("i"), el("i")));
  const start = () => tap("say", { chat: id, text: word("helloWords") });
  const hello = el("div.welcome", {}, el("h2", {}, word("hello")), el("p", {}, word("helloNote")),
    el("button", { onclick: start }, word("helloWords")));
  const input = el("input", { type: "text", maxlength: "2000", enterkeyhint: "send", autocomplete: "off", placeholder: word("writeHere"),
    "aria-label": word("writeHere") });
  const button = el("button", { type: "submit", "aria-label": word("send"), disabled: true }, icon("send"));
  const say_it = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    tap("say", { chat: id, text });
    input.value = "";
    button.disabled = true;
  };
  input.oninput = () => { button.disabled = !input.value.trim(); };
  const composer = el("form.composer", { onsubmit: say_it }, input, button);

  const rows = new Map();

  /** The row of cards that begins with this one, kept so that it stays where it was scrolled to. */
  function carousel(first, node) {
    if (!rows.has(first)) rows.set(first, draggable(el("div.carousel")));
    const row = rows.get(first);
    row.cards = [node];
    return row;
  }

  function update(chat) {
    fill(head, el("button.back", { onclick: leave, "aria-label": word("back") }, icon("back")), avatar(chat, ".in-head"),
      el("div.names", {}, el("div.who", {}, chat.name, chat.verified && badge()),
        el(chat.verified ? "div.by" : "div.by.warn", {}, chat.verified ? word("verifiedBy", { name: say(chat.verified_by) }) : word("notVerified"))),
      el("span.info", {}, word("chatbot")));
    const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 120;
    const nodes = [];
    let before = null;
    for (const [at, message] of chat.messages.entries()) {
      if (!before || message.at_ms - before.at_ms > GROUP_GAP_MS) {
        nodes.push(el("div.when.num", {}, `${word("today")} ${clock(message.at_ms)}`));
      }
      const last = !chat.messages.slice(at + 1).some((later) => later.mine);
      const key = JSON.stringify([message, message.mine && last]);
      if (shown.get(message.id)?.key !== key) {
        const grown = shown.has(message.id);
        const node = bubble(message, before && before.mine !== message.mine, message.mine && last);
        if (grown) node.style.animation = "none";
        shown.set(message.id, { key, node });
      }
      const { node } = shown.get(message.id);
      if (isCarousel(before, message)) {
        if (!nodes.at(-1).classList.contains("carousel")) nodes.push(carousel(before.id, nodes.pop()));
        nodes.at(-1).cards.push(node);
      } else {
        nodes.push(node);
      }
      before = message;
    }
    for (const node of nodes) if (node.cards) place(node, node.cards);
    if (nodes.length === 0) nodes.push(hello);
    if (chat.typing) nodes.push(typing);
    place(thread, nodes);
    fill(chips, chat.chips.map((chip) => el("button", { disabled: !chip.enabled, onclick: () => choose(chip) }, el("span", {}, chip.label))));
    chips.classList.toggle("hidden", chat.chips.length === 0);
    if (atEnd) thread.scrollTop = thread.scrollHeight;
  }
  return { id, nodes: [head, thread, chips, composer], update };
}

/** Cards that came in one message stand side by side. */
const isCarousel = (before, message) => before?.body.kind === "card" && message.body.kind === "card" && before.mine === message.mine
  && before.at_ms === message.at_ms;

/** Puts `nodes` into `parent` in order, leaving those alone that are in place already. */
function place(parent, nodes) {
  const keep = new Set(nodes);
  for (const old of [...parent.childNodes]) if (!keep.has(old)) old.remove();
  nodes.forEach((node, index) => {
    if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] ?? null);
  });
}

const choose = (chip) => tap("suggestion", { message: chip.message, index: chip.index });

function bubble(message, turn, showStatus) {
  const side = message.mine ? "mine" : "theirs";
  const body = message.body.kind === "card" ? card(message.body) : el("div.bubble", {}, message.body.text);
  const status = showStatus && el(message.status === "failed" ? "div.status-line.bad" : "div.status-line", {}, word(message.status));
  return el(`div.msg.${side}${turn ? ".turn" : ""}`, {}, body, status);
}

function card(body) {
  const { lead, sum } = splitAmount(body.title);
  const tone = /成功|success/i.test(lead) ? "good" : /未|失败|关闭|not/i.test(lead) ? "bad" : "";
  const mark = tone && el("span.mark", {}, icon(tone === "good" ? "tick" : "dash", "small"));
  const { facts, prose } = splitLines(body.description);
  return el(`article.card${tone ? `.${tone}` : ""}`, {},
    body.picture && el("img.art", { src: `page/art/${body.picture}.svg`, alt: "" }),
    el("div.words", {},
      el("div.title", {}, mark, lead, sum && el("span.amount", {}, el("span.sign", {}, "¥"), sum)),
      facts.length > 0 && el("dl.facts", {}, facts.map(([name, value]) => [el("dt", {}, name), el("dd.num", {}, value)])),
      prose.map((line) => el("p.prose", {}, line))),
    body.buttons.length > 0 && el("div.buttons", {}, body.buttons.map((chip) =>
      el(chip.action === "pay" ? "button.pay" : "button", { disabled: !chip.enabled, onclick: () => choose(chip) }, chip.label))));
}

/** `待支付 ¥128.50` → what it says and the sum, so that the sum can be large. */
function splitAmount(title) {
  const found = /^(.*?)\s*[¥￥]\s*([\d,]+(?:\.\d{1,2})?)\s*$/.exec(title);
  if (!found) return { lead: title, sum: "" };
  return { lead: found[1], sum: yuan(Math.round(Number(found[2].replaceAll(",", "")) * 100)) };
}

/** Lines such as `商户：青禾咖啡` become facts, other lines stay prose. */
function splitLines(description) {
  const facts = [];
  const prose = [];
  for (const line of (description ?? "").split("\n").filter(Boolean)) {
    const found = /^([^：:，。\s]{2,8})：(.{1,40})$/.exec(line);
    if (found && !/[。]$/.test(found[2])) facts.push([found[1], found[2]]);
    else prose.push(line);
  }
  return { facts, prose };
}
