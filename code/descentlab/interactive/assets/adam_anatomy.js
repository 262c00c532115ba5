// Chapter 13: Adam on the ravine with its memory laid open. A slider walks through the steps; a table
// has every number of both coordinates, a chart some of them for one coordinate over the whole run.

import {
  PLOT, circle, contours, draggable, drawAxes, equalScales, html, logLevels, number, panel, plain, polyline,
  sample, scale, star, svg, ticks,
} from "./draw.js";
import { button, connect, frame, select, slider, statusLine, update } from "./controls.js";
import { METHODS, hyperOf } from "./optimizers.js";
import { surface } from "./surfaces.js";

const ANATOMY_TRAITS = ["turned", "lr", "beta1", "beta2", "start", "steps", "t", "coordinate", "chart"];
const ANATOMY_STAGES = { false: { label: "Ravine" }, true: { label: "Ravine turned 45°" } };
const ANATOMY_COORDINATES = { 1: { label: "w₁" }, 2: { label: "w₂" } };
// Each chart: its lines, as class of the line, name, and value from a row and a coordinate's index.
const ANATOMY_CHARTS = {
  direction: { label: "g, m, m̂", axis: "g, m and m̂", lines: [
    ["linear", "g", (row, i) => row.g[i]], ["actual", "m", (row, i) => row.m[i]],
    ["line", "m̂", (row, i) => row.mHat[i]]] },
  size: { label: "|g|, √v, √v̂", axis: "|g|, √v and √v̂", lines: [
    ["linear", "|g|", (row, i) => Math.abs(row.g[i])], ["actual", "√v", (row, i) => Math.sqrt(row.v[i])],
    ["line", "√v̂", (row, i) => Math.sqrt(row.vHat[i])]] },
  step: { label: "step Δw", axis: "Δw", lines: [["line", "Δw", (row, i) => row.dw[i]]] },
};
const ANATOMY_ROWS = [
  ["gradient g", (row, i) => row.g[i]], ["m", (row, i) => row.m[i]], ["m̂", (row, i) => row.mHat[i]],
  ["v", (row, i) => row.v[i]], ["v̂", (row, i) => row.vHat[i]],
  ["m̂ / √v̂", (row, i) => (row.mHat[i] === 0 ? 0 : row.mHat[i] / Math.sqrt(row.vHat[i]))],
  ["step Δw", (row, i) => row.dw[i]],
];
const ANATOMY_KEYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ANATOMY_FAR = 1e5; // pixels; beyond this a path is cut off

const hatOf = (x, beta, t) => x.map((xi) => xi / (1 - beta ** t));
const anatomyStage = (turned) => surface("ravine", { angle: turned ? Math.PI / 4 : 0 });

/** One row for each step 1 … steps: the gradient it used, the memory after it, and the step. */
export function adamRows(turned, start, given, steps) {
  const { gradient } = anatomyStage(turned), adam = METHODS.Adam, hyper = hyperOf(adam, given);
  const rows = [];
  let w = start, state = adam.init(w);
  for (let t = 1; t <= steps; t++) {
    const before = w, g = gradient(w);
    ({ w, state } = adam.step(w, g, state, hyper));
    rows.push({
      t, w, g, m: state.m, v: state.v, mHat: hatOf(state.m, hyper.beta1, t), vHat: hatOf(state.v, hyper.beta2, t),
      dw: w.map((wi, i) => wi - before[i]),
    });
  }
  return rows;
}

function anatomyState(model) {
  const state = Object.fromEntries(ANATOMY_TRAITS.map((name) => [name, model.get(name)]));
  const { turned, start, lr, beta1, beta2, steps } = state;
  const rows = adamRows(turned, start, { lr, beta1, beta2 }, steps);
  const t = Math.min(state.t, steps);
  return { ...state, t, rows, row: rows[t - 1], stage: anatomyStage(turned) };
}

function anatomySentence({ t, row, lr, stage }) {
  const part = (i) => `w${"₁₂"[i]} moves by ${number(row.dw[i])}` +
    (lr ? `, ${number(Math.abs(row.dw[i]) / lr)} of α` : "");
  return `Step ${t}: ${part(0)}; ${part(1)}. Then L = ${number(stage.value(row.w))}.`;
}

function drawWalk(group, { start, rows, t }, x, y) {
  const cut = (p) => Math.min(Math.max(p, -ANATOMY_FAR), ANATOMY_FAR);
  const pixels = [start, ...rows.map(({ w }) => w)].map(([a, b]) => [cut(x(a)), cut(y(b))]);
  const dots = pixels.slice(0, t + 1).map(([a, b]) => `M${a.toFixed(1)} ${b.toFixed(1)}h0`).join("");
  group.replaceChildren(
    svg("path", { class: "dl-path dl-ahead", d: polyline(pixels) }),
    svg("path", { class: "dl-path", d: polyline(pixels.slice(0, t + 1)) }),
    svg("path", { class: "dl-dots", d: dots }),
    svg("path", { class: "dl-arrow dl-step dl-bold", d: polyline(pixels.slice(t - 1, t + 1)) }),
    circle("start", pixels[0], 5.5), circle("here", pixels[t], 5));
  return pixels[0];
}

