// Chapter 03: the learning rate on a parabola and on the ravine. One step multiplies the error along
// each curvature λ by 1 − αλ; beside the path stand the sizes of the errors as a staircase.

import {
  PLOT, circle, contours, draggable, drawAxes, equalScales, fixed, html, logLevels, number, panel, plain,
  polyline, power, sample, scale, star, svg, ticks,
} from "./draw.js";
import { button, connect, frame, select, slider, statusLine, update } from "./controls.js";
import { METHODS, descend } from "./optimizers.js";
import { surface } from "./surfaces.js";

const VIEWS = {
  parabola: { label: "Parabola ½λw²", lr: 1.5, range: { max: 2.4, step: 0.01 } },
  ellipse: { label: "Ellipse: the ravine", lr: 0.95, range: { max: 1.2, step: 0.005 } },
};
const RAVINE = [0.1, 2]; // its curvatures along w₁ and w₂
const HALF_WIDTH = 5; // the parabola is drawn for |w| up to this
const EXPONENTS = [-6, 3]; // of the errors shown
const SKY = 1e5; // pixels; beyond this a path is cut off
const NUDGES = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function regime(product) {
  if (product === 0) return "standing still";
  if (Math.abs(product - 1) < 1e-9) return "there in one step";
  if (Math.abs(product - 2) < 1e-9) return "swapping sides for ever";
  return product < 1 ? "approaching from one side" : product < 2 ? "oscillating" : "diverging";
}
const neat = (x) => fixed(x, Math.abs(x * 100 - Math.round(x * 100)) < 1e-9 ? 2 : 3);

/** Everything the figure shows, computed from the traits alone. */
function rateState(model) {
  const [view, lr, curvature, steps] = ["view", "lr", "curvature", "steps"].map((name) => model.get(name));
  const flat = view === "parabola";
  const stage = flat
    ? { value: ([w]) => (curvature * w * w) / 2, gradient: ([w]) => [curvature * w] }
    : surface("ravine");
  const start = flat ? [model.get("w0")] : model.get("start");
  const { w } = descend(stage.gradient, start, METHODS.GradientDescent, { lr }, steps);
  return { view, flat, lr, curvature, steps, stage, start, w, lambdas: flat ? [curvature] : RAVINE };
}

function rateSentence({ flat, lr, steps, stage, w, lambdas }) {
  const [first, second] = lambdas.map((lambda) => lr * lambda);
  if (flat) return `αλ = ${neat(first)}: ${regime(first)}, each error is multiplied by ` +
    `${neat(1 - first)}. After ${steps} steps |w| = ${number(Math.abs(w[steps][0]))}.`;
  return `α = ${plain(lr)}: w₁ is ${regime(first)}, factor ${fixed(1 - first, 3)}; w₂ is ` +
    `${regime(second)}, factor ${fixed(1 - second, 3)}. After ${steps} steps L = ${number(stage.value(w[steps]))}.`;
}

/** The loss itself: the parabola, or the ravine's level curves. */
function rateBackdrop({ flat, stage }) {
  if (!flat) {
    const [x, y] = equalScales(stage.box), grid = sample(stage.value, x, y);
    return { x, y, labels: ["w₁", "w₂"], parts: [contours(grid, logLevels(grid, 0)),
      svg("path", { class: "dl-star", d: star([x(0), y(0)]) })] };
  }
  const top = stage.value([HALF_WIDTH]);
  const x = scale([-HALF_WIDTH, HALF_WIDTH], [0, PLOT.width]), y = scale([-top / 12, top], [PLOT.height, 0]);
  const curve = Array.from({ length: 101 }, (_, k) => HALF_WIDTH * (k / 50 - 1));
  return { x, y, labels: ["w", "L(w)"], parts: [
    svg("path", { class: "dl-level dl-through", d: polyline(curve.map((a) => [x(a), y(stage.value([a]))])) }),
    svg("path", { class: "dl-star", d: star([x(0), y(0)]) })] };
}

function drawIterates(group, { w, stage, flat }, x, y) {
  const cut = (p) => Math.min(Math.max(p, -SKY), SKY);
  const pixels = w.filter((wt) => wt.every(Number.isFinite))
    .map((wt) => [cut(x(wt[0])), cut(y(flat ? stage.value(wt) : wt[1]))]);
  group.replaceChildren(
    svg("path", { class: "dl-path", d: polyline(pixels) }),
    svg("path", { class: "dl-dots", d: pixels.map(([a, b]) => `M${a.toFixed(1)} ${b.toFixed(1)}h0`).join("") }),
    circle("start", pixels[0], 5.5), circle("here", pixels.at(-1), 4));
  return pixels[0];
}

