// Reads CBOR (RFC 8949) for the eye: every item with its place, so that sealed parts can be told from the rest.

/** Names of the fields of the messages that this project defines, by the label at key 0. */
const FIELDS = {
  "msgpay key v1": ["label", "institution", "purpose", "kid", "suite", "publicKey", "notBefore", "notAfter"],
  "msgpay launch v1": ["label", "institution", "merchant", "payOrderNo", "walletBinding", "nonce", "suite", "expires"],
  "msgpay summary v1": ["label", "institution", "wallet", "payOrderNo", "payee", "payeeName", "amountFen", "currency", "item", "expiry", "claimedName", "funding"],
  "msgpay password summary v1": ["label", "institution", "wallet", "setupNo", "mobile", "expiry"],
  "msgpay biometric summary v1": ["label", "institution", "wallet", "setupNo", "mobile", "expiry", "aloneFenMax"],
  "msgpay policy v1": ["label", "institution", "serial", "suites", "kinds", "modes", "ways", "limits", "lowestKid", "issued", "expires"],
  "msgpay launch answer v1": ["label", "tokenDigest", "clientNonce", "device", "summaryDigest", "policyDigest", "sealStatementDigest", "serverNonce", "expiry", "institution", "wallet", "suite"],
  "msgpay activated v1": ["label", "institution", "wallet", "device", "clientNonce", "deviceKeyDigest"],
  "msgpay entry v1": ["label", "version", "suite", "purpose", "kid", "clientNonce", "mode", "surface", "enc", "layout", "boxes", "closingTag"],
  "msgpay receipt v1": ["label", "institution", "suite", "device", "orderNo", "orderDigest", "requestDigest", "outcome", "reason", "time", "attempt", "triesLeft"],
};

/** One item and all below it, or null if `bytes[from, to)` is not exactly one well-formed item. */
export function decode(bytes, from = 0, to = bytes.length) {
  try {
    const [item, end] = read(bytes, from, to, 0);
    return end === to ? item : null;
  } catch {
    return null;
  }
}

function read(bytes, at, to, depth) {
  if (at >= to || depth > 24) throw new Error("not CBOR");
  const start = at;
  const kind = bytes[at] >> 5;
  const short = bytes[at] & 31;
  at += 1;
  let value = BigInt(short);
  if (short >= 24) {
    const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[short];
    if (!width || at + width > to) throw new Error("not CBOR");
    value = 0n;
    for (let i = 0; i < width; i += 1) value = value << 8n | BigInt(bytes[at + i]);
    at += width;
  }
  const count = Number(value);
  const item = { kind, start };
  if (kind === 0) item.text = value.toString();
  else if (kind === 1) item.text = (-1n - value).toString();
  else if (kind === 2 || kind === 3) {
    if (at + count > to) throw new Error("not CBOR");
    item.from = at;
    item.length = count;
    if (kind === 3) item.text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at, at + count));
    else item.inner = count > 1 && [4, 5].includes(bytes[at] >> 5) ? decode(bytes, at, at + count) : null;
    at += count;
  } else if (kind === 4 || kind === 5) {
    if (count > to - at) throw new Error("not CBOR");
    item.items = [];
    for (let i = 0; i < count * (kind === 5 ? 2 : 1); i += 1) {
      const [below, next] = read(bytes, at, to, depth + 1);
      item.items.push(below);
      at = next;
    }
  } else if (kind === 6) {
    const [below, next] = read(bytes, at, to, depth + 1);
    item.items = [below];
    item.text = value.toString();
    at = next;
  } else {
    item.text = { 20: "false", 21: "true", 22: "null", 23: "undefined" }[short] ?? `simple(${value})`;
  }
  item.end = at;
  return [item, at];
}

/** Name of the entry with this key in a map, or "". */
export function fieldName(map, key) {
  const [first, label] = map.items;
  if (first?.kind !== 0 || first.text !== "0" || label?.kind !== 3 || key.kind !== 0) return "";
  return FIELDS[label.text]?.[Number(key.text)] ?? "";
}

/** A COSE_Sign1 (RFC 9052 §4.2): protected header, unprotected header, payload, signature. */
export function isSigned(item) {
  return item.kind === 4 && item.items.length === 4 && item.items[0].kind === 2 && item.items[1].kind === 5
    && item.items[2].kind === 2 && item.items[3].kind === 2 && item.items[3].length === 64;
}
