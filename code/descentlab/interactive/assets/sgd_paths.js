// Chapter 05: batch gradient descent and stochastic gradient descent on one loss, with as many
// examples seen by each: n for one batch step, one for one stochastic step.

import {
  PLOT, circle, contours, draggable, drawAxes, equalScales, html, logLevels, number, panel, plain, polyline,
  power, sample, scale, star, svg, ticks,
} from "./draw.js";
import { button, connect, frame, logSlider, select, slider, statusLine, update } from "./controls.js";
import { exampleOrder, logisticModel } from "./logistic.js";

const SGD_TRAITS = ["start", "batch_lr", "lr", "seed", "passes", "replace"];
const SGD_EXPONENTS = [-5, 1]; // of the gaps shown
const SGD_OTHERS = 4; // further seeds, drawn faintly
const SGD_SKY = 1e4; // pixels; beyond this a path is cut off
const SGD_KEYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const SGD_DRAWS = { true: { label: "Independent" }, false: { label: "Shuffled" } };

/** The points of the steps w ← w − lr·∇ℓᵢ(w), i from `order`, or of batch steps. */
export function sgdRun(gradient, start, lr, order) {
  const path = [start];
  for (const i of order) {
    const w = path.at(-1), g = gradient(w, i === null ? undefined : [i]);
    path.push(w.map((wi, k) => wi - lr * g[k]));
  }
  return path;
}

function sgdState(model, loss) {
  const [start, batchRate, lr, seed, passes, replace] = SGD_TRAITS.map((name) => model.get(name));
  const run = (s) => sgdRun(loss.gradient, start, lr, exampleOrder(s, loss.n, passes, replace));
  return { start, batchRate, lr, seed, passes, batch: sgdRun(loss.gradient, start, batchRate, Array(passes).fill(null)),
    single: run(seed), others: Array.from({ length: SGD_OTHERS }, (_, k) => run(seed + k + 1)) };
}

function sgdSentence(loss, { batch, single, passes }) {
  const gap = (w) => number(Math.max(loss.value(w) - loss.value(loss.minimum), 0));
  const last = single.slice(-loss.n - 1).map(loss.value);
  const rose = last.filter((value, k) => k && value > last[k - 1]).length;
  const count = passes === 1 ? "1 pass" : `${passes} passes`, steps = passes === 1 ? "1 step" : `${passes} steps`;
  return `After ${count}, ${passes * loss.n} examples each: batch, ${steps}, E − E* = ` +
    `${gap(batch.at(-1))}; SGD, ${passes * loss.n} steps, E − E* = ${gap(single.at(-1))}. In the last pass ` +
    `${Math.round((100 * rose) / loss.n)} % of SGD’s steps raised the loss.`;
}

function drawSgdPaths(group, { n, minimum }, { batch, single, start }, x, y) {
  const cut = (p) => Math.min(Math.max(p, -SGD_SKY), SGD_SKY);
  const pixels = (path) => path.filter((w) => w.every(Number.isFinite)).map(([a, b]) => [cut(x(a)), cut(y(b))]);
  const dots = (points) => points.map(([a, b]) => `M${a.toFixed(1)} ${b.toFixed(1)}h0`).join("");
  const ends = pixels(single.filter((_, t) => t % n === 0)), steps = pixels(batch);
  group.replaceChildren(
    svg("path", { class: "dl-path dl-single dl-fine", d: polyline(pixels(single)) }),
    svg("path", { class: "dl-path", d: polyline(steps) }),
    svg("path", { class: "dl-dots dl-single", d: dots(ends) }), svg("path", { class: "dl-dots", d: dots(steps) }),
    svg("path", { class: "dl-star", d: star([x(minimum[0]), y(minimum[1])]) }),
    circle("start", [x(start[0]), y(start[1])], 5.5), circle("here", steps.at(-1), 4.5),
    circle("here dl-single", ends.at(-1), 4.5));
}

