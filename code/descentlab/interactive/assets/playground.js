// Run an optimizer on a surface and walk along its path; or let several race from one start.

import {
  DASHES, PLOT, arrow, circle, contours, draggable, drawAxes, equalScales, html, label, logLevels, number,
  panel, plain, point, polyline, power, sample, scale, star, svg, ticks,
} from "./draw.js";
import {
  button, connect, frame, logSlider, rangeInput, select, slider, statusLine, update,
} from "./controls.js";
import { METHODS, descend, hyperOf } from "./optimizers.js";
import { SURFACES, surface } from "./surfaces.js";

const TRAITS = ["surface", "surface_options", "method", "lr", "hyper", "start", "steps", "t", "compare"];
const MOVES = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const FAR = 1e5; // pixels; beyond this a path is cut off
const DECADES = 8; // how far above the first loss the loss chart reaches

/** Everything the figure shows, computed from the traits alone; the first run is the chosen one. */
function compute(model) {
  const traits = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const stage = surface(traits.surface, traits.surface_options), rates = model.get("_rates");
  const runOf = (name, lr, given) => {
    const method = METHODS[name], hyper = hyperOf(method, { ...given, lr });
    const { w, diverged } = descend(stage.gradient, traits.start, method, hyper, traits.steps);
    const dash = DASHES[model.get("_styles")[name]] ?? "none";
    return { name, method, hyper, w, diverged, loss: w.map(stage.value), dash };
  };
  const racing = traits.compare.length > 0;
  const runs = racing ? traits.compare.map((name) => runOf(name, rates[name][traits.surface], {}))
    : [runOf(traits.method, traits.lr, traits.hyper)];
  const t = Math.min(traits.t, traits.steps), g = stage.gradient(runs[0].w[t]);
  const lowest = Math.min(...stage.minima.map(stage.value));
  return { ...traits, ...runs[0], racing, runs, t, stage, g, norm: Math.hypot(...g), lowest };
}

/** A hyper-parameter's value as it is read: yes, 0.9, 10⁻⁸. */
function told(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === 0 || value >= 1e-3) return plain(value);
  const [mantissa, exponent] = value.toExponential().split("e");
  return (mantissa === "1" ? "" : `${mantissa} × `) + power(Number(exponent));
}

function runSentence({ method, hyper, lr, steps, start, loss, w, norm, t, diverged, left }) {
  const settings = method.parameters.map(({ name, label }) => `, ${label} = ${told(hyper[name])}`);
  const [first, last] = [loss[0], loss[steps]];
  const change = diverged >= 0 ? `diverged at step ${diverged}`
    : last === first ? `L stays at ${number(first)}`
    : `L ${last < first ? "falls" : "rises"} from ${number(first)} to ${number(last)}`;
  const leaves = left >= 0 ? `, leaving the picture at step ${left}` : "";
  const now = Number.isFinite(norm) ? `w = ${point(w[t])}, |∇L| = ${number(norm)}` : "w is not finite";
  return `${method.label}, α = ${plain(lr)}${settings.join("")}, ${steps} steps from ` +
    `${point(start, plain)}: ${change}${leaves}; at t = ${t}, ${now}.`;
}

function raceSentence({ runs, steps, start, t }) {
  const losses = runs.map(({ method, loss, diverged }) => `${method.label} ` +
    (diverged >= 0 && diverged <= t ? `diverged at step ${diverged}` : number(loss[t])));
  return `${steps} steps from ${point(start, plain)}; the loss at t = ${t}: ${losses.join(", ")}.`;
}

function backdrop(stage, lowest, x, y) {
  const grid = sample(stage.value, x, y);
  return [contours(grid, logLevels(grid, lowest)),
    ...stage.minima.map(([mx, my]) => svg("path", { class: "dl-star", d: star([x(mx), y(my)]) }))];
}

/** Draw in the colour of an optimizer. */
function coloured(name, node) {
  node.style.setProperty("--dl-path", `var(--dl-${name})`);
  return node;
}

