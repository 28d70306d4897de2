// Draws a message as its reader saw it: JSON, CBOR, text or bytes. Sealed parts are drawn as envelopes.

import { el, fill, bytesOf } from "./dom.js";
import { icon } from "./icons.js";
import { word, say } from "./words.js";
import { decode, fieldName, isSigned } from "./cbor.js";

/** Bytes of a long value that are shown before the rest is only counted. */
const SHOWN_MAX = 24;
const ROW = 16;
/** First of the private characters that stand for sealed parts while JSON is laid out. */
const STAND_IN = 0xe000;

/** Sealed bytes in a record. */
export const sealedIn = (record) => record.sealed.reduce((sum, span) => sum + span.len, 0);

export function drawBytes(place, record) {
  const bytes = bytesOf(record.body);
  const asHex = el("pre.raw.hex");
  const asText = el("pre.raw");
  const pretty = layOut(record, bytes);
  const content = pretty ?? hex(record, bytes);
  if (pretty) fill(asText, pretty);
  else fill(asHex, content);
  const body = el("div.body", {}, bytes.length === 0 ? el("p.none", {}, word("noBody")) : pretty ? asText : asHex);
  const choices = el("div.choices", { role: "group" });
  const choose = (raw) => {
    fill(choices, [["content", false], ["asBytes", true]].map(([name, value]) =>
      el("button", { "aria-pressed": String(raw === value), onclick: () => choose(value) }, word(name))));
    if (raw && !asHex.childNodes.length) fill(asHex, hex(record, bytes));
    fill(body, raw ? asHex : asText);
  };
  fill(place,
    el("div.caption", {}, el("span", {}, icon("eye", "tiny"), word("readBy", { who: word(record.reader) })),
      el("span.num", {}, [record.media, word("bytes", { n: bytes.length.toLocaleString("en") })].filter(Boolean).join(" · ")),
      pretty && bytes.length > 0 && choices),
    record.head && el("details", {}, el("summary", {}, word("headers"), el("code", {}, record.head.split("\n")[0])), el("pre.raw.head", {}, record.head)),
    body);
  if (pretty && bytes.length > 0) choose(false);
}

function layOut(record, bytes) {
  if (bytes.length === 0) return [];
  if (/cbor|cose/.test(record.media)) {
    const item = decode(bytes);
    return item && cbor(record, bytes, item);
  }
  if (/json|text|xml|urlencoded/.test(record.media) || record.media === "") return text(record, bytes);
  return null;
}

function envelope(record, span) {
  const who = word(record.reader);
  const title = [word("sealed"), word("sealedLength", { n: span.len.toLocaleString("en") })].join(" · ");
  return el(span.opens ? "span.envelope.opens" : "span.envelope", {}, icon(span.opens ? "envelopeOpen" : "envelope"),
    el("span", {}, el("b.num", {}, say(span.what) || word("sealed")), el("span", {}, `${title} · ${word(span.opens ? "canOpen" : "cannotOpen", { who })}`)));
}

// Text and JSON: sealed parts are replaced by one private character each, laid out, and put back as envelopes.

