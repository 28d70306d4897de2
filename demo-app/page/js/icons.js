// Line icons on a 24 grid, drawn for this page.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  shield: ["M12 3l7 2.6v5.2c0 4.6-2.9 8.3-7 10.2-4.1-1.9-7-5.6-7-10.2V5.6z", "M9 12l2.2 2.2L15.2 10"],
  close: ["M6.5 6.5l11 11", "M17.5 6.5l-11 11"],
  back: ["M14.5 5.5L8 12l6.5 6.5"],
  send: ["M12 19V5", "M6 11l6-6 6 6"],
  lock: ["M6.5 11h11v8.5h-11z", "M8.8 11V8.2a3.2 3.2 0 0 1 6.4 0V11"],
  phone: ["M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3z", "M11 18h2"],
  phoneLock: ["M17.5 9.5v-5A1.5 1.5 0 0 0 16 3H8a1.5 1.5 0 0 0-1.5 1.5v15A1.5 1.5 0 0 0 8 21h3.5", "M14 16h6v4.5h-6z", "M15.2 16v-1.2a1.8 1.8 0 0 1 3.6 0V16"],
  eye: ["M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12z", "M12 9.3a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4z"],
  message: ["M4 5.5h16v11H10l-4 3.2v-3.2H4z"],
  erase: ["M9 6h10a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 18H9l-5.5-6z", "M11.5 9.8l4.4 4.4", "M15.9 9.8l-4.4 4.4"],
  tick: ["M5 12.6l4.6 4.6L19.2 7.4"],
  dash: ["M6 12h12"],
  clock: ["M12 6.5V12l3.6 2.2", "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z"],
  clockHands: ["M12 5v7l4.6 2.8"],
  warn: ["M12 8v5", "M12 16.4v.1", "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z"],
  badge: ["M12 2l2.5 1.9 3.1-.3 1.2 2.9 2.9 1.2-.3 3.1L23 12l-1.6 1.2.3 3.1-2.9 1.2-1.2 2.9-3.1-.3L12 22l-2.5-1.9-3.1.3-1.2-2.9-2.9-1.2.3-3.1L1 12l1.6-1.2-.3-3.1 2.9-1.2 1.2-2.9 3.1.3z", "M8 12.2l2.8 2.8 5.2-5.6"],
  envelope: ["M3.5 6h17v12h-17z", "M3.8 6.4l8.2 6.8 8.2-6.8"],
  envelopeOpen: ["M3.5 10l8.5-6.5 8.5 6.5v9.5h-17z", "M3.8 10.3L12 15.5l8.2-5.2"],
  person: ["M12 4a3.8 3.8 0 1 1 0 7.6A3.8 3.8 0 0 1 12 4z", "M4.8 20.2c.8-3.8 3.6-5.6 7.2-5.6s6.4 1.8 7.2 5.6"],
  tower: ["M12 10v11", "M8.5 21h7", "M8.8 12.2a4.5 4.5 0 0 1 0-6.4", "M15.2 5.8a4.5 4.5 0 0 1 0 6.4", "M6 15a8.5 8.5 0 0 1 0-12", "M18 3a8.5 8.5 0 0 1 0 12", "M12 9v.1"],
  shop: ["M4 9.5L5.5 4.5h13L20 9.5", "M4 9.5a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0 2.7 2.7 0 0 0 5.3 0", "M5.5 12v8h13v-8", "M10 20v-5h4v5"],
  bank: ["M3.5 9.5L12 4l8.5 5.5z", "M6 12v5.5", "M10 12v5.5", "M14 12v5.5", "M18 12v5.5", "M3.5 20h17"],
  arrow: ["M4 12h15", "M13.5 6.5L19 12l-5.5 5.5"],
  down: ["M6.5 9.5l5.5 5.5 5.5-5.5"],
  sun: ["M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z", "M12 2.5v2", "M12 19.5v2", "M2.5 12h2", "M19.5 12h2", "M5.3 5.3l1.4 1.4", "M17.3 17.3l1.4 1.4", "M18.7 5.3l-1.4 1.4", "M6.7 17.3l-1.4 1.4"],
  again: ["M19.5 12a7.5 7.5 0 1 1-2.3-5.4", "M19.8 3.8v4h-4"],
};

/** An icon as an SVG element; `size` is "", "small" or "tiny". */
export function icon(name, size = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${size}`.trim());
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** The operator's verified mark. */
export function badge() {
  const mark = icon("badge");
  mark.classList.add("badge");
  return mark;
}

/** Signs of the status bar: reception and battery. */
export function signs() {
  const make = (viewBox, ...shapes) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", viewBox);
    svg.setAttribute("aria-hidden", "true");
    for (const [x, y, width, height, r, opacity] of shapes) {
      const rect = document.createElementNS(SVG, "rect");
      for (const [key, value] of Object.entries({ x, y, width, height, rx: r, opacity })) rect.setAttribute(key, value);
      svg.append(rect);
    }
    return svg;
  };
  return [
    make("0 0 18 12", [0, 8, 3, 4, 1, 1], [5, 5.5, 3, 6.5, 1, 1], [10, 3, 3, 9, 1, 1], [15, 0, 3, 12, 1, 1]),
    make("0 0 27 12", [0, 0, 24, 12, 3.5, 0.3], [1.5, 1.5, 17, 9, 2.2, 1], [25, 4, 1.8, 4, 0.9, 0.4]),
  ];
}
