// Chapter 06: the gradients of mini-batches as a cloud around the gradient of all examples, for
// logistic regression in two parameters. The batches are drawn anew for each s, w and seed.

import {
  arrow, circle, contours, draggable, drawAxes, equalScales, html, logLevels, number, panel, plain, point, sample,
  star, svg, ticks,
} from "./draw.js";
import { button, connect, frame, select, slider, statusLine, update } from "./controls.js";
import { logisticModel, seededRandom } from "./logistic.js";

const CLOUD_BATCHES = 400;
const CLOUD_MAP = [[-4.5, 1.5], [-2.6, 2]]; // where w may stand
const CLOUD_PLANE = [[-1.1, 1.9], [-0.8, 1.4]]; // of the gradients shown
const CLOUD_KEYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const CLOUD_SAMPLING = { without: { label: "Without" }, with: { label: "With" } };

const cloudDot = ([a, b], [c, d]) => a * c + b * d;
const cloudSpread = (points, [a, b]) =>
  points.reduce((sum, [c, d]) => sum + (c - a) ** 2 + (d - b) ** 2, 0) / points.length;

/** Every example's gradient at w, their mean g and variance σ². */
export function cloudGradients(loss, w) {
  const each = Array.from({ length: loss.n }, (_, i) => loss.gradient(w, [i])), g = loss.gradient(w);
  return { each, g, variance: cloudSpread(each, g) };
}

/** Mean gradients of `count` batches of s examples. */
export function cloudBatches(each, s, replace, seed, count) {
  const random = seededRandom(1000 * seed + s), n = each.length, order = each.map((_, i) => i);
  return Array.from({ length: count }, () => {
    const sum = [0, 0];
    for (let k = 0; k < s; k++) {
      const from = replace ? 0 : k, pick = from + Math.floor(random() * (n - from));
      const row = order[pick];
      if (!replace) [order[k], order[pick]] = [row, order[k]];
      sum[0] += each[row][0];
      sum[1] += each[row][1];
    }
    return sum.map((total) => total / s);
  });
}

/** Batch sizes of the slider: about four to each doubling, and n. */
function cloudSizes(n) {
  const powers = Array.from({ length: 4 * Math.ceil(Math.log2(n)) }, (_, k) => Math.round(2 ** (k / 4)));
  return [...new Set([...powers.filter((s) => s < n), n])];
}

function cloudState(model, loss) {
  const [s, replace, w, seed] = ["batch_size", "replace", "w", "seed"].map((name) => model.get(name));
  const n = loss.n, { each, g, variance } = cloudGradients(loss, w);
  const batches = cloudBatches(each, s, replace, seed, CLOUD_BATCHES);
  const theory = Math.sqrt((variance / s) * (replace ? 1 : (n - s) / (n - 1)));
  return {
    s, replace, w, n, each, g, batches, theory, measured: Math.sqrt(cloudSpread(batches, g)),
    away: batches.filter((b) => cloudDot(b, g) < 0).length,
  };
}

function cloudSentence({ s, replace, n, theory, measured, away }) {
  if (s === n && !replace) return `s = n = ${n} without replacement: every batch is the whole data, no spread.`;
  return `s = ${s} ${replace ? "with" : "without"} replacement: typical distance from ∇E ${number(measured)}, ` +
    `theory ${number(theory)}. ${away} of ${CLOUD_BATCHES} batches would step uphill.`;
}

function drawCloudMap(group, map, { value, minimum }, [sx, sy]) {
  const grid = sample(value, sx, sy, 48, 36);
  drawAxes(map, sx, sy, { xTicks: ticks(sx.domain), yTicks: ticks(sy.domain), xLabel: "w₁", yLabel: "w₂" });
  group.replaceChildren(contours(grid, logLevels(grid, value(minimum))),
    svg("path", { class: "dl-star", d: star([sx(minimum[0]), sy(minimum[1])]) }));
}