function text(record, bytes) {
  const parts = [];
  let at = 0;
  record.sealed.forEach((span, place) => {
    parts.push(bytes.subarray(at, span.start), new TextEncoder().encode(String.fromCharCode(STAND_IN + place)));
    at = span.start + span.len;
  });
  parts.push(bytes.subarray(at));
  let whole;
  try {
    whole = parts.map((part) => new TextDecoder("utf-8", { fatal: true }).decode(part)).join("");
  } catch {
    return null;
  }
  let lines = whole;
  try {
    if (/json/.test(record.media) || /^\s*[[{]/.test(whole)) lines = JSON.stringify(JSON.parse(whole), null, 2);
  } catch {
    // Not JSON after all: shown as it came.
  }
  return lines.split(/([\ue000-\ue0ff])/).map((piece) => {
    const span = piece.length === 1 ? record.sealed[piece.charCodeAt(0) - STAND_IN] : undefined;
    return span ? envelope(record, span) : tinted(piece);
  });
}

/** JSON with its names set apart from its values. */
function tinted(piece) {
  return piece.split(/("(?:[^"\\]|\\.)*")(?=\s*:)/).map((part, place) => (place % 2 ? el("span.name", {}, part) : part));
}

// CBOR: one line an entry; byte strings that hold CBOR are opened; what is sealed is drawn as an envelope, once.

function cbor(record, bytes, root) {
  const drawn = new Set();
  const sealedAt = (item) => record.sealed.find((span) => {
    const from = item.from ?? item.start;
    return from >= span.start && item.end <= span.start + span.len;
  });
  const once = (span) => {
    if (drawn.has(span)) return null;
    drawn.add(span);
    return envelope(record, span);
  };
  const pad = (depth) => "  ".repeat(depth);

  function value(item, depth) {
    if (item.kind === 3) return el("span.text", {}, JSON.stringify(item.text));
    if (item.kind === 2) return item.inner ? value(item.inner, depth) : blob(item);
    if (item.kind === 5) return map(item, depth);
    if (item.kind === 4) return list(item, depth);
    if (item.kind === 6) return [`${item.text}(`, value(item.items[0], depth), ")"];
    return item.text;
  }

  function blob(item) {
    const shown = [...bytes.subarray(item.from, item.from + Math.min(item.length, SHOWN_MAX))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const rest = item.length > SHOWN_MAX ? `… ${word("bytes", { n: item.length.toLocaleString("en") })}` : "";
    return [el("span.blob", {}, `h'${shown}'`), el("span.rest", {}, rest)];
  }

  function lines(open, close, rows, depth) {
    if (rows.length === 0) return `${open}${close}`;
    return [open, rows.map((row) => ["\n", pad(depth + 1), row]), "\n", pad(depth), close];
  }

  function map(item, depth) {
    const rows = [];
    for (let i = 0; i < item.items.length; i += 2) {
      const [key, below] = [item.items[i], item.items[i + 1]];
      const span = sealedAt(below);
      if (span) {
        const drawing = once(span);
        if (drawing) rows.push(drawing);
        continue;
      }
      const name = fieldName(item, key);
      rows.push([el("span.name", {}, key.kind === 3 ? JSON.stringify(key.text) : key.text), name && el("span.meaning", {}, ` ${name}`), ": ", value(below, depth + 1)]);
    }
    return lines("{", "}", rows, depth);
  }

  function list(item, depth) {
    if (isSigned(item)) {
      const [head, , payload, signature] = item.items;
      return [el("span.meaning", {}, "COSE_Sign1 "), lines("[", "]", [
        [el("span.meaning", {}, "protected "), value(head, depth + 1)],
        [el("span.meaning", {}, "payload "), value(payload, depth + 1)],
        [el("span.meaning", {}, "signature "), value(signature, depth + 1)]], depth)];
    }
    const rows = [];
    for (const below of item.items) {
      const span = sealedAt(below);
      const row = span ? once(span) : value(below, depth + 1);
      if (row) rows.push(row);
    }
    return lines("[", "]", rows, depth);
  }

  const whole = sealedAt(root);
  return [whole ? once(whole) : value(root, 0)];
}

// Bytes: sixteen a row, and an envelope where something sealed lies.

function hex(record, bytes) {
  const pieces = [];
  let at = 0;
  for (const span of [...record.sealed].sort((a, b) => a.start - b.start)) {
    pieces.push(rows(bytes, at, span.start), envelope(record, span), "\n");
    at = span.start + span.len;
  }
  pieces.push(rows(bytes, at, bytes.length));
  return pieces;
}

function rows(bytes, from, to) {
  const out = [];
  for (let at = from; at < to; at += ROW) {
    const row = [...bytes.subarray(at, Math.min(at + ROW, to))];
    const left = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ").padEnd(ROW * 3 - 1);
    const right = row.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
    out.push(el("span.rest", {}, at.toString(16).padStart(4, "0")), `  ${left}  `, el("span.meaning", {}, right), "\n");
  }
  return out;
}
