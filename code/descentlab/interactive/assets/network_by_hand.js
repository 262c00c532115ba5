// Chapter 16: a network of two inputs, two hidden units and one output. Each unit shows its output
// and the derivative of the loss with respect to its sum; beside it, the loss against one parameter.

import { PLOT, circle, drawAxes, html, number, panel, plain, polyline, scale, svg, ticks } from "./draw.js";
import { button, connect, frame, select, slider, statusLine, update } from "./controls.js";

const HAND_INPUT = [1, 2], HAND_TARGET = 3, HAND_NUDGE = 0.01, HAND_REACH = 3;
const HAND_SIGNS = { W11: "W₁₁", W12: "W₁₂", W21: "W₂₁", W22: "W₂₂", b1: "b₁", b2: "b₂", v1: "v₁", v2: "v₂", c: "c" };
const HAND_ORDER = Object.keys(HAND_SIGNS);
/** Each activation, and its slope written with its input z and its output a. */
const HAND_ACTIVATIONS = {
  relu: { label: "ReLU", value: (z) => Math.max(z, 0), slope: (z) => (z > 0 ? 1 : 0) },
  tanh: { label: "tanh", value: Math.tanh, slope: (z, a) => 1 - a * a },
  sigmoid: { label: "sigmoid", value: (z) => 1 / (1 + Math.exp(-z)), slope: (z, a) => a * (1 - a) },
};
const HAND_UNITS = { x1: [38, 76], x2: [38, 216], a1: [190, 76], a2: [190, 216], out: [322, 146] };
const HAND_EDGES = [ // from, to, parameter, and where on the edge its numbers stand
  ["x1", "a1", 0, 0.5], ["x1", "a2", 1, 0.3], ["x2", "a1", 2, 0.3], ["x2", "a2", 3, 0.5],
  ["a1", "out", 6, 0.5], ["a2", "out", 7, 0.5],
];

/** One walk forward and one back; the derivatives in the order of the parameters. */
export function handWalk(w, activation) {
  const { value, slope } = HAND_ACTIVATIONS[activation], [x1, x2] = HAND_INPUT;
  const z = [x1 * w[0] + x2 * w[2] + w[4], x1 * w[1] + x2 * w[3] + w[5]];
  const a = z.map(value), out = a[0] * w[6] + a[1] * w[7] + w[8], loss = (out - HAND_TARGET) ** 2;
  const gOut = 2 * (out - HAND_TARGET), gA = [gOut * w[6], gOut * w[7]];
  const gZ = gA.map((g, j) => g * slope(z[j], a[j]));
  const gradient = [x1 * gZ[0], x1 * gZ[1], x2 * gZ[0], x2 * gZ[1], ...gZ, gOut * a[0], gOut * a[1], gOut];
  return { z, a, out, loss, gOut, gA, gZ, gradient };
}
const handLossAlong = (w, k, activation) => (value) => handWalk(w.with(k, value), activation).loss;

function handSentence(now, w, k, name, activation) {
  const sign = HAND_SIGNS[name], slope = now.gradient[k];
  const change = handLossAlong(w, k, activation)(w[k] + HAND_NUDGE) - now.loss;
  return `${sign} = ${plain(w[k])}: L = ${number(now.loss)}, ∂L/∂${sign} = ${number(slope + 0)}. For ` +
    `d${sign} = ${HAND_NUDGE}, dL = ${number(HAND_NUDGE * slope + 0)}; the loss changes by ${number(change + 0)}.`;
}

const handNumber = (x) => plain(Number(x.toFixed(2)) + 0);
const handText = (kind, words, [x, y], weight = "400") => svg("text", {
  class: `dl-hand-text dl-hand-${kind}`, x, y: y + 4, "text-anchor": "middle", "font-weight": weight }, words);

function drawHandEdge([from, to, k, share], now, w, chosen) {
  const [[x0, y0], [x1, y1]] = [HAND_UNITS[from], HAND_UNITS[to]];
  const [x, y] = [x0 + share * (x1 - x0), y0 + share * (y1 - y0)], bold = k === chosen;
  return svg("g", {},
    svg("path", { class: `dl-hand-edge${bold ? " dl-hand-chosen" : ""}`, d: polyline([[x0, y0], [x1, y1]]) }),
    svg("rect", { class: "dl-hand-back", x: x - 22, y: y - 16, width: 44, height: 32, rx: 4 }),
    handText("value", handNumber(w[k]), [x, y - 7], bold ? "700" : "400"),
    handText("slope", handNumber(now.gradient[k]), [x, y + 8], bold ? "700" : "400"));
}