/** E − E* against the passes, i.e. at equal numbers of examples seen. */
function drawSgdGaps(chart, loss, { batch, single, others, passes }) {
  const [low, high] = SGD_EXPONENTS, lowest = loss.value(loss.minimum);
  const x = scale([0, passes], [4, PLOT.width - 4]), y = scale([low, high], [PLOT.height, 0]);
  const decades = Array.from({ length: high - low + 1 }, (_, k) => low + k);
  drawAxes(chart, x, y, {
    xTicks: ticks([0, passes]).filter(([k]) => Number.isInteger(k)).map(([k]) => [k, String(k)]),
    yTicks: decades.map((k) => [k, power(k)]),
    xLabel: "passes: examples seen / n", yLabel: "E − E*",
  });
  const every = Math.max(1, Math.round((passes * loss.n) / 100));
  const line = (path, stride, perPass) => polyline(path.flatMap((w, t) => {
    const gap = loss.value(w) - lowest;
    if ((t % stride && t + 1 < path.length) || Number.isNaN(gap)) return [];
    const at = y(Math.log10(Math.max(gap, 1e-20)));
    return [[x(t / perPass), Math.min(Math.max(at, -99), PLOT.height + 99)]];
  }));
  const thinned = (path) => path.filter((_, t) => t % every === 0);
  const curve = (kind, d) => svg("path", { class: `dl-curve ${kind}`, d });
  chart.plot.replaceChildren(
    ...decades.map((k) => svg("path", { class: "dl-rule", d: `M0 ${y(k)}H${PLOT.width}` })),
    ...others.map((path) => curve("dl-single dl-fine dl-ahead", line(thinned(path), 1, loss.n / every))),
    curve("dl-single", line(thinned(single), 1, loss.n / every)), curve("dl-batch", line(batch, 1, 1)));
}

/** Axes that hold the start and the minimum, with room around them. */
function sgdScales(start, minimum) {
  const spans = start.map((a, i) => Math.abs(a - minimum[i])), pad = 0.45 * Math.max(...spans, 1);
  return equalScales(start.map((a, i) => [Math.min(a, minimum[i]) - pad, Math.max(a, minimum[i]) + pad]));
}

function renderSgd({ model, el }) {
  const map = panel("The loss with the two paths. Arrow keys move the start.", true);
  const chart = panel("Gap to the lowest loss against passes through the data, on a logarithmic axis");
  const first = Object.fromEntries(SGD_TRAITS.map((name) => [name, model.get(name)]));
  const set = (name) => (value) => update(model, { [name]: value });
  const batchRate = logSlider("Batch: rate α", [0.05, 20], plain, set("batch_lr"), [0, 100]);
  const rate = logSlider("SGD: rate α", [0.0005, 2], plain, set("lr"), [0, 100]);
  const passes = slider("Passes", { min: 1, max: 20, step: 1 }, set("passes"));
  const seed = slider("Seed", { min: 1, max: 20, step: 1 }, set("seed"));
  const draws = select("Examples", SGD_DRAWS, (key) => update(model, { replace: key === "true" }));
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  const status = statusLine(), key = (kind, text) => html("span", { class: `dl-key dl-${kind}` }, text);
  const title = (...parts) => html("div", { class: "dl-title" }, ...parts);
  const root = frame(el, model, "sgd", "Batch and stochastic gradient descent on one loss",
    html("div", { class: "dl-setup" }, batchRate.root, rate.root, passes.root, seed.root, draws.root, reset),
    html("div", { class: "dl-main" },
      title("Paths", html("span", { class: "dl-note" }, "click or drag to move the start")), map.root),
    status,
    html("div", { class: "dl-side" }, title("Gap", key("batch", "batch"), key("single", "SGD, 5 seeds")), chart.root));
  root.style.setProperty("--dl-path", "var(--dl-GradientDescent)");

  const still = svg("g"), moving = svg("g");
  map.plot.append(still, moving);
  let seen = "", loss, x, y;
  const startAt = (a, b) => {
    const inside = (p, [low, high]) => Number(Math.min(Math.max(p, low), high).toFixed(2));
    update(model, { start: [inside(a, x.domain), inside(b, y.domain)] });
  };
  const place = draggable(map, (px, py) => startAt(x.invert(px), y.invert(py)));
  const draw = () => {
    const data = ["x", "y", "l2"].map((name) => model.get(name)), shown = JSON.stringify(data);
    if (shown !== seen) {
      seen = shown;
      loss = logisticModel(...data);
      [x, y] = sgdScales(first.start, loss.minimum);
      drawAxes(map, x, y, { xTicks: ticks(x.domain), yTicks: ticks(y.domain), xLabel: "w₁", yLabel: "w₂" });
      const grid = sample(loss.value, x, y, 56, 43);
      still.replaceChildren(contours(grid, logLevels(grid, loss.value(loss.minimum))));
    }
    const now = sgdState(model, loss);
    drawSgdPaths(moving, loss, now, x, y);
    drawSgdGaps(chart, loss, now);
    place([x(now.start[0]), y(now.start[1])]);
    batchRate.set(now.batchRate);
    rate.set(now.lr);
    passes.set(now.passes, String(now.passes));
    seed.set(now.seed, String(now.seed));
    draws.set(String(model.get("replace")));
    status.textContent = sgdSentence(loss, now);
  };
  map.root.addEventListener("keydown", (event) => {
    const by = SGD_KEYS[event.key];
    if (!by) return;
    event.preventDefault();
    startAt(...model.get("start").map((a, i) => a + 0.1 * by[i]));
  });
  return connect(model, draw);
}

export default { render: renderSgd };