function onePath({ name, w, dash }, { t, g, norm, racing }, x, y) {
  const cut = (p) => Math.min(Math.max(p, -FAR), FAR);
  const pixels = w.filter((wt) => wt.every(Number.isFinite)).map(([a, b]) => [cut(x(a)), cut(y(b))]);
  const walked = pixels.slice(0, t + 1), here = pixels[t];
  const line = (kind, points) =>
    svg("path", { class: `dl-path ${kind}`, "stroke-dasharray": dash, d: polyline(points) });
  const dots = walked.map(([a, b]) => `M${a.toFixed(1)} ${b.toFixed(1)}h0`).join("");
  const parts = [line("dl-ahead", pixels.slice(t)), line("", walked)];
  if (!racing) parts.push(svg("path", { class: "dl-dots", d: dots }));
  parts.push(circle("start", pixels[0], 5.5));
  if (norm > 0 && here && !racing) {
    const [dx, dy] = [g[0] / norm, -g[1] / norm];
    parts.push(svg("path", { class: "dl-arrow dl-gradient", d: arrow(here, [44 * dx, 44 * dy]) }),
      label("gradient", "∇L", [here[0] + 57 * dx, here[1] + 57 * dy]));
  }
  if (here) parts.push(circle("here", here, t ? 5 : 3));
  return coloured(name, svg("g", {}, ...parts));
}

/** L − L* on a log axis; 0 sits on the lower edge. */
function drawLoss(chart, { runs, lowest, t, steps }) {
  const gaps = runs.map(({ loss }) => loss.map((value) => value - lowest));
  const seen = gaps.flat().filter((gap) => gap > 0 && Number.isFinite(gap)).map(Math.log10);
  const first = seen[0] ?? 0;
  const high = Math.ceil(Math.min(Math.max(...seen, first), first + DECADES) + 0.05);
  const low = Math.min(Math.floor(Math.min(...seen, first)), high - 1);
  const x = scale([0, steps], [8, PLOT.width - 8]), y = scale([low, high], [PLOT.height - 6, 0]);
  const skip = Math.ceil((high - low) / 7);
  const decades = Array.from({ length: high - low + 1 }, (_, k) => low + k).filter((n) => n % skip === 0);
  drawAxes(chart, x, y, {
    xTicks: ticks([0, steps]).filter(([k]) => Number.isInteger(k)),
    yTicks: decades.map((n) => [n, power(n)]),
    xLabel: "step t", yLabel: lowest === 0 ? "L(wₜ)" : `L(wₜ) − L*, L* = ${number(lowest)}`,
  });
  const curve = ({ name, dash }, k) => {
    const places = gaps[k].map((gap, at) => [x(at), y(gap <= 0 ? low : Math.log10(gap))])
      .filter(([, at]) => Number.isFinite(at));
    return coloured(name, svg("g", {},
      svg("path", { class: "dl-path", "stroke-dasharray": dash, d: polyline(places) }),
      ...(places[t] ? [circle("here", places[t], 5)] : [])));
  };
  chart.plot.replaceChildren(
    ...decades.map((n) => svg("path", { class: "dl-rule", d: `M0 ${y(n)}H${PLOT.width}` })),
    svg("path", { class: "dl-rule dl-now", d: `M${x(t)} 0V${PLOT.height}` }),
    ...runs.map(curve));
}

/** Which line is whose, and the rate each one has. */
const legend = (runs) => runs.map(({ name, method, hyper, dash }) => coloured(name, html("span", {},
  svg("svg", { class: "dl-sample", viewBox: "0 0 28 8", "aria-hidden": "true" },
    svg("path", { class: "dl-path", "stroke-dasharray": dash, d: "M0 4H28" })),
  `${method.label}, α = ${plain(hyper.lr)}`)));

/** The control of a hyper-parameter. */
function controlOf({ name, label: text, value, log, ...range }, report) {
  if (log) return logSlider(text, log, plain, report);
  if (typeof value !== "boolean") return slider(text, range, report);
  return select(text, { false: { label: "no" }, true: { label: "yes" } }, (key) => report(key === "true"));
}

function setup(model) {
  const rate = (method, name) => model.get("_rates")[method][name];
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const longest = Math.max(200, initial.steps);
  const where = select("Surface", SURFACES, (name) => update(model, {
    surface: name, surface_options: {}, start: SURFACES[name].start,
    lr: rate(model.get("method"), name), t: model.get("steps"),
  }));
  const how = select("Method", METHODS, (method) =>
    update(model, { method, hyper: {}, lr: rate(method, model.get("surface")) }));
  const lr = logSlider("Learning rate α", [1e-4, 10], plain, (value) => update(model, { lr: value }));
  const count = slider("Steps", { min: 1, max: longest, step: 1 }, (steps) => {
    const t = model.get("t"), atEnd = t >= model.get("steps");
    update(model, { steps, t: atEnd ? steps : Math.min(t, steps) });
  });
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, initial));
  const extra = html("div", { class: "dl-extra" }), key = html("div", { class: "dl-legend" });
  const racing = initial.compare.length > 0;
  let shown, controls;
  return {
    root: racing
      ? html("div", { class: "dl-setup dl-race" }, where.root, count.root, reset, key)
      : html("div", { class: "dl-setup" }, where.root, how.root, lr.root, count.root, reset, extra),
    set(state) {
      if (shown !== state.method) {
        shown = state.method;
        controls = shown.parameters.map((parameter) => [parameter.name,
          controlOf(parameter, (value) =>
            update(model, { hyper: { ...model.get("hyper"), [parameter.name]: value } }))]);
        extra.replaceChildren(...controls.map(([, { root }]) => root));
      }
      for (const [name, control] of controls)
        control.set(state.hyper[name], told(state.hyper[name]));
      key.replaceChildren(...legend(state.runs));
      where.set(state.surface);
      how.set(model.get("method"));
      lr.set(state.lr);
      count.set(state.steps, String(state.steps));
    },
  };
}