function drawHandUnit(name, value, slope, bias) {
  const [x, y] = HAND_UNITS[name];
  return svg("g", {}, circle("hand-unit", [x, y], 21),
    handText("value", handNumber(value), [x, slope === undefined ? y : y - 6]),
    ...(slope === undefined ? [] : [handText("slope", handNumber(slope), [x, y + 9])]),
    ...(bias === undefined ? [] : [handText("bias", bias, [x, y - 32])]));
}

function drawHandNetwork(group, now, w, chosen) {
  const bias = (k) => `${HAND_SIGNS[HAND_ORDER[k]]} = ${handNumber(w[k])}`;
  group.replaceChildren(
    ...HAND_EDGES.map((edge) => drawHandEdge(edge, now, w, chosen)),
    drawHandUnit("x1", HAND_INPUT[0], undefined, "x₁"), drawHandUnit("x2", HAND_INPUT[1], undefined, "x₂"),
    drawHandUnit("a1", now.a[0], now.gZ[0], bias(4)), drawHandUnit("a2", now.a[1], now.gZ[1], bias(5)),
    drawHandUnit("out", now.out, now.gOut, bias(8)));
}

/** The loss along the chosen parameter, and the straight line of its derivative. */
function drawHandLoss(chart, now, w, k, name, activation) {
  const along = handLossAlong(w, k, activation), reach = HAND_REACH;
  const at = Array.from({ length: 121 }, (_, i) => reach * (i / 60 - 1)), losses = at.map(along);
  const top = Math.max(1, 1.05 * Math.max(...losses));
  const x = scale([-reach, reach], [0, PLOT.width]), y = scale([-top / 8, top], [PLOT.height, 0]);
  const tangent = [-reach, reach].map((v) => [x(v), y(now.loss + now.gradient[k] * (v - w[k]))]);
  drawAxes(chart, x, y, { xTicks: ticks(x.domain), yTicks: ticks(y.domain, 6), xLabel: HAND_SIGNS[name], yLabel: "L" });
  chart.plot.replaceChildren(
    svg("path", { class: "dl-curve dl-actual", d: polyline(at.map((v, i) => [x(v), y(losses[i])])) }),
    svg("path", { class: "dl-curve dl-linear", d: polyline(tangent) }),
    circle("point", [x(w[k]), y(now.loss)], 5));
}

function renderHand({ model, el }) {
  const traits = ["parameters", "chosen", "activation"];
  const first = Object.fromEntries(traits.map((name) => [name, model.get(name)]));
  const names = Object.fromEntries(HAND_ORDER.map((name) => [name, { label: HAND_SIGNS[name] }]));
  const which = select("Parameter", names, (chosen) => update(model, { chosen }));
  const move = slider("Its value", { min: -HAND_REACH, max: HAND_REACH, step: 0.05 }, (value) =>
    update(model, { parameters: [...model.get("parameters")].with(HAND_ORDER.indexOf(model.get("chosen")), value) }));
  const kind = select("Activation", HAND_ACTIVATIONS, (activation) => update(model, { activation }));
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  const status = statusLine(), title = (...parts) => html("div", { class: "dl-title" }, ...parts);
  const picture = svg("svg", { class: "dl-panel", viewBox: "0 0 360 292", role: "img",
    "aria-label": "The network: each weight above its derivative, each output above the derivative of the loss with respect to the unit's sum" });
  const chart = panel("The loss against the chosen parameter, with the line of its derivative");
  frame(el, model, "hand", "Network by hand: one walk forward and one back",
    html("div", { class: "dl-setup" }, which.root, move.root, kind.root, reset),
    html("div", { class: "dl-main" },
      title("Network", html("span", { class: "dl-note" }, "below: ∂L/∂weight, in units ∂L/∂z")), picture),
    status,
    html("div", { class: "dl-side" }, title("Loss and its linear model"), chart.root));
  return connect(model, () => {
    const [w, name, activation] = [[...model.get("parameters")], model.get("chosen"), model.get("activation")];
    const k = HAND_ORDER.indexOf(name), now = handWalk(w, activation);
    drawHandNetwork(picture, now, w, k);
    drawHandLoss(chart, now, w, k, name, activation);
    which.set(name);
    move.set(w[k], plain(w[k]));
    kind.set(activation);
    status.textContent = handSentence(now, w, k, name, activation);
  });
}

export default { render: renderHand };
