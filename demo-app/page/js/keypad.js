// The keypad: pictures in places. This file knows slot numbers and nothing about what the pictures show;
// the document holds no character, no label that tells keys apart, and nothing of a press outlives the press.

import { el, fill, amount, bytesOf } from "./dom.js";
import { icon } from "./icons.js";
import { tap } from "./feed.js";
import { word, say } from "./words.js";

/** A keypad. `draw(view)` brings it up to date, `tint()` repaints the pictures when light turns to dark. */
export function makeKeypad() {
  const title = el("h3");
  const under = el("p.under");
  const cells = el("div.cells", { role: "img" });
  const slip = el("p.slip", { role: "status" });
  const entry = el("div.entry", {}, title, under, cells, slip);
  const note = el("div.pad-note");
  const pad = el("div.pad");
  let faces = [];
  let opening = null;
  let ready = false;
  let room = false;

  function press(slot) {
    if (!ready) return;
    if (slot.function !== "character") tap(slot.function);
    else if (room) tap("key", { slot: slot.id });
  }

  function key(slot) {
    const plain = slot.function !== "character";
    const content = plain ? plainFace(slot.function) : el("canvas", { "aria-hidden": "true" });
    if (!plain) faces.push({ canvas: content, face: slot.face });
    const button = el(plain ? `button.plain.${slot.function}` : "button", { type: "button", "aria-label": word(plain ? label(slot.function) : "key") }, content);
    // On the way down, as keypads of phones do; the click that follows is left alone, except from a keyboard.
    button.addEventListener("pointerdown", (event) => { if (event.button === 0) press(slot); });
    button.addEventListener("click", (event) => { if (event.detail === 0) press(slot); });
    button.style.gridRow = String(slot.row + 1);
    button.style.gridColumn = `${slot.col + 1} / span ${slot.span}`;
    return button;
  }

  function tint() {
    const ink = getComputedStyle(pad).color;
    for (const { canvas, face } of faces) paint(canvas, face, ink);
  }

  function draw(view, anew) {
    ready = view.ready;
    room = view.entered < view.wanted;
    if (anew || opening !== view.opening) {
      opening = view.opening;
      faces = [];
      fill(pad, view.slots.map(key));
      tint();
    }
    pad.classList.toggle("asleep", !ready);
    pad.classList.toggle("full", !room);
    title.textContent = word({ pay: "enterPassword", new: "newPassword", repeat: "repeatPassword", enrol: "enterPassword" }[view.purpose]);
    fill(under, view.order ? [amount(view.order.amount_fen), `  ${view.order.payee}`]
      : word({ new: "newPasswordNote", repeat: "repeatPasswordNote" }[view.purpose] ?? "enrolNote"));
    if (cells.childElementCount !== view.wanted) fill(cells, Array.from({ length: view.wanted }, () => el("i")));
    [...cells.children].forEach((cell, place) => cell.classList.toggle("full", place < view.entered));
    cells.setAttribute("aria-label", word("entered"));
    fill(slip, view.problem && [say(view.problem.what), " ", say(view.problem.todo)].join(" ").trim());
    fill(note, icon("lock", "tiny"), word("padNote"));
  }

  return { nodes: [entry, note, pad], draw, tint };
}

const label = (name) => ({ delete: "erase", clear: "clear", confirm: "confirm" })[name];

function plainFace(name) {
  return name === "delete" ? icon("erase") : el("span", {}, word(label(name)));
}

/** Paints an 8-bit alpha picture in the colour `ink`. */
function paint(canvas, face, ink) {
  canvas.width = face.w;
  canvas.height = face.h;
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(face.w, face.h);
  const alpha = bytesOf(face.alpha);
  const [red, green, blue] = ink.match(/\d+(\.\d+)?/g).map(Number);
  for (let i = 0; i < alpha.length; i += 1) picture.data.set([red, green, blue, alpha[i]], i * 4);
  pen.putImageData(picture, 0, 0);
}
