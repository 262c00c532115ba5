// Chapter 10: the rate of convergence over (α, β) on the ravine, for the heavy ball and for Nesterov's
// method. The chosen pair gives a path, and the sizes of two roots for each curvature.

import {
  PLOT, circle, contours, draggable, drawAxes, equalScales, fixed, html, label, logLevels, number, panel, plain,
  polyline, sample, scale, star, svg, ticks,
} from "./draw.js";
import { button, connect, frame, select, slider, statusLine, update } from "./controls.js";
import { METHODS, descend } from "./optimizers.js";
import { surface } from "./surfaces.js";

const CURVATURES = [0.1, 2]; // of the ravine, along w₁ and w₂
const ROOT = Math.sqrt(CURVATURES[1] / CURVATURES[0]); // √κ
const PAIRS = {
  Momentum: {
    label: "Momentum, heavy ball", press: "Best α, β", column: 1, diverges: [1.62, 0.25],
    pair: { lr: 4 / (Math.sqrt(CURVATURES[0]) + Math.sqrt(CURVATURES[1])) ** 2, beta: ((ROOT - 1) / (ROOT + 1)) ** 2 },
  },
  Nesterov: {
    label: "Nesterov", press: "Standard α, β", column: 0.4, diverges: [1.45, 0.5],
    pair: { lr: 1 / CURVATURES[1], beta: (ROOT - 1) / (ROOT + 1) },
  },
};
const BANDS = [0.7, 0.8, 0.9, 0.95, 1]; // upper ends of ρ; each band is drawn paler than the one before
const PALENESS = [0.85, 0.6, 0.4, 0.22, 0.1];
const [ALPHA_END, BETA_END] = [2, 0.99];
const CELL = 2; // pixels of the map
const CURVATURE_TICKS = [0.05, 0.1, 0.2, 0.5, 1, 2];
const OUT = 1e5; // pixels; beyond this a path is cut off
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Sum and product of the two roots that one curvature has. */
function rootEquation(method, lr, beta, curvature) {
  const left = 1 - lr * curvature;
  return method === "Nesterov" ? [left * (1 + beta), left * beta] : [left + beta, beta];
}

/** The sizes of the two roots, the larger first. */
export function rootSizes(method, lr, beta, curvature) {
  const [sum, product] = rootEquation(method, lr, beta, curvature), half = sum / 2;
  const inside = half * half - product;
  if (inside < 0) return [Math.sqrt(product), Math.sqrt(product)];
  const larger = Math.abs(half) + Math.sqrt(inside);
  return [larger, larger ? Math.abs(product) / larger : 0];
}

/** ρ on the ravine. */
export const ravineRate = (method, lr, beta) =>
  Math.max(...CURVATURES.map((curvature) => rootSizes(method, lr, beta, curvature)[0]));

function wayOf(method, lr, beta, curvature) {
  const [sum, product] = rootEquation(method, lr, beta, curvature);
  const [larger] = rootSizes(method, lr, beta, curvature);
  if (lr === 0) return "stands still";
  if (larger > 1 + 1e-12) return "diverges";
  if (larger < 1e-12) return beta ? "is there in two steps" : "is there in one step";
  if ((sum / 2) ** 2 < product) return "swings";
  return sum > 0 ? "creeps" : "changes sign at each step";
}

function mapState(model) {
  const [method, lr, beta, start, steps] = ["method", "lr", "beta", "start", "steps"].map((name) => model.get(name));
  const stage = surface("ravine"), { w } = descend(stage.gradient, start, METHODS[method], { lr, beta }, steps);
  return { method, lr, beta, steps, stage, w };
}

function mapSentence({ method, lr, beta, steps, stage, w }) {
  const [along, across] = CURVATURES.map((curvature) =>
    `${wayOf(method, lr, beta, curvature)}, ${fixed(rootSizes(method, lr, beta, curvature)[0], 3)} per step`);
  return `α = ${plain(lr)}, β = ${plain(beta)}: ρ = ${fixed(ravineRate(method, lr, beta), 3)}. w₁ ${along}; ` +
    `w₂ ${across}. After ${steps} steps L = ${number(stage.value(w[steps]))}.`;
}

/** One path for each band: cells of equal band in a row are one rectangle. */
function drawBands(method, x, y) {
  const paths = BANDS.map(() => "");
  for (let top = 0; top < PLOT.height; top += CELL) {
    const beta = y.invert(top + CELL / 2);
    let from = 0, band = -1;
    for (let left = 0; left <= PLOT.width; left += CELL) {
      const rate = left < PLOT.width ? ravineRate(method, x.invert(left + CELL / 2), beta) : Infinity;
      const here = BANDS.findIndex((end) => rate < end);
      if (here === band) continue;
      if (band >= 0) paths[band] += `M${from} ${top}H${left}v${CELL}H${from}Z`;
      [from, band] = [left, here];
    }
  }
  return paths.map((d, k) => svg("path", { class: "dl-band", d, "fill-opacity": PALENESS[k] }));
}

function mapBackdrop(method, x, y) {
  const rate = ([a, b]) => ravineRate(method, a, b), { column, diverges } = PAIRS[method];
  const labels = BANDS.slice(0, -1).flatMap((end) => {
    let beta = BETA_END;
    while (beta > 0 && rate([column, beta]) >= end) beta -= 0.002;
    return beta > 0 ? [label("step", String(end), [x(column), y(beta)])] : [];
  });
  return [...drawBands(method, x, y), contours(sample(rate, x, y), BANDS), ...labels,
    label("step", "diverges", diverges.map((value, k) => [x, y][k](value)))];
}

