// Chapter 17: the gradient on its way back through a deep random network, and the slopes of the
// activation that it meets there.

import { PLOT, drawAxes, fixed, html, number, panel, plain, polyline, power, scale, svg, ticks } from "./draw.js";
import { button, connect, frame, logSlider, select, slider, statusLine, update } from "./controls.js";
import { seededRandom } from "./logistic.js";

const WIDTH = 32; // units of a layer
const LEAK = 0.1;
const DEEPEST = 30;
const SCALES = [0.1, 12];

const flowSigmoid = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
const GELU_C = Math.sqrt(2 / Math.PI); // the usual approximation with tanh
const geluInner = (z) => Math.tanh(GELU_C * (z + 0.044715 * z ** 3));
const FLOWS = {
  sigmoid: { label: "sigmoid", value: flowSigmoid, slope: (z) => flowSigmoid(z) * (1 - flowSigmoid(z)) },
  tanh: { label: "tanh", value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2 },
  relu: { label: "ReLU", value: (z) => Math.max(z, 0), slope: (z) => (z > 0 ? 1 : 0) },
  leaky: { label: "leaky ReLU, 0.1", value: (z) => (z > 0 ? z : LEAK * z), slope: (z) => (z > 0 ? 1 : LEAK) },
  gelu: {
    label: "GELU (tanh form)",
    value: (z) => 0.5 * z * (1 + geluInner(z)),
    slope: (z) => 0.5 * (1 + geluInner(z)) +
      0.5 * z * (1 - geluInner(z) ** 2) * GELU_C * (1 + 3 * 0.044715 * z * z),
  },
};

