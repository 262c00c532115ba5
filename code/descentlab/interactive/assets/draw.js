// Drawing shared by the figures: numbers, scales, panels with axes, level curves, arrows. It is
// all plain SVG; colours and type come from widgets.css.

const NAMESPACE = "http://www.w3.org/2000/svg";
const MARGIN = { left: 44, top: 20, right: 6, bottom: 36 };
// Stroke patterns by the names that Matplotlib gives them.
export const DASHES = { "--": "7 3", ":": "2 2.5", "-.": "8 3 2 3" };
export const PLOT = { width: 310, height: 236 };
const SIZE = {
  width: PLOT.width + MARGIN.left + MARGIN.right,
  height: PLOT.height + MARGIN.top + MARGIN.bottom,
};

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(NAMESPACE, tag), attributes, children);
export const html = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

// Numbers as text, with a true minus sign and no minus zero.
const minus = (text) => (Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−"));
export const fixed = (x, decimals) => minus(x.toFixed(decimals));
export const plain = (x) => minus(String(Number(x.toPrecision(4))));
export const power = (n) => "10" + String(n).replace("-", "⁻").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);
export function number(x, digits = 3) {
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "not finite";
  if (x === 0) return "0";
  const [mantissa, n] = x.toExponential(digits - 1).split("e");
  const exponent = Number(n); // of the rounded number: 999.9 is one of four digits
  if (exponent < -3 || exponent > 4) return `${minus(mantissa)} × ${power(exponent)}`;
  return minus(x.toPrecision(Math.max(digits, exponent + 1)));
}
export const point = (w, text = number) => `(${w.map((wi) => text(wi)).join(", ")})`;

/** A linear map from data to pixels. */
export function scale([d0, d1], [p0, p1]) {
  const slope = (p1 - p0) / (d1 - d0);
  const map = (d) => p0 + slope * (d - d0);
  return Object.assign(map, { invert: (p) => d0 + (p - p0) / slope, domain: [d0, d1] });
}

/** Scales with one unit for both axes, so that a right angle is drawn as one. */
export function equalScales([[x0, x1], [y0, y1]], { width, height } = PLOT) {
  const unit = Math.min(width / (x1 - x0), height / (y1 - y0));
  const around = (middle, half) => [middle - half, middle + half];
  return [
    scale(around((x0 + x1) / 2, width / unit / 2), [0, width]),
    scale(around((y0 + y1) / 2, height / unit / 2), [height, 0]),
  ];
}

export function ticks([low, high], count = 8) {
  const rough = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((k) => k * unit >= rough);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++)
    found.push([k * step, fixed(k * step, decimals)]);
  return found;
}

/** A plot with room for axes; what is drawn in `plot` is clipped. */
export function panel(label, interactive) {
  const axes = svg("g", { class: "dl-axes", "aria-hidden": "true" });
  const plot = svg("svg", { class: "dl-plot", "aria-hidden": "true", x: MARGIN.left, y: MARGIN.top, ...PLOT });
  const root = svg("svg", {
    class: "dl-panel",
    viewBox: `0 0 ${SIZE.width} ${SIZE.height}`,
    "aria-label": label,
    ...(interactive ? { role: "application", tabindex: "0" } : { role: "img" }),
  }, axes, plot);
  return { root, axes, plot };
}

export function drawAxes({ axes }, x, y, { xTicks, yTicks, xLabel, yLabel }) {
  const { left, top } = MARGIN, bottom = top + PLOT.height, right = left + PLOT.width;
  const parts = [];
  for (const [value, text] of xTicks) {
    const at = left + x(value);
    parts.push(svg("path", { d: `M${at} ${bottom}v4` }),
      svg("text", { x: at, y: bottom + 16, "text-anchor": "middle" }, text));
  }
  for (const [value, text] of yTicks) {
    const at = top + y(value);
    parts.push(svg("path", { d: `M${left} ${at}h-4` }),
      svg("text", { x: left - 7, y: at + 4, "text-anchor": "end" }, text));
  }
  axes.replaceChildren(...parts,
    svg("rect", { x: left, y: top, ...PLOT }),
    svg("text", { class: "dl-axis", x: right, y: bottom + 32, "text-anchor": "end" }, xLabel),
    svg("text", { class: "dl-axis", x: left, y: top - 7 }, yLabel));
}

