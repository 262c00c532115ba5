// Chapter 15: the unit ball of a norm under the level lines of ⟨g, d⟩. The line that last touches
// the ball touches it in the steepest direction; the gradient is turned by hand.

import {
  PLOT, arrow, circle, draggable, drawAxes, equalScales, fixed, html, label, panel, plain, polyline, scale, svg,
  ticks,
} from "./draw.js";
import { button, connect, frame, logSlider, select, slider, statusLine, update } from "./controls.js";

const EXTENT = [[-2.3, 2.3], [-1.75, 1.75]]; // of the picture, in units of d
const REACH = 1.5; // length at which g is drawn
const BALL_TURNS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 15, PageDown: -15 };
const BALL_RATIOS = [0.1, 10];

const diagonal = ([a, b], ratio) => Math.sqrt(a * a + ratio * b * b);
/** Each ball: its name, the norm, and the steepest direction for g ≠ 0 as descentlab.geometry has it. */
export const BALLS = {
  l2: { label: "ℓ₂, a circle", sign: "ℓ₂", norm: (d) => Math.hypot(...d),
    steepest: (g) => g.map((gi) => -gi / Math.hypot(...g)) },
  linf: { label: "ℓ∞, a square", sign: "ℓ∞", norm: (d) => Math.max(...d.map(Math.abs)),
    steepest: (g) => g.map((gi) => -Math.sign(gi)) },
  l1: { label: "ℓ₁, a square on its corner", sign: "ℓ₁", norm: ([a, b]) => Math.abs(a) + Math.abs(b),
    steepest: ([a, b]) => (Math.abs(a) >= Math.abs(b) ? [-Math.sign(a), 0] : [0, -Math.sign(b)]) },
  diagonal: { label: "diagonal metric, an ellipse", sign: "D", norm: diagonal,
    steepest([a, b], ratio) {
      const size = Math.sqrt(a * a + (b * b) / ratio);
      return [-a / size, -b / ratio / size];
    } },
};

/** A unit vector; what rounding leaves of 0 is 0. */
export function heading(degrees) {
  const angle = (degrees * Math.PI) / 180, snap = (x) => (Math.abs(x) < 1e-15 ? 0 : x);
  return [snap(Math.cos(angle)), snap(Math.sin(angle))];
}
const inner = ([a, b], [x, y]) => a * x + b * y;

/** Everything the figure says, from the traits alone. */
export function ballState(norm, degrees, ratio) {
  const ball = BALLS[norm], g = heading(degrees), d = ball.steepest(g, ratio).map((di) => di + 0);
  const cosine = -inner(g, d) / Math.hypot(...d);
  return { ball, g, d, ratio, change: inner(g, d), off: (Math.acos(Math.min(cosine, 1)) * 180) / Math.PI };
}

/** The far end of the ball in one direction. */
function edge({ ball, ratio }, degrees) {
  const u = heading(degrees), size = ball.norm(u, ratio);
  return u.map((ui) => ui / size);
}

function ballSentence({ ball, d, change, off }, degrees) {
  const [a, b] = d.map((di) => fixed(di, 3));
  return `${ball.sign}, g at ${plain(degrees)}°: best d = (${a}, ${b}), ⟨g, d⟩ = ${fixed(change, 3)}, ` +
    `${fixed(off, 1)}° away from −g.`;
}

/** Level lines of ⟨g, d⟩, evenly spaced, and the one through the touching point. */
function levelLines({ g, change }, x, y) {
  const line = (level) => polyline([-5, 5].map((s) =>
    [x(level * g[0] - s * g[1]), y(level * g[1] + s * g[0])]));
  const levels = Array.from({ length: 21 }, (_, k) => (k - 10) * 0.35);
  return [
    svg("path", { class: "dl-level", d: levels.map(line).join("") }),
    svg("path", { class: "dl-level dl-through", d: line(change) }),
  ];
}