function scrubber(model) {
  const go = (t) => update(model, { t: Math.min(Math.max(t, 0), model.get("steps")) });
  const back = button("◂", "One step back", () => go(model.get("t") - 1));
  const forward = button("▸", "One step forward", () => go(model.get("t") + 1));
  const input = rangeInput({ min: 0, step: 1, "aria-label": "Step t" }, go);
  const shown = html("span", { class: "dl-value", "aria-hidden": "true" });
  return {
    root: html("div", { class: "dl-scrub" }, back, input, forward, shown),
    set(t, steps) {
      input.max = steps;
      input.value = t;
      shown.textContent = `t = ${t}`;
    },
  };
}

function renderPlayground({ model, el }) {
  const racing = model.get("compare").length > 0;
  const paths = racing ? "Paths of the optimizers" : "Path of the optimizer";
  const map = panel(`${paths} on the level curves of the loss. ` +
    "Arrow keys move the start, with Shift in fine steps.", true);
  const chart = panel("Loss at each step, on a logarithmic axis");
  const controls = setup(model), walk = scrubber(model), status = statusLine();
  const title = (text, note) =>
    html("div", { class: "dl-title" }, text, html("span", { class: "dl-note" }, note));
  const root = frame(el, model, "playground",
    racing ? "Race of optimizers on a loss surface" : "Playground: an optimizer on a loss surface",
    controls.root,
    html("div", { class: "dl-main" },
      title(racing ? "Paths" : "Path", "click or drag to move the start"), map.root),
    walk.root, status,
    html("div", { class: "dl-side" }, title("Loss", "log axis"), chart.root));

  const still = svg("g"), moving = svg("g");
  map.plot.append(still, moving);
  let seen = "", x, y;
  const startAt = (a, b) => {
    const inside = (p, [low, high]) => Number(Math.min(Math.max(p, low), high).toFixed(2));
    update(model, { start: [inside(a, x.domain), inside(b, y.domain)] });
  };
  const place = draggable(map, (px, py) => startAt(x.invert(px), y.invert(py)));
  const draw = () => {
    const state = compute(model);
    const view = JSON.stringify([state.surface, state.surface_options]);
    if (view !== seen) {
      seen = view;
      [x, y] = equalScales(state.stage.box);
      const [xTicks, yTicks] = [ticks(x.domain), ticks(y.domain)];
      drawAxes(map, x, y, { xTicks, yTicks, xLabel: "w₁", yLabel: "w₂" });
      still.replaceChildren(...backdrop(state.stage, state.lowest, x, y));
    }
    const outside = (p, [low, high]) => p < low || p > high;
    state.left = state.w.findIndex(([a, b]) => outside(a, x.domain) || outside(b, y.domain));
    moving.replaceChildren(...state.runs.map((run) => onePath(run, state, x, y)));
    place([x(state.start[0]), y(state.start[1])]);
    drawLoss(chart, state);
    controls.set(state);
    walk.set(state.t, state.steps);
    status.textContent = state.racing ? raceSentence(state) : runSentence(state);
    if (!state.racing) coloured(state.name, root);
  };
  map.root.addEventListener("keydown", (event) => {
    const direction = MOVES[event.key];
    if (!direction) return;
    event.preventDefault();
    const step = event.shiftKey ? 0.01 : Number(((x.domain[1] - x.domain[0]) / 60).toPrecision(1));
    const onGrid = (p, d) => (d ? (Math.round(p / step) + d) * step : p);
    const [a, b] = model.get("start");
    startAt(onGrid(a, direction[0]), onGrid(b, direction[1]));
  });
  return connect(model, draw);
}

export default { render: renderPlayground };
