// Chapter 01: drag a line over data and watch its point on the surface of the mean squared error.

import {
  PLOT, circle, contours, draggable, drawAxes, html, logLevels, panel, plain, polyline, sample, scale,
  star, svg, ticks,
} from "./draw.js";
import { button, connect, frame, statusLine, update } from "./controls.js";

const HOLDS = [0.12, 0.88]; // where on the x axis the line is held
const TURN = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The least-squares line, and E(slope, intercept) from moments around the means. */
export function leastSquares(x, y) {
  const mx = mean(x), my = mean(y);
  const xx = mean(x.map((a) => (a - mx) ** 2)), yy = mean(y.map((b) => (b - my) ** 2));
  const slope = mean(x.map((a, i) => (a - mx) * (y[i] - my))) / xx, lowest = yy - slope ** 2 * xx;
  const error = ([a, b]) => lowest + (a - slope) ** 2 * xx + (a * mx + b - my) ** 2;
  return { best: [slope, my - slope * mx], lowest, error, spread: [Math.sqrt(xx), Math.sqrt(yy)] };
}

function fitSentence([slope, intercept], value, lowest) {
  const above = value - lowest <= 5e-7 * lowest ? "the least of all lines" : `the best line has ${plain(lowest)}`;
  return `Slope ${plain(slope)}, intercept ${plain(intercept)}: mean squared error ${plain(value)}, ` +
    `its root ${plain(Math.sqrt(value))}; ${above}.`;
}

/** The axes of the data and, twice the spread of y to each side of the best line, of the surface. */
function fitScales(x, y, { best, spread: [sx, sy] }) {
  const padded = (values, share) => {
    const low = Math.min(...values), high = Math.max(...values), pad = share * (high - low);
    return [low - pad, high + pad];
  };
  const around = (middle, half) => [middle - half, middle + half];
  return {
    x: scale(padded(x, 0.04), [0, PLOT.width]),
    y: scale(padded(y, 0.06), [PLOT.height, 0]),
    slope: scale(around(best[0], ((2 * sy) / sx) * (PLOT.width / PLOT.height)), [0, PLOT.width]),
    intercept: scale(around(best[1], 2 * sy), [PLOT.height, 0]),
  };
}

function drawSurface(chart, group, { best, lowest, error }, scales) {
  const grid = sample(error, scales.slope, scales.intercept, 64, 49);
  drawAxes(chart, scales.slope, scales.intercept, {
    xTicks: ticks(scales.slope.domain, 6), yTicks: ticks(scales.intercept.domain, 6),
    xLabel: "slope", yLabel: "intercept",
  });
  group.replaceChildren(contours(grid, logLevels(grid, lowest)),
    svg("path", { class: "dl-star", d: star([scales.slope(best[0]), scales.intercept(best[1])]) }));
}

