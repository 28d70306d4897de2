// The few helpers that build elements. Text is always set as text, never as markup.

/** Makes an element: `el("p.note", {onclick}, "text", child…)`. Props that are functions or known fields are set, others become attributes. */
export function el(name, props = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function" || key in node && typeof value !== "string") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

/** Replaces the children of `node`. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

/** `¥128.50` as an element: thin sign, tabular figures. `fen` is a whole number of fen. */
export function amount(fen) {
  return el("span.amount", {}, el("span.sign", {}, "¥"), yuan(fen));
}

/** `128.50` for 12850 fen, with thousands separators. */
export function yuan(fen) {
  const whole = Math.trunc(Math.abs(fen) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${fen < 0 ? "−" : ""}${whole}.${(Math.abs(fen) % 100).toString().padStart(2, "0")}`;
}

const two = (number) => number.toString().padStart(2, "0");

/** `15:32` */
export function clock(ms) {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2026-11-22 15:32:07` */
export function stamp(ms) {
  const date = new Date(ms);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(ms)}:${two(date.getSeconds())}`;
}

/** Bytes of a base64 text. */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