/** The sizes of the errors; 0 lies below the lower edge. */
function drawStaircase(chart, { w, steps, lambdas }) {
  const [low, high] = EXPONENTS;
  const x = scale([0, steps + 1], [4, PLOT.width - 4]), y = scale([low, high], [PLOT.height, 0]);
  const decades = Array.from({ length: high - low + 1 }, (_, k) => low + k);
  drawAxes(chart, x, y, {
    xTicks: ticks([0, steps]).filter(([k]) => Number.isInteger(k)), yTicks: decades.map((n) => [n, power(n)]),
    xLabel: "step t", yLabel: lambdas.length > 1 ? "size of w₁ and of w₂" : "|wₜ|",
  });
  const stairs = (i) => polyline(w.flatMap((wt, t) => {
    const at = Math.min(Math.max(y(Math.log10(Math.abs(wt[i]))), -99), PLOT.height + 99);
    return Number.isFinite(at) ? [[x(t), at], [x(t + 1), at]] : [];
  }));
  chart.plot.replaceChildren(
    ...decades.map((n) => svg("path", { class: "dl-rule", d: `M0 ${y(n)}H${PLOT.width}` })),
    ...lambdas.map((_, i) => svg("path", { class: `dl-curve dl-${i ? "linear" : "actual"}`, d: stairs(i) })));
}

function renderRates({ model, el }) {
  const map = panel("The loss with the points of gradient descent. Arrow keys move the start.", true);
  const chart = panel("Size of the error at each step, on a logarithmic axis");
  const first = Object.fromEntries(["view", "lr", "curvature", "w0", "start", "steps"]
    .map((name) => [name, model.get(name)]));
  const what = select("Loss", VIEWS, (view) => update(model, { view, lr: VIEWS[view].lr }));
  const rate = slider("Learning rate α", { min: 0, ...VIEWS[first.view].range }, (lr) => update(model, { lr }));
  const bend = slider("Curvature λ", { min: 0.5, max: 2, step: 0.5 }, (curvature) => update(model, { curvature }));
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  const status = statusLine(), key = (kind, text) => html("span", { class: `dl-key dl-${kind}` }, text);
  const keys = html("span", { class: "dl-pair" });
  const title = (...parts) => html("div", { class: "dl-title" }, ...parts);
  const root = frame(el, model, "rates", "Rate explorer: what the learning rate does on a parabola and on an ellipse",
    html("div", { class: "dl-setup" }, what.root, rate.root, bend.root, reset),
    html("div", { class: "dl-main" },
      title("Path", html("span", { class: "dl-note" }, "click or drag to move the start")), map.root),
    status,
    html("div", { class: "dl-side" }, title("Size of the error", keys), chart.root));
  root.style.setProperty("--dl-path", "var(--dl-GradientDescent)");

  const still = svg("g"), moving = svg("g");
  map.plot.append(still, moving);
  let seen = "", now, x, y;
  const startAt = (a, b) => {
    const inside = (p, [low, high]) => Number(Math.min(Math.max(p, low), high).toFixed(2));
    if (now.flat) update(model, { w0: inside(a, x.domain) });
    else update(model, { start: [inside(a, x.domain), inside(b, y.domain)] });
  };
  const place = draggable(map, (px, py) => startAt(x.invert(px), y.invert(py)));
  const draw = () => {
    now = rateState(model);
    const { view, flat, lr, curvature } = now, shown = `${view} ${curvature}`;
    if (shown !== seen) {
      seen = shown;
      let labels, parts;
      ({ x, y, labels, parts } = rateBackdrop(now));
      const yTicks = ticks(y.domain).filter(([value]) => !flat || value >= 0);
      drawAxes(map, x, y, { xTicks: ticks(x.domain), yTicks, xLabel: labels[0], yLabel: labels[1] });
      still.replaceChildren(...parts);
      keys.replaceChildren(...(flat ? [key("actual", "|wₜ|")] : [key("actual", "|w₁|"), key("linear", "|w₂|")]));
    }
    place(drawIterates(moving, now, x, y));
    drawStaircase(chart, now);
    what.set(view);
    rate.set(lr, plain(lr), VIEWS[view].range);
    bend.set(curvature, plain(curvature));
    bend.root.style.display = flat ? "" : "none";
    status.textContent = rateSentence(now);
  };
  map.root.addEventListener("keydown", (event) => {
    const nudge = NUDGES[event.key];
    if (!nudge) return;
    event.preventDefault();
    const [a, b = 0] = now.start;
    startAt(a + 0.1 * nudge[0], b + 0.1 * nudge[1]);
  });
  return connect(model, draw);
}

export default { render: renderRates };