function drawWay(group, { w }, x, y) {
  const cut = (p) => Math.min(Math.max(p, -OUT), OUT);
  const pixels = w.filter((wt) => wt.every(Number.isFinite)).map(([a, b]) => [cut(x(a)), cut(y(b))]);
  group.replaceChildren(
    svg("path", { class: "dl-path", d: polyline(pixels) }),
    svg("path", { class: "dl-dots", d: pixels.map(([a, b]) => `M${a.toFixed(1)} ${b.toFixed(1)}h0`).join("") }),
    circle("start", pixels[0], 5.5), circle("here", pixels.at(-1), 4));
}

/** The sizes of both roots against the curvature, on a logarithmic axis. */
function drawRoots(chart, { method, lr, beta }) {
  const x = scale([Math.log10(0.04), Math.log10(3)], [0, PLOT.width]), y = scale([0, 1.3], [PLOT.height, 0]);
  drawAxes(chart, x, y, {
    xTicks: CURVATURE_TICKS.map((value) => [Math.log10(value), String(value)]), yTicks: ticks(y.domain, 7),
    xLabel: "curvature λ", yLabel: "size of the roots",
  });
  const low = Math.log10(0.04), width = Math.log10(3) - low;
  const at = Array.from({ length: 601 }, (_, k) => low + (width * k) / 600);
  const curve = (k) => polyline(at.map((log) => [x(log), Math.max(y(rootSizes(method, lr, beta, 10 ** log)[k]), -99)]));
  chart.plot.replaceChildren(
    svg("path", { class: "dl-rule dl-now", d: `M0 ${y(1)}H${PLOT.width}` }),
    svg("path", { class: "dl-curve dl-linear", d: curve(1) }),
    svg("path", { class: "dl-curve dl-line", d: curve(0) }),
    ...CURVATURES.map((curvature) => circle("here",
      [x(Math.log10(curvature)), Math.max(y(rootSizes(method, lr, beta, curvature)[0]), 5)], 5.5)));
}

function mapControls(model) {
  const first = Object.fromEntries(["method", "lr", "beta", "start", "steps"].map((name) => [name, model.get(name)]));
  const how = select("Method", PAIRS, (method) => update(model, { method }));
  const rate = slider("Learning rate α", { min: 0, max: ALPHA_END, step: 0.01 }, (lr) => update(model, { lr }));
  const share = slider("Decay rate β", { min: 0, max: BETA_END, step: 0.01 }, (beta) => update(model, { beta }));
  const best = button("", "", () => update(model, PAIRS[model.get("method")].pair));
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  return {
    root: html("div", { class: "dl-setup" }, how.root, rate.root, share.root, best, reset),
    set({ method, lr, beta }) {
      how.set(method);
      rate.set(lr, plain(lr));
      share.set(beta, plain(beta));
      best.textContent = PAIRS[method].press;
      best.setAttribute("aria-label", `${PAIRS[method].press} for the ravine`);
    },
  };
}

function renderMomentumMap({ model, el }) {
  const map = panel("Map of the rate of convergence over α and β. Arrow keys move the point.", true);
  const way = panel("Path of the chosen pair on the level curves of the ravine");
  const chart = panel("Sizes of the two roots for each curvature; the ravine's two are marked");
  const controls = mapControls(model), status = statusLine();
  const key = (kind, text) => html("span", { class: `dl-key dl-${kind}` }, text);
  const title = (...parts) => html("div", { class: "dl-title" }, ...parts);
  const root = frame(el, model, "momentum", "Momentum map: the rate of convergence for each α and β",
    controls.root,
    html("div", { class: "dl-main" },
      title("ρ(α, β)", html("span", { class: "dl-note" }, "darker is faster; drag the point")), map.root),
    html("div", { class: "dl-side" }, title("Path"), way.root),
    html("div", { class: "dl-roots" }, title("Roots", key("larger", "larger"), key("linear", "smaller")), chart.root),
    status);

  const x = scale([0, 1.05 * ALPHA_END], [0, PLOT.width]), y = scale([0, 1], [PLOT.height, 0]);
  const still = svg("g"), point = svg("g"), path = svg("g"), stage = surface("ravine");
  drawAxes(map, x, y, { xTicks: ticks(x.domain), yTicks: ticks(y.domain, 6), xLabel: "learning rate α", yLabel: "β" });
  map.plot.append(still, point);
  const [u, v] = equalScales(stage.box), grid = sample(stage.value, u, v);
  drawAxes(way, u, v, { xTicks: ticks(u.domain), yTicks: ticks(v.domain), xLabel: "w₁", yLabel: "w₂" });
  way.plot.append(contours(grid, logLevels(grid, 0)), svg("path", { class: "dl-star", d: star([u(0), v(0)]) }), path);

  const moveTo = (a, b) => {
    const inside = (value, end) => Number(Math.min(Math.max(value, 0), end).toFixed(2));
    update(model, { lr: inside(a, ALPHA_END), beta: inside(b, BETA_END) });
  };
  const place = draggable(map, (px, py) => moveTo(x.invert(px), y.invert(py)));
  let seen = "";
  const draw = () => {
    const now = mapState(model), at = [x(now.lr), y(now.beta)];
    if (now.method !== seen) {
      seen = now.method;
      still.replaceChildren(...mapBackdrop(seen, x, y));
      root.style.setProperty("--dl-path", `var(--dl-${seen})`);
    }
    point.replaceChildren(circle("here", at, 7));
    place(at);
    drawWay(path, now, u, v);
    drawRoots(chart, now);
    controls.set(now);
    status.textContent = mapSentence(now);
  };
  map.root.addEventListener("keydown", (event) => {
    const nudge = ARROWS[event.key];
    if (!nudge) return;
    event.preventDefault();
    moveTo(model.get("lr") + 0.01 * nudge[0], model.get("beta") + 0.01 * nudge[1]);
  });
  return connect(model, draw);
}

export default { render: renderMomentumMap };
