// The line to the program: what the phone shows comes in as events, taps go out one after another.

const door = document.querySelector("meta[name=door]").content;

/** Listens. `on` has a function for each of `run`, `faults`, `record`, `phone` and `line` (true while connected). */
export function listen(on) {
  const source = new EventSource(`events?door=${door}`);
  for (const name of ["run", "faults", "record", "phone"]) {
    source.addEventListener(name, (event) => on[name](JSON.parse(event.data)));
  }
  source.onopen = () => on.line(true);
  source.onerror = () => on.line(false);
}

let before = Promise.resolve();

/** Sends a tap, after all earlier ones have arrived: the order of key presses is the person's. */
export function tap(kind, more = {}) {
  const body = JSON.stringify({ kind, ...more });
  before = before.then(async () => {
    try {
      const answer = await fetch("tap", { method: "POST", body,
        headers: { "content-type": "application/json", "msgpay-door": door } });
      if (answer.status === 403) location.reload();
    } catch {
      // The program is gone; the line's own notice says so.
    }
  });
  return before;
}
