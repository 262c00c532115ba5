// Chapter 09: a schedule's rate, and the expected loss of noisy descent on the ravine under it. The
// expectation is exact: along a curvature λ, E[w²] becomes (1 − αλ)² E[w²] + α²σ² at each step.

import { PLOT, drawAxes, html, number, panel, plain, polyline, power, scale, svg, ticks } from "./draw.js";
import { button, connect, frame, select, slider, statusLine, update } from "./controls.js";
import { SCHEDULES } from "./schedules.js";

const LAMBDAS = [0.1, 2]; // the ravine's curvatures
const BEGIN = [-7, 2];
const LOSSES = [-4, 2]; // exponents of the losses shown
const RATES = { min: 0.02, max: 1, step: 0.01 };

/** The rate of each step and the expected loss before the first and after every step. */
export function expectedLosses(factor, lr, noise, steps) {
  const rates = [], losses = [];
  let squares = BEGIN.map((w) => w * w);
  for (let t = 0; t <= steps; t++) {
    losses.push(LAMBDAS.reduce((sum, lambda, i) => sum + (lambda * squares[i]) / 2, 0));
    if (t === steps) break;
    const rate = lr * factor(t);
    rates.push(rate);
    squares = squares.map((s, i) => (1 - rate * LAMBDAS[i]) ** 2 * s + rate * rate * noise * noise);
  }
  return { rates, losses };
}

function scheduleState(model) {
  const [schedule, lr, time, noise, steps] = ["schedule", "lr", "time", "noise", "steps"].map((k) => model.get(k));
  const kind = SCHEDULES[schedule];
  return {
    schedule, kind, lr, time, noise, steps,
    ...expectedLosses(kind.make(time), lr, noise, steps),
    reference: expectedLosses(SCHEDULES.constant.make(), lr, noise, steps).losses,
  };
}

function scheduleSentence({ kind, lr, time, noise, steps, rates, losses, reference }) {
  const constant = kind === SCHEDULES.constant;
  const how = constant ? `α = ${plain(lr)}` : `${kind.time.toLowerCase()} ${time}: ` +
    `α goes from ${number(rates[0])} to ${number(rates.at(-1))}`;
  const beside = constant ? "" : `; with constant α = ${plain(lr)} it ends at ${number(reference.at(-1))}`;
  return `${kind.label}, ${how}. With noise σ = ${plain(noise)} the expected loss falls from ` +
    `${number(losses[0])} to ${number(losses.at(-1))} in ${steps} steps${beside}.`;
}

function drawExpected(chart, { losses, reference, steps }) {
  const [low, high] = LOSSES, decades = Array.from({ length: high - low + 1 }, (_, k) => low + k);
  const x = scale([0, steps], [4, PLOT.width - 4]), y = scale([low, high], [PLOT.height, 0]);
  const line = (values) => polyline(values.map((value, t) => [x(t), Math.min(y(Math.log10(value)), PLOT.height + 99)]));
  drawAxes(chart, x, y, {
    xTicks: ticks([0, steps], 5), yTicks: decades.map((n) => [n, power(n)]),
    xLabel: "step t", yLabel: "expected loss",
  });
  chart.plot.replaceChildren(
    ...decades.map((n) => svg("path", { class: "dl-rule", d: `M0 ${y(n)}H${PLOT.width}` })),
    svg("path", { class: "dl-curve dl-linear", d: line(reference) }),
    svg("path", { class: "dl-curve dl-actual", d: line(losses) }));
}

function drawFactor(chart, { rates, steps }) {
  const x = scale([0, steps], [4, PLOT.width - 4]), y = scale([0, RATES.max], [PLOT.height, 6]);
  drawAxes(chart, x, y, { xTicks: ticks([0, steps], 5), yTicks: ticks([0, RATES.max], 5), xLabel: "step t", yLabel: "rate αₜ" });
  const stairs = rates.flatMap((rate, t) => [[x(t), y(rate)], [x(t + 1), y(rate)]]);
  chart.plot.replaceChildren(svg("path", { class: "dl-curve dl-actual", d: polyline(stairs) }));
}

function renderSchedules({ model, el }) {
  const names = ["schedule", "lr", "time", "noise"];
  const first = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const loss = panel("Expected loss at each step, on a logarithmic axis");
  const factor = panel("Learning rate at each step");
  const what = select("Schedule", SCHEDULES, (schedule) => update(model, { schedule }));
  const rate = slider("Learning rate α", RATES, (lr) => update(model, { lr }));
  const span = slider("Time", { min: 1, max: model.get("steps"), step: 1 }, (time) => update(model, { time }));
  const noise = slider("Noise σ", { min: 0, max: 2, step: 0.1 }, (value) => update(model, { noise: value }));
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  const status = statusLine();
  const key = (kind, text) => html("span", { class: `dl-key dl-${kind}` }, text);
  const title = (text, ...notes) => html("div", { class: "dl-title" }, text, ...notes);
  frame(el, model, "schedules", "Schedule explorer: the expected loss of noisy descent under a schedule",
    html("div", { class: "dl-setup" }, what.root, rate.root, span.root, noise.root, reset),
    html("div", { class: "dl-main" },
      title("Loss", key("actual", "this schedule"), key("linear", "constant α")), loss.root),
    status,
    html("div", { class: "dl-side" }, title("Rate"), factor.root));
  const spanName = span.root.querySelector(".dl-name").firstChild;
  return connect(model, () => {
    const now = scheduleState(model);
    drawExpected(loss, now);
    drawFactor(factor, now);
    what.set(now.schedule);
    rate.set(now.lr, plain(now.lr));
    span.set(now.time, String(now.time));
    spanName.data = now.kind.time ?? "Time";
    span.root.style.display = now.kind.time ? "" : "none";
    noise.set(now.noise, plain(now.noise));
    status.textContent = scheduleSentence(now);
  });
}

export default { render: renderSchedules };