function drawBall(group, now, x, y) {
  const at = ([a, b]) => [x(a), y(b)], zero = at([0, 0]);
  const outline = Array.from({ length: 361 }, (_, k) => at(edge(now, k)));
  const ray = (kind, v) => svg("path", {
    class: `dl-arrow dl-${kind}`, d: arrow(zero, [x(v[0]) - zero[0], y(v[1]) - zero[1]]) });
  const [g, minus] = [REACH, -REACH].map((s) => now.g.map((gi) => s * gi));
  const text = (v) => v.map((vi) => (1 + 0.16 / Math.hypot(...v)) * vi);
  group.replaceChildren(
    ...levelLines(now, x, y),
    svg("path", { class: "dl-curve dl-actual", d: polyline(outline) + "Z" }),
    ray("gradient", g), label("gradient", "g", at(text(g))),
    ray("descent", minus), label("descent", "−g", at(text(minus))),
    ray("step dl-bold", now.d), circle("point", at(now.d), 5));
  return at(g);
}

/** The change ⟨g, d⟩ for d at the edge of the ball in each direction. */
function drawTurn(chart, now) {
  const turn = Array.from({ length: 361 }, (_, k) => inner(now.g, edge(now, k)));
  const top = 1.12 * Math.max(...turn), x = scale([0, 360], [14, PLOT.width - 14]);
  const y = scale([-top, top], [PLOT.height, 0]);
  const best = ((Math.atan2(now.d[1], now.d[0]) * 180) / Math.PI + 360) % 360;
  drawAxes(chart, x, y, {
    xTicks: [0, 90, 180, 270, 360].map((d) => [d, `${d}°`]), yTicks: ticks([-top, top]),
    xLabel: "direction of d", yLabel: "⟨g, d⟩",
  });
  chart.plot.replaceChildren(
    svg("path", { class: "dl-rule", d: `M0 ${y(0)}H${PLOT.width}` }),
    svg("path", { class: "dl-curve dl-actual", d: polyline(turn.map((v, k) => [x(k), y(v)])) }),
    circle("point", [x(best), y(now.change)], 5));
}

function renderBall({ model, el }) {
  const map = panel("Unit ball, level lines and the touching point. Arrow keys turn the gradient by " +
    "1 degree, Page Up and Page Down by 15.", true);
  const chart = panel("Change of the linear model against the direction of a move to the edge of the ball");
  const first = Object.fromEntries(["norm", "angle_deg", "ratio"].map((name) => [name, model.get(name)]));
  const turnTo = (degrees) => update(model, { angle_deg: ((degrees % 360) + 360) % 360 });
  const kind = select("Norm", BALLS, (norm) => update(model, { norm }));
  const angle = slider("Angle of g", { min: 0, max: 360, step: 1 }, (angle_deg) => update(model, { angle_deg }));
  const weight = logSlider("Ratio D₂/D₁", BALL_RATIOS, plain, (ratio) => update(model, { ratio }), BALL_RATIOS);
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  const status = statusLine(), title = (...parts) => html("div", { class: "dl-title" }, ...parts);
  frame(el, model, "ball", "Norm ball: the steepest direction for a norm",
    html("div", { class: "dl-setup" }, kind.root, angle.root, weight.root, reset),
    html("div", { class: "dl-main" },
      title("Unit ball", html("span", { class: "dl-note" }, "drag g")), map.root),
    status,
    html("div", { class: "dl-side" }, title("Change on the ball's edge"), chart.root));

  const moving = svg("g"), [x, y] = equalScales(EXTENT);
  map.plot.append(moving);
  drawAxes(map, x, y, { xTicks: ticks(x.domain, 5), yTicks: ticks(y.domain, 5), xLabel: "d₁", yLabel: "d₂" });
  const place = draggable(map, (px, py) => {
    const pointed = Math.atan2(y.invert(py), x.invert(px));
    turnTo(Math.round((pointed * 180) / Math.PI));
  });
  const draw = () => {
    const norm = model.get("norm"), degrees = model.get("angle_deg"), ratio = model.get("ratio");
    const now = ballState(norm, degrees, ratio);
    place(drawBall(moving, now, x, y));
    drawTurn(chart, now);
    kind.set(norm);
    angle.set(degrees, `${plain(degrees)}°`);
    weight.set(ratio);
    weight.root.style.display = norm === "diagonal" ? "" : "none";
    status.textContent = ballSentence(now, degrees);
  };
  map.root.addEventListener("keydown", (event) => {
    if (!BALL_TURNS[event.key]) return;
    event.preventDefault();
    turnTo(model.get("angle_deg") + BALL_TURNS[event.key]);
  });
  return connect(model, draw);
}

export default { render: renderBall };
