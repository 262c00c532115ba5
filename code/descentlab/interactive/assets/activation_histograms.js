// Chapter 18: the outputs of every layer for each start and activation. The histograms come from
// Python; one panel shows those of a layer, the other the root mean square in all layers.

import { PLOT, circle, drawAxes, html, number, panel, plain, power, scale, svg, ticks } from "./draw.js";
import { button, connect, frame, select, slider, statusLine, update } from "./controls.js";

const HISTOGRAM_TRAITS = ["scheme", "activation", "layer"];
const HISTOGRAM_RANGES = { tanh: [-1, 1], ReLU: [0, 4] };
const histogramLabels = (names) => Object.fromEntries(names.map((name) => [name, { label: name }]));
const histogramPercent = (share) => `${plain(Number((100 * share).toFixed(1)))} %`;

function histogramState(model) {
  const [scheme, activation, layer] = HISTOGRAM_TRAITS.map((name) => model.get(name));
  const { shares, rms, zero, beyond } = model.get("data")[scheme][activation];
  const at = layer - 1;
  return { scheme, activation, layer, rms, shares: shares[at].map((share) => share / 10000),
    size: rms[at], zero: zero[at], beyond: beyond[at] };
}

function histogramSentence({ scheme, activation, layer, rms, size, zero, beyond }) {
  const much = activation === "tanh"
    ? `${histogramPercent(beyond)} of the outputs are beyond ±0.99`
    : `${histogramPercent(zero)} of the outputs are 0 and ${histogramPercent(beyond)} are above ${HISTOGRAM_RANGES.ReLU[1]}`;
  return `${scheme}, ${activation}, layer ${layer}: root mean square ${number(size)}; ${much}. ` +
    `Layer 1 has ${number(rms[0])}, layer ${rms.length} has ${number(rms.at(-1))}.`;
}

function drawHistogram(chart, { activation, shares }) {
  const top = Math.max(0.1, Math.ceil(10 * Math.max(...shares) - 1e-9) / 10);
  const range = HISTOGRAM_RANGES[activation], [low, high] = range;
  const x = scale(range, [0, PLOT.width]), y = scale([0, top], [PLOT.height, 0]);
  drawAxes(chart, x, y, { xTicks: ticks(range, 4), yTicks: ticks([0, top], 5),
    xLabel: `output of ${activation}`, yLabel: "share of the outputs" });
  const width = (high - low) / shares.length;
  const bars = shares.map((share, k) =>
    share ? `M${x(low + k * width).toFixed(1)} ${PLOT.height}V${y(share).toFixed(1)}H${x(low + (k + 1) * width).toFixed(1)}V${PLOT.height}Z` : "");
  chart.plot.replaceChildren(svg("path", { class: "dl-band", d: bars.join("") }));
}

/** The root mean square in every layer, on a logarithmic axis; all schemes share it. */
function drawSizes(chart, { activation, layer, rms, size }, exponents) {
  const [low, high] = exponents[activation];
  const x = scale([0.5, rms.length + 0.5], [0, PLOT.width]), y = scale([low, high], [PLOT.height, 0]);
  const decades = Array.from({ length: high - low + 1 }, (_, k) => low + k);
  const every = Math.ceil(decades.length / 8);
  const height = (value) => y(value > 0 ? Math.max(Math.log10(value), low) : low);
  drawAxes(chart, x, y, { xTicks: ticks(x.domain).filter(([k]) => Number.isInteger(k) && k > 0),
    yTicks: decades.filter((n) => n % every === 0).map((n) => [n, power(n)]), xLabel: "layer", yLabel: "root mean square" });
  chart.plot.replaceChildren(
    ...decades.map((n) => svg("path", { class: "dl-rule", d: `M0 ${y(n)}H${PLOT.width}` })),
    svg("path", { class: "dl-rule dl-now", d: `M${x(layer)} 0V${PLOT.height}` }),
    svg("path", { class: "dl-dots", d: rms.map((value, k) => `M${x(k + 1).toFixed(1)} ${height(value).toFixed(1)}h0`).join("") }),
    circle("here", [x(layer), height(size)], 6));
}

/** For each activation the decades that hold 1 and the sizes of all schemes. */
export function sizeDecades(data) {
  const sizes = {};
  for (const activations of Object.values(data))
    for (const [kind, { rms }] of Object.entries(activations))
      (sizes[kind] ??= [0.1, 1]).push(...rms.filter((value) => value > 0));
  return Object.fromEntries(Object.entries(sizes).map(([kind, found]) =>
    [kind, [Math.floor(Math.log10(Math.min(...found))), Math.ceil(Math.log10(Math.max(...found)))]]));
}

function renderHistograms({ model, el }) {
  const data = model.get("data"), names = Object.keys(data), kinds = Object.keys(data[names[0]]);
  const exponents = sizeDecades(data);
  const first = Object.fromEntries(HISTOGRAM_TRAITS.map((name) => [name, model.get(name)]));
  const put = (name) => (value) => update(model, { [name]: value });
  const scheme = select("Weights", histogramLabels(names), put("scheme"));
  const activation = select("Activation", histogramLabels(kinds), put("activation"));
  const layer = slider("Layer", { min: 1, max: data[names[0]][kinds[0]].rms.length, step: 1 }, put("layer"));
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  const bars = panel("Histogram of the outputs of one layer");
  const sizes = panel("Root mean square of the outputs in every layer, on a logarithmic axis");
  const status = statusLine();
  const title = (text) => html("div", { class: "dl-title" }, text);
  frame(el, model, "histograms", "Outputs of every layer for each start and activation",
    html("div", { class: "dl-setup" }, scheme.root, activation.root, layer.root, reset),
    html("div", { class: "dl-main" }, title("One layer"), bars.root),
    html("div", { class: "dl-side" }, title("All layers"), sizes.root), status)
    .style.setProperty("--dl-path", "var(--dl-step)");
  return connect(model, () => {
    const now = histogramState(model);
    drawHistogram(bars, now);
    drawSizes(sizes, now, exponents);
    scheme.set(now.scheme);
    activation.set(now.activation);
    layer.set(now.layer, `${now.layer} of ${now.rms.length}`);
    status.textContent = histogramSentence(now);
  });
}

export default { render: renderHistograms };