/** Standard normal numbers by Box and Muller, decided by a seed. */
function flowNormals(seed) {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The draw of one network: input, weights with variance 1/32, and the gradient that comes in. */
export function flowDraw(seed) {
  const normal = flowNormals(7919 * seed + 17), row = () => Array.from({ length: WIDTH }, normal);
  const input = row(), incoming = row();
  const weights = Array.from({ length: DEEPEST }, () =>
    Array.from({ length: WIDTH }, () => row().map((v) => v / Math.sqrt(WIDTH))));
  return { input, incoming, weights };
}

/** Gradient norms of the layers, first to last, and the root mean square of their slopes. */
export function gradientFlow({ input, incoming, weights }, activation, depth, c) {
  const { value, slope } = FLOWS[activation], slopes = [];
  let y = input;
  for (let l = 0; l < depth; l++) {
    const z = weights[l].map((row) => c * row.reduce((sum, v, j) => sum + v * y[j], 0));
    slopes.push(z.map(slope));
    y = z.map(value);
  }
  let g = incoming.map((v, j) => v * slopes[depth - 1][j]);
  const norms = [Math.hypot(...g)];
  for (let l = depth - 2; l >= 0; l--) {
    const back = slopes[l].map((s, j) => c * s * weights[l + 1].reduce((sum, row, i) => sum + row[j] * g[i], 0));
    norms.unshift(Math.hypot(...back));
    g = back;
  }
  const sizes = slopes.map((layer) => Math.sqrt(layer.reduce((sum, s) => sum + s * s, 0) / WIDTH));
  return { norms, sizes };
}

function flowState(model, draws) {
  const [activation, depth, c, seed] = ["activation", "depth", "scale", "seed"].map((name) => model.get(name));
  if (!draws.has(seed)) draws.set(seed, flowDraw(seed));
  const { norms, sizes } = gradientFlow(draws.get(seed), activation, depth, c);
  const predicted = [norms[depth - 1]];
  for (let l = depth - 2; l >= 0; l--) predicted.unshift(predicted[0] * c * sizes[l]);
  return { activation, depth, c, seed, norms, sizes, predicted };
}

function flowSentence({ activation, depth, c, norms, predicted }) {
  const head = `${FLOWS[activation].label}, c = ${plain(c)}, ${depth} layer${depth > 1 ? "s" : ""}: `;
  if (depth === 1) return `${head}nothing to multiply yet. Add layers.`;
  const last = norms[depth - 1], share = norms[0] / last;
  if (!(share > 0) || !Number.isFinite(share)) return `${head}the gradient is ${norms[0] === 0 ? "exactly 0" : "not finite"} at layer 1.`;
  const each = (ratio) => fixed(ratio ** (1 / (depth - 1)), 3);
  return `${head}the gradient is multiplied by ${each(share)} per layer, predicted ` +
    `${each(predicted[0] / last)}. At layer 1 it is ${number(share)} of what it is at layer ${depth}.`;
}

function drawNorms(chart, { depth, norms, predicted }) {
  const logs = [...norms, ...predicted].filter((v) => v > 0 && Number.isFinite(v)).map(Math.log10);
  const low = Math.floor(Math.min(-2, ...logs)), high = Math.ceil(Math.max(2, ...logs));
  const x = scale([0.5, Math.max(depth, 2) + 0.5], [4, PLOT.width - 4]), y = scale([low, high], [PLOT.height, 0]);
  const step = Math.ceil((high - low) / 8), decades = [];
  for (let n = Math.ceil(low / step) * step; n <= high; n += step) decades.push(n);
  const place = (values) => values.flatMap((v, l) => (v > 0 && Number.isFinite(v) ? [[x(l + 1), y(Math.log10(v))]] : []));
  drawAxes(chart, x, y, {
    xTicks: ticks([1, Math.max(depth, 2)]).filter(([l]) => Number.isInteger(l)),
    yTicks: decades.map((n) => [n, power(n)]), xLabel: "layer l", yLabel: "gradient |g|",
  });
  chart.plot.replaceChildren(
    ...decades.map((n) => svg("path", { class: "dl-rule", d: `M0 ${y(n)}H${PLOT.width}` })),
    svg("path", { class: "dl-curve dl-linear", d: polyline(place(predicted)) }),
    svg("path", { class: "dl-dots", d: place(norms).map(([a, b]) => `M${a.toFixed(1)} ${b.toFixed(1)}h0`).join("") }));
}

function drawSlopes(chart, { depth, sizes }) {
  const x = scale([0.5, Math.max(depth, 2) + 0.5], [4, PLOT.width - 4]), y = scale([0, 1.1], [PLOT.height, 0]);
  drawAxes(chart, x, y, {
    xTicks: ticks([1, Math.max(depth, 2)]).filter(([l]) => Number.isInteger(l)),
    yTicks: ticks([0, 1.1], 5), xLabel: "layer l", yLabel: "root mean square slope",
  });
  chart.plot.replaceChildren(
    ...[0.25, 1].map((v) => svg("path", { class: "dl-rule dl-now", d: `M0 ${y(v)}H${PLOT.width}` })),
    svg("path", { class: "dl-curve dl-actual", d: polyline(sizes.map((v, l) => [x(l + 1), y(v)])) }),
    svg("path", { class: "dl-dots", d: sizes.map((v, l) => `M${x(l + 1).toFixed(1)} ${y(v).toFixed(1)}h0`).join("") }));
}

function renderFlow({ model, el }) {
  const names = ["activation", "depth", "scale", "seed"], draws = new Map();
  const first = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const chart = panel("Gradient norm at each layer, on a logarithmic axis, with its prediction");
  const slopes = panel("Root mean square slope of the activation at each layer");
  const what = select("Activation", FLOWS, (activation) => update(model, { activation }));
  const deep = slider("Depth", { min: 1, max: DEEPEST, step: 1 }, (depth) => update(model, { depth }));
  const size = logSlider("Scale of the weights c", SCALES, plain, (scale) => update(model, { scale }), SCALES);
  const again = button("New draw", "New draw of the network", () => update(model, { seed: (model.get("seed") + 1) % 1000 }));
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  const status = statusLine(), key = (kind, text) => html("span", { class: `dl-key dl-${kind}` }, text);
  const title = (...parts) => html("div", { class: "dl-title" }, ...parts);
  const root = frame(el, model, "flow", "Gradient flow: the gradient at each layer of a deep random network",
    html("div", { class: "dl-setup" }, what.root, deep.root, size.root,
      html("div", { class: "dl-actions" }, again, reset)),
    html("div", { class: "dl-main" }, title("Gradient", key("dots", "measured"), key("linear", "predicted")), chart.root),
    status,
    html("div", { class: "dl-side" }, title("Slopes", html("span", { class: "dl-note" }, "dotted: ¼ and 1")), slopes.root));
  root.style.setProperty("--dl-path", "var(--dl-step)");
  return connect(model, () => {
    const now = flowState(model, draws);
    drawNorms(chart, now);
    drawSlopes(slopes, now);
    what.set(now.activation);
    deep.set(now.depth, String(now.depth));
    size.set(now.c);
    status.textContent = flowSentence(now);
  });
}

export default { render: renderFlow };