function drawCloud(group, { each, g, batches, theory }, [sx, sy]) {
  const at = ([a, b]) => [sx(a), sy(b)], unit = sx(1) - sx(0), origin = at([0, 0]), tip = at(g);
  const dots = (kind, points) => svg("path", { class: `dl-${kind}`,
    d: points.map((p) => { const [a, b] = at(p); return `M${a.toFixed(1)} ${b.toFixed(1)}h0`; }).join("") });
  group.replaceChildren(
    svg("path", { class: "dl-rule", d: `M${origin[0]} 0V999M0 ${origin[1]}H999` }),
    dots("each", each), dots("batches", batches),
    svg("path", { class: "dl-arrow dl-gradient", d: arrow(origin, tip.map((p, i) => p - origin[i]), 8) }),
    svg("circle", { class: "dl-ring", cx: tip[0], cy: tip[1], r: theory * unit }));
}

function renderCloud({ model, el }) {
  const map = panel("The loss over the two parameters with the point w. Arrow keys move it.", true);
  const chart = panel("Gradients at w: of single examples, of batches and of all examples");
  const first = Object.fromEntries(["batch_size", "replace", "w", "seed"].map((name) => [name, model.get(name)]));
  let sizes = cloudSizes(model.get("x").length);
  const size = slider("Batch size s", { min: 0, max: sizes.length - 1, step: 1 },
    (k) => update(model, { batch_size: sizes[k] }));
  const how = select("Replacement", CLOUD_SAMPLING, (kind) => update(model, { replace: kind === "with" }));
  const again = button("New batches", "Draw new batches", () => update(model, { seed: model.get("seed") + 1 }));
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  const status = statusLine();
  const title = (text, ...parts) => html("div", { class: "dl-title" }, text, ...parts);
  const key = (kind, text) => html("span", { class: `dl-key dl-${kind}` }, text);
  const root = frame(el, model, "cloud", "Mini-batch gradients around the gradient of all examples",
    html("div", { class: "dl-setup" }, size.root, how.root, again, reset),
    html("div", { class: "dl-main" },
      title("Loss", html("span", { class: "dl-note" }, "click or drag to move w")), map.root),
    status,
    html("div", { class: "dl-side" }, title("Gradients", key("batches", "batches"),
      key("each", "examples"), key("ring", "theory")), chart.root));

  root.style.setProperty("--dl-path", "var(--dl-GradientDescent)");

  const mapScales = equalScales(CLOUD_MAP), planeScales = equalScales(CLOUD_PLANE);
  drawAxes(chart, ...planeScales, {
    xTicks: ticks(planeScales[0].domain, 6), yTicks: ticks(planeScales[1].domain, 6),
    xLabel: "along w₁", yLabel: "along w₂",
  });
  const still = svg("g"), moving = svg("g"), cloud = svg("g");
  map.plot.append(still, moving);
  chart.plot.append(cloud);
  const moveTo = (w) => update(model, { w: w.map((wi, i) => {
    const [low, high] = mapScales[i].domain;
    return Number(Math.min(Math.max(wi, low), high).toFixed(2));
  }) });
  const place = draggable(map, (px, py) => moveTo([mapScales[0].invert(px), mapScales[1].invert(py)]));
  let seen, loss;
  const draw = () => {
    const data = ["x", "y", "l2"].map((name) => model.get(name)), shown = JSON.stringify(data);
    if (shown !== seen) {
      seen = shown;
      loss = logisticModel(...data);
      sizes = cloudSizes(loss.n);
      drawCloudMap(still, map, loss, mapScales);
    }
    const now = cloudState(model, loss), { w, s } = now;
    const here = w.map((wi, i) => mapScales[i](wi));
    moving.replaceChildren(circle("here", here, 6));
    place(here);
    drawCloud(cloud, now, planeScales);
    const nearest = sizes.reduce((best, size, k) => (Math.abs(size - s) < Math.abs(sizes[best] - s) ? k : best), 0);
    size.set(nearest, String(s), { max: sizes.length - 1 });
    how.set(now.replace ? "with" : "without");
    map.root.setAttribute("aria-description", `w = ${point(w, plain)}`);
    status.textContent = cloudSentence(now);
  };
  map.root.addEventListener("keydown", (event) => {
    const nudge = CLOUD_KEYS[event.key];
    if (!nudge) return;
    event.preventDefault();
    moveTo(model.get("w").map((wi, i) => wi + 0.1 * nudge[i]));
  });
  return connect(model, draw);
}

export default { render: renderCloud };
