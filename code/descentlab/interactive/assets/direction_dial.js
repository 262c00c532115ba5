// Turn a small step dw around a point and compare the change of the loss with its prediction
// |∇L||dw| cos θ. The picture is always a few |dw| wide.

import {
  PLOT, arrow, circle, contours, draggable, drawAxes, equalScales, fixed, html, label, logLevels, panel,
  plain, point, polyline, sample, scale, svg, ticks,
} from "./draw.js";
import { button, connect, frame, logSlider, slider, statusLine, update } from "./controls.js";
import { surface } from "./surfaces.js";

const RADIUS = 72; // pixels from w to the tip of dw
const RAY = 92; // pixels of the arrows along ∇L and −∇L, which show directions only
const CENTER = [PLOT.width / 2, PLOT.height / 2];
const INSET = 84; // pixels, the longer side of the overview
const TURNS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 15, PageDown: -15 };

const wrap = (degrees) => ((degrees % 360) + 360) % 360;
const along = (angle, length) => [length * Math.cos(angle), -length * Math.sin(angle)]; // y runs down
const shifted = ([x, y], [dx, dy]) => [x + dx, y + dy];

/** The step at an angle from the gradient and the changes of L it makes. */
function measure(stage, w, degrees, length) {
  const g = stage.gradient(w), norm = Math.hypot(...g), angle = Math.atan2(g[1], g[0]);
  const theta = (degrees * Math.PI) / 180;
  const dw = [length * Math.cos(angle + theta), length * Math.sin(angle + theta)];
  return {
    g, norm, angle, dw,
    cos: Math.cos(theta),
    linear: norm * length * Math.cos(theta),
    actual: stage.value([w[0] + dw[0], w[1] + dw[1]]) - stage.value(w),
  };
}

function changeSentence({ norm, cos, linear, actual }, degrees, length) {
  if (norm === 0) return `∇L = 0 here: no direction is steepest. Actual change ${plain(actual)}.`;
  const decimals = Math.min(Math.max(0, 3 - Math.floor(Math.log10(norm * length))), 20);
  return `θ = ${plain(degrees)}°, cos θ = ${fixed(cos, 3)}: linear prediction dL = ` +
    `${fixed(linear, decimals)}, actual change ${fixed(actual, decimals)}.`;
}

/** The whole surface, small, in the upper corner that the gradient's line does not cross. */
function overview(stage, w, [gx, gy]) {
  const [dx, dy] = stage.box.map(([low, high]) => high - low), unit = INSET / Math.max(dx, dy);
  const size = { width: dx * unit, height: dy * unit }, [x, y] = equalScales(stage.box, size);
  const grid = sample(stage.value, x, y, 42, 32);
  const levels = logLevels(grid, Math.min(...stage.minima.map(stage.value)), 8);
  const [px, py] = [x(w[0]), y(w[1])];
  return svg("svg", { class: "dl-inset", x: gx * gy > 0 ? 6 : PLOT.width - size.width - 6, y: 6, ...size },
    svg("rect", { class: "dl-paper", ...size }),
    contours(grid, levels),
    svg("rect", { class: "dl-lens", x: px - 5, y: py - 4, width: 10, height: 8 }));
}

/** The level curves around w, evenly spaced in L. */
function microscope(stage, w, length) {
  const reach = CENTER.map((half) => (half / RADIUS) * length);
  const [x, y] = equalScales(w.map((wi, i) => [wi - reach[i], wi + reach[i]]));
  const grid = sample(stage.value, x, y, 60, 46), here = stage.value(w);
  const spread = (Math.max(...grid.values) - Math.min(...grid.values)) / 12;
  const levels = Array.from({ length: 25 }, (_, k) => here + (k - 12) * spread).filter((_, k) => k !== 12);
  const through = contours(grid, [here]);
  through.classList.add("dl-through");
  return { x, y, parts: [contours(grid, levels), through] };
}

function arrows({ norm, angle }, degrees) {
  const theta = angle + (degrees * Math.PI) / 180;
  const tip = shifted(CENTER, along(theta, RADIUS));
  const turn = Array.from({ length: 41 }, (_, k) => angle + ((theta - angle) * k) / 40);
  const ray = (kind, text, at) => [
    svg("path", { class: `dl-arrow dl-${kind}`, d: arrow(CENTER, along(at, RAY)) }),
    label(kind, text, shifted(CENTER, along(at, RAY + 15))),
  ];
  const parts = [
    ...(norm ? [...ray("gradient", "∇L", angle), ...ray("descent", "−∇L", angle + Math.PI)] : []),
    svg("path", { class: "dl-arc", d: polyline(turn.map((at) => shifted(CENTER, along(at, 24)))) }),
    circle("halo", tip, 12),
    svg("path", { class: "dl-arrow dl-step dl-bold", d: arrow(CENTER, along(theta, RADIUS), 12) }),
    circle("point", CENTER, 3.5),
    label("step", "dw", shifted(shifted(CENTER, along(theta, RADIUS * 0.62)), along(theta + Math.PI / 2, 14))),
  ];
  return { parts, tip };
}