/** The chosen numbers of the chosen coordinate over all steps, the chosen step marked. */
function drawMemory(chart, { rows, t, coordinate, chart: which }) {
  const { lines, axis } = ANATOMY_CHARTS[which];
  const values = lines.map(([, , value]) => rows.map((row) => value(row, coordinate - 1)));
  const low = Math.min(0, ...values.flat()), high = Math.max(0, ...values.flat());
  const pad = 0.06 * (high - low || 1);
  const x = scale([0, rows.length + 1], [0, PLOT.width]), y = scale([low - pad, high + pad], [PLOT.height, 0]);
  drawAxes(chart, x, y, {
    xTicks: ticks(x.domain).filter(([k]) => Number.isInteger(k)), yTicks: ticks(y.domain),
    xLabel: "step t", yLabel: `${axis} of w${"₁₂"[coordinate - 1]}`,
  });
  chart.plot.replaceChildren(
    svg("path", { class: "dl-rule", d: `M0 ${y(0)}H${PLOT.width}` }),
    svg("path", { class: "dl-rule dl-now", d: `M${x(t)} 0V${PLOT.height}` }),
    ...lines.flatMap(([kind], k) => [
      svg("path", { class: `dl-curve dl-${kind}`, d: polyline(values[k].map((value, at) => [x(at + 1), y(value)])) }),
      ...(kind === "line" ? [circle("here", [x(t), y(values[k][t - 1])], 5)] : [])]));
}

function memoryTable() {
  const cells = ANATOMY_ROWS.map(([name]) => [name, html("td"), html("td")]);
  const head = html("tr", {}, html("th", { scope: "col" }, "after the step"),
    html("th", { scope: "col" }, "w₁"), html("th", { scope: "col" }, "w₂"));
  return {
    root: html("table", { class: "dl-numbers" }, html("thead", {}, head), html("tbody", {},
      ...cells.map(([name, a, b]) => html("tr", {}, html("th", { scope: "row" }, name), a, b)))),
    set: (row) => ANATOMY_ROWS.forEach(([, value], k) =>
      [0, 1].forEach((i) => (cells[k][i + 1].textContent = number(value(row, i))))),
  };
}

function anatomyControls(model) {
  const first = Object.fromEntries(ANATOMY_TRAITS.map((name) => [name, model.get(name)]));
  const put = (name) => (value) => update(model, { [name]: value });
  const range = (max, step) => ({ min: 0, max, step });
  const where = select("Surface", ANATOMY_STAGES, (key) => update(model, { turned: key === "true" }));
  const what = select("Chart", ANATOMY_CHARTS, put("chart"));
  const of = select("Coordinate", ANATOMY_COORDINATES, (key) => update(model, { coordinate: Number(key) }));
  const parts = {
    lr: slider("Learning rate α", range(2, 0.01), put("lr")),
    beta1: slider("β₁, memory of m", range(0.99, 0.01), put("beta1")),
    beta2: slider("β₂, memory of v", range(0.999, 0.001), put("beta2")),
  };
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  return {
    root: html("div", { class: "dl-setup" }, where.root, what.root, of.root,
      ...Object.values(parts).map(({ root }) => root), reset),
    set(state) {
      where.set(String(state.turned));
      what.set(state.chart);
      of.set(String(state.coordinate));
      for (const [name, control] of Object.entries(parts)) control.set(state[name], plain(state[name]));
    },
  };
}

function renderAnatomy({ model, el }) {
  const map = panel("Path of Adam on the level curves of the ravine. Arrow keys move the start.", true);
  const chart = panel("Numbers inside Adam for one coordinate at each step");
  const controls = anatomyControls(model), table = memoryTable(), status = statusLine();
  const walk = slider("Step t", { min: 1, step: 1 }, (t) => update(model, { t }));
  const keys = html("span", { class: "dl-pair" });
  const title = (...parts) => html("div", { class: "dl-title" }, ...parts);
  const root = frame(el, model, "anatomy", "Adam's anatomy: all its numbers at each step on the ravine",
    controls.root,
    html("div", { class: "dl-main" },
      title("Path", html("span", { class: "dl-note" }, "click or drag to move the start")), map.root),
    html("div", { class: "dl-side" }, title("Inside", keys), chart.root),
    html("div", { class: "dl-scrubbed" }, walk.root), status, table.root);
  root.style.setProperty("--dl-path", "var(--dl-Adam)");

  const still = svg("g"), moving = svg("g");
  map.plot.append(still, moving);
  let seen, x, y;
  const startAt = (a, b) => {
    const inside = (p, [low, high]) => Number(Math.min(Math.max(p, low), high).toFixed(2));
    update(model, { start: [inside(a, x.domain), inside(b, y.domain)] });
  };
  const place = draggable(map, (px, py) => startAt(x.invert(px), y.invert(py)));
  const draw = () => {
    const now = anatomyState(model);
    if (now.turned !== seen) {
      seen = now.turned;
      [x, y] = equalScales(now.stage.box);
      drawAxes(map, x, y, { xTicks: ticks(x.domain), yTicks: ticks(y.domain), xLabel: "w₁", yLabel: "w₂" });
      const grid = sample(now.stage.value, x, y);
      still.replaceChildren(contours(grid, logLevels(grid, 0)), svg("path", { class: "dl-star", d: star([x(0), y(0)]) }));
    }
    place(drawWalk(moving, now, x, y));
    drawMemory(chart, now);
    keys.replaceChildren(...ANATOMY_CHARTS[now.chart].lines.map(([kind, name]) =>
      html("span", { class: `dl-key dl-${kind === "line" ? "larger" : kind}` }, name)));
    controls.set(now);
    walk.set(now.t, `${now.t} of ${now.steps}`, { max: now.steps });
    table.set(now.row);
    status.textContent = anatomySentence(now);
  };
  map.root.addEventListener("keydown", (event) => {
    const nudge = ANATOMY_KEYS[event.key];
    if (!nudge) return;
    event.preventDefault();
    const [a, b] = model.get("start");
    startAt(a + 0.1 * nudge[0], b + 0.1 * nudge[1]);
  });
  return connect(model, draw);
}

export default { render: renderAnatomy };
