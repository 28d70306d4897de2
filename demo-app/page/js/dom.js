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

/** The phone lives in China, as its merchant and institution do: UTC+8 wherever the page is looked at. */
const china = (ms) => new Date(ms + 8 * 3_600_000).toISOString();

/** `15:32` */
export const clock = (ms) => china(ms).slice(11, 16);

/** `2026-11-22 15:32:07` */
export const stamp = (ms) => china(ms).slice(0, 19).replace("T", " ");

/** Bytes of a base64 text. */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Movement, in pixels, from which a press is a drag. */
const DRAG_MIN = 6;

/** Lets a mouse drag a row sideways, as a finger does. */
export function draggable(row) {
  let from = null;
  let dragged = false;
  row.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (event.pointerType === "mouse" && event.button === 0) from = { x: event.clientX, left: row.scrollLeft };
  });
  row.addEventListener("pointermove", (event) => {
    if (!from || (!dragged && Math.abs(event.clientX - from.x) < DRAG_MIN)) return;
    if (!dragged) row.setPointerCapture(event.pointerId);
    dragged = true;
    row.classList.add("held");
    row.scrollLeft = from.left + from.x - event.clientX;
  });
  const end = () => {
    from = null;
    row.classList.remove("held");
  };
  row.addEventListener("pointerup", end);
  row.addEventListener("pointercancel", end);
  row.addEventListener("click", (event) => { if (dragged) event.stopPropagation(); }, true);
  return row;
}