/** The change of the loss over a full turn of dw. */
function drawChange(chart, stage, w, degrees, length, now) {
  const turn = Array.from({ length: 181 }, (_, k) => measure(stage, w, 2 * k, length));
  const sizes = turn.flatMap(({ linear, actual }) => [Math.abs(linear), Math.abs(actual)]);
  const top = 1.12 * Math.max(...sizes, 1e-300);
  const x = scale([0, 360], [14, PLOT.width - 14]), y = scale([-top, top], [PLOT.height, 0]);
  const curve = (key) => polyline(turn.map((m, k) => [x(2 * k), y(m[key])]));
  drawAxes(chart, x, y, {
    xTicks: [0, 90, 180, 270, 360].map((d) => [d, `${d}°`]), yTicks: ticks([-top, top]),
    xLabel: "θ", yLabel: "change of L",
  });
  chart.plot.replaceChildren(
    svg("path", { class: "dl-rule", d: `M0 ${y(0)}H${PLOT.width}` }),
    svg("path", { class: "dl-rule dl-now", d: `M${x(degrees)} 0V${PLOT.height}` }),
    svg("path", { class: "dl-curve dl-actual", d: curve("actual") }),
    svg("path", { class: "dl-curve dl-linear", d: curve("linear") }),
    circle("dot dl-actual", [x(degrees), y(now.actual)], 4),
    circle("dot dl-linear", [x(degrees), y(now.linear)], 7));
}

function renderDial({ model, el }) {
  const map = panel("Level curves around w with the step dw. Arrow keys turn dw by 1 degree, " +
    "Page Up and Page Down by 15, Enter turns it to steepest descent.", true);
  const chart = panel("Change of the loss against the angle θ: linear prediction and actual change");
  const status = statusLine();
  const turnTo = (degrees) => update(model, { theta_deg: degrees });
  const angle = slider("Angle θ from ∇L to dw", { min: 0, max: 360, step: 1 }, turnTo);
  const size = logSlider("Length |dw|", [0.01, 1], plain, (length) => update(model, { length }), [0.01, 1]);
  const steepest = button("Steepest descent", "Turn to steepest descent, θ = 180°", () => turnTo(180));
  const title = (...children) => html("div", { class: "dl-title" }, ...children);
  const where = html("span", { class: "dl-note" });
  frame(el, model, "dial", "Direction dial: the change of the loss for a step in each direction",
    html("div", { class: "dl-main" }, title("A step dw at w", where), map.root),
    html("div", { class: "dl-controls" }, angle.root, size.root, steepest),
    status,
    html("div", { class: "dl-side" },
      title("Change of L",
        html("span", { class: "dl-key dl-actual" }, "actual"),
        html("span", { class: "dl-key dl-linear" }, "|∇L||dw| cos θ")),
      chart.root));

  const still = svg("g"), moving = svg("g");
  let seen = "", now;
  map.plot.append(still, moving);
  const place = draggable(map, (px, py) => {
    const turned = Math.atan2(CENTER[1] - py, px - CENTER[0]) - now.angle;
    turnTo(wrap(Math.round((turned * 180) / Math.PI)));
  });
  const draw = () => {
    const w = model.get("w"), degrees = model.get("theta_deg"), length = model.get("length");
    const stage = surface(model.get("surface"), model.get("surface_options"));
    now = measure(stage, w, degrees, length);
    const view = JSON.stringify([model.get("surface"), model.get("surface_options"), w, length]);
    if (view !== seen) {
      seen = view;
      const { x, y, parts } = microscope(stage, w, length);
      const [xTicks, yTicks] = [ticks(x.domain, 5), ticks(y.domain, 5)];
      drawAxes(map, x, y, { xTicks, yTicks, xLabel: "w₁", yLabel: "w₂" });
      still.replaceChildren(...parts, overview(stage, w, now.g));
      where.textContent = `w = ${point(w, plain)}, |∇L| = ${plain(now.norm)}`;
    }
    const { parts, tip } = arrows(now, degrees);
    moving.replaceChildren(...parts);
    place(tip);
    drawChange(chart, stage, w, degrees, length, now);
    angle.set(degrees, `${plain(degrees)}°`);
    size.set(length);
    status.textContent = changeSentence(now, degrees, length);
  };
  map.root.addEventListener("keydown", (event) => {
    if (event.key === "Enter") turnTo(180);
    else if (TURNS[event.key]) turnTo(wrap(model.get("theta_deg") + TURNS[event.key]));
    else return;
    event.preventDefault();
  });
  return connect(model, draw);
}

export default { render: renderDial };