function renderFit({ model, el }) {
  const keys = "Arrow keys change slope and intercept, with Shift in fine steps, Enter sets the best line.";
  const data = panel(`The data with the line and its residuals. ${keys}`, true);
  const chart = panel(`The mean squared error over slope and intercept. ${keys}`, true);
  const status = statusLine();
  const title = (text, note) =>
    html("div", { class: "dl-title" }, text, html("span", { class: "dl-note" }, note));
  let fit, scales, units, seen;
  const setLine = (line) => {
    const [slope, intercept] = line.map((value, i) =>
      Number((Math.round(value / units[i]) * units[i]).toPrecision(12)));
    update(model, { slope, intercept });
  };
  const setBest = () => update(model, { slope: fit.best[0], intercept: fit.best[1] });
  const root = frame(el, model, "fit", "A line over data and its loss",
    html("div", { class: "dl-main" }, title("Line and residuals", "drag an end"), data.root),
    html("div", { class: "dl-controls" }, button("Best line", "Best line", setBest),
      button("Flat line", "Flat line: slope 0, same intercept", () => update(model, { slope: 0 }))),
    status,
    html("div", { class: "dl-side" }, title("Mean squared error", "drag the point"), chart.root));
  root.style.setProperty("--dl-path", "var(--dl-gradient)");

  const points = svg("path", { class: "dl-data" }), residuals = svg("path", { class: "dl-residual" });
  const line = svg("path", { class: "dl-curve dl-line" }), ends = svg("g");
  const still = svg("g"), moving = svg("g");
  data.plot.append(residuals, points, line, ends);
  chart.plot.append(still, moving);
  const now = () => [model.get("slope"), model.get("intercept")];
  const held = () => HOLDS.map((share) => scales.x.invert(share * PLOT.width));
  const away = ({ clientX, clientY }) => (grip) => {
    const { x, y, width, height } = grip.getBoundingClientRect();
    return Math.hypot(clientX - x - width / 2, clientY - y - height / 2);
  };
  let hold = 0;
  data.root.addEventListener("pointerdown", (event) => {
    const [left, right] = [...data.plot.querySelectorAll(".dl-reach")].map(away(event));
    hold = left < right ? 0 : 1;
  });
  const placeLeft = draggable(data, (px, py) => {
    const at = held(), [slope, intercept] = now();
    const heights = at.map((x, k) => (k === hold ? scales.y.invert(py) : slope * x + intercept));
    const turned = (heights[1] - heights[0]) / (at[1] - at[0]);
    setLine([turned, heights[0] - turned * at[0]]);
  });
  const rightGrip = circle("reach", [0, 0], 22);
  rightGrip.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  data.plot.append(rightGrip);
  const placePoint = draggable(chart, (px, py) => setLine([scales.slope.invert(px), scales.intercept.invert(py)]));

  const draw = () => {
    const [x, y] = [model.get("x"), model.get("y")], [slope, intercept] = now();
    const view = JSON.stringify([x, y, model.get("x_label"), model.get("y_label")]);
    if (view !== seen) {
      seen = view;
      fit = leastSquares(x, y);
      scales = fitScales(x, y, fit);
      units = [scales.slope, scales.intercept].map(({ domain: [low, high] }) =>
        10 ** (Math.floor(Math.log10(high - low)) - 3));
      drawAxes(data, scales.x, scales.y, {
        xTicks: ticks(scales.x.domain, 6), yTicks: ticks(scales.y.domain, 6),
        xLabel: model.get("x_label"), yLabel: model.get("y_label"),
      });
      points.setAttribute("d", x.map((a, i) => `M${scales.x(a).toFixed(1)} ${scales.y(y[i]).toFixed(1)}h0`).join(""));
      drawSurface(chart, still, fit, scales);
    }
    const on = (a) => [scales.x(a), scales.y(slope * a + intercept)];
    residuals.setAttribute("d", x.map((a, i) => polyline([on(a), [scales.x(a), scales.y(y[i])]])).join(""));
    line.setAttribute("d", polyline(scales.x.domain.map(on)));
    const inside = ([px, py]) => [Math.min(Math.max(px, 0), PLOT.width), Math.min(Math.max(py, 0), PLOT.height)];
    const grips = held().map((a) => inside(on(a)));
    const here = inside([scales.slope(slope), scales.intercept(intercept)]);
    ends.replaceChildren(...grips.map((at) => circle("here", at, 6)));
    moving.replaceChildren(circle("here", here, 6));
    placeLeft(grips[0]);
    ["cx", "cy"].forEach((name, i) => rightGrip.setAttribute(name, grips[1][i]));
    placePoint(here);
    status.textContent = fitSentence([slope, intercept], fit.error([slope, intercept]), fit.lowest);
  };
  for (const { root: at } of [data, chart]) {
    at.addEventListener("keydown", (event) => {
      const by = TURN[event.key], size = event.shiftKey ? 1 : 10;
      if (event.key === "Enter") setBest();
      else if (by) setLine(now().map((value, i) => (by[i] ? value + by[i] * size * units[i] : value)));
      else return;
      event.preventDefault();
    });
  }
  return connect(model, draw);
}

export default { render: renderFit };