/** A function's values on a grid, and the grid in pixels. */
export function sample(value, x, y, columns = 128, rows = 98) {
  const grid = ([low, high], n) => Array.from({ length: n + 1 }, (_, k) => low + ((high - low) * k) / n);
  const xs = grid(x.domain, columns), ys = grid(y.domain, rows);
  return { values: ys.flatMap((b) => xs.map((a) => value([a, b]))), px: xs.map(x), py: ys.map(y) };
}

/** Path data of one level curve, by marching squares. */
export function levelCurve({ values, px, py }, level) {
  let d = "";
  for (let j = 0; j + 1 < py.length; j++) {
    for (let i = 0; i + 1 < px.length; i++) {
      const k = j * px.length + i, above = k + px.length;
      const f = [values[k], values[k + 1], values[above + 1], values[above]];
      if (Math.max(...f) < level || Math.min(...f) >= level) continue;
      const corners = [[px[i], py[j]], [px[i + 1], py[j]], [px[i + 1], py[j + 1]], [px[i], py[j + 1]]];
      const crossings = [];
      for (let a = 0; a < 4; a++) {
        const b = (a + 1) % 4, s = (level - f[a]) / (f[b] - f[a]);
        if ((f[a] < level) !== (f[b] < level))
          crossings.push(corners[a].map((p, axis) => p + s * (corners[b][axis] - p)));
      }
      for (let pair = 0; pair < crossings.length; pair += 2) d += polyline(crossings.slice(pair, pair + 2));
    }
  }
  return d;
}

/** Log-spaced levels, as descentlab.plots.contours has them. */
export function logLevels({ values }, lowest, count = 12) {
  const top = Math.max(...values) - lowest;
  return Array.from({ length: count }, (_, k) => lowest + (top / 2000) * 2000 ** (k / count));
}

export const contours = (grid, levels) =>
  svg("path", { class: "dl-level", d: levels.map((level) => levelCurve(grid, level)).join("") });

export const polyline = (points) =>
  points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
export function arrow([x, y], [dx, dy], head = 9) {
  const length = Math.hypot(dx, dy) || 1, [ux, uy] = [dx / length, dy / length];
  const [tx, ty] = [x + dx, y + dy], [bx, by] = [tx - head * ux, ty - head * uy];
  const half = head * 0.42;
  return polyline([[x, y], [bx, by]]) +
    polyline([[tx, ty], [bx - half * uy, by + half * ux], [bx + half * uy, by - half * ux]]) + "Z";
}
export const star = ([x, y]) => `M${x} ${y}m0-7 1.7 4.7h5l-4 3 1.5 4.7-4.2-2.9-4.2 2.9 1.5-4.7-4-3h5z`;

export const circle = (kind, [cx, cy], r) => svg("circle", { class: `dl-${kind}`, cx, cy, r });
export const label = (kind, text, [x, y]) =>
  svg("text", { class: `dl-label dl-${kind}`, x, y: y + 4, "text-anchor": "middle" }, text);

/**
 * Call move(x, y) on a drag or click in a panel; a finger drags a handle only, elsewhere it
 * scrolls. Returns what moves the handle: it stays one element, or a touch on it would be lost.
 */
export function draggable({ root, plot }, move) {
  const handle = svg("circle", { class: "dl-reach", r: 22 });
  let dragging = false;
  const go = (event) => {
    const box = root.getBoundingClientRect(), unit = SIZE.width / box.width;
    const clip = (p, size) => Math.min(Math.max(p, 0), size);
    move(clip((event.clientX - box.left) * unit - MARGIN.left, PLOT.width),
      clip((event.clientY - box.top) * unit - MARGIN.top, PLOT.height));
  };
  plot.append(handle);
  handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  root.addEventListener("pointerdown", (event) => {
    if (event.button || (event.pointerType === "touch" && !event.target.matches(".dl-reach"))) return;
    dragging = true;
    root.setPointerCapture(event.pointerId);
  });
  root.addEventListener("pointermove", (event) => dragging && go(event));
  for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, () => (dragging = false));
  root.addEventListener("click", go);
  return ([cx, cy]) => fill(handle, { cx, cy }, []);
}
