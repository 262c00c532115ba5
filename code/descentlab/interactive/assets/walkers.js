// Chapter 07: walkers by mini-batch descent on a loss with two minima. Data, start, batch size, rate
// and seed decide the whole run; t only chooses the moment shown.

import {
  PLOT, circle, drawAxes, html, panel, plain, polyline, scale, star, svg, ticks,
} from "./draw.js";
import { button, connect, frame, logSlider, rangeInput, select, slider, statusLine, update } from "./controls.js";

const WALKER_COUNT = 200; // walkers
const WALK_FRAME = [-1.5, 3.5]; // drawn range of w
const WALK_CURVE = 401;
const WALK_STARTS = {
  left: { label: "at the left minimum" },
  right: { label: "at the right minimum" },
  spread: { label: "spread evenly" },
};
const WALK_MS = 4000; // a whole run, played
const WALK_TRAITS = ["data", "start", "batch_size", "lr", "seed", "t"];

const walkGrid = (count) => Array.from({ length: count }, (_, k) =>
  WALK_FRAME[0] + (k / (count - 1)) * (WALK_FRAME[1] - WALK_FRAME[0]));

/** Whole numbers 0 … n − 1 from a seed: mulberry32, 32 bits a draw. */
export function drawer(seed) {
  let a = seed >>> 0;
  return (n) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let k = Math.imul(a ^ (a >>> 15), a | 1);
    k ^= k + Math.imul(k ^ (k >>> 7), k | 61);
    return Math.floor((((k ^ (k >>> 14)) >>> 0) / 4294967296) * n);
  };
}

/** The mean of 1 − exp(−r²/2), r = wx − y, over some rows (all if not given), and its slope. */
export function boundedValue([x, y], w, rows) {
  let sum = 0;
  const count = rows ? rows.length : x.length;
  for (let k = 0; k < count; k++) {
    const i = rows ? rows[k] : k, r = w * x[i] - y[i];
    sum += 1 - Math.exp((-r * r) / 2);
  }
  return sum / count;
}
export function boundedSlope([x, y], w, rows) {
  let sum = 0;
  const count = rows ? rows.length : x.length;
  for (let k = 0; k < count; k++) {
    const i = rows ? rows[k] : k, r = w * x[i] - y[i];
    sum += x[i] * r * Math.exp((-r * r) / 2);
  }
  return sum / count;
}

/** The lowest points left and right of the highest point between minima, on a fine grid. */
export function wells(set) {
  const at = walkGrid(1001);
  const slopes = at.map((w) => boundedSlope(set, w));
  const roots = { low: [], high: [] };
  for (let k = 0; k + 1 < at.length; k++) {
    if (slopes[k] * slopes[k + 1] >= 0) continue;
    const root = at[k] - (slopes[k] * (at[k + 1] - at[k])) / (slopes[k + 1] - slopes[k]);
    roots[slopes[k] < 0 ? "low" : "high"].push(root);
  }
  const height = (w) => boundedValue(set, w);
  const inner = roots.high.filter((w) => roots.low.length && w > roots.low[0] && w < roots.low.at(-1));
  const barrier = inner.reduce((a, b) => (height(b) > height(a) ? b : a), inner[0] ?? Infinity);
  const lowest = (ws) => ws.reduce((a, b) => (height(b) < height(a) ? b : a), ws[0]);
  const left = lowest(roots.low.filter((w) => w < barrier));
  return { left, right: lowest(roots.low.filter((w) => w > barrier)) ?? left, barrier };
}

/** All walkers at t = 0 … steps, and the batches of the first one. */
export function walkersRun(set, begin, size, lr, seed, steps) {
  const n = set[0].length, draw = drawer(seed), path = [begin], batches = [];
  let w = begin;
  for (let t = 0; t < steps; t++) {
    w = w.map((wk, k) => {
      let rows;
      if (size < n) rows = Array.from({ length: size }, () => draw(n));
      if (k === 0) batches.push(rows);
      return wk - lr * boundedSlope(set, wk, rows);
    });
    path.push(w);
  }
  return { path, batches };
}

export function walkersBegin({ left, right }, start) {
  const even = (low, high) => Array.from({ length: WALKER_COUNT }, (_, k) => low + ((high - low) * (k + 0.5)) / WALKER_COUNT);
  if (start === "spread") return even(left - 0.5, right + 0.5);
  const middle = start === "left" ? left : right;
  return even(middle - 0.05, middle + 0.05);
}

/** Wilson's 95 % interval. */
export function wilsonEnds(successes, trials) {
  const z = 1.96, p = successes / trials, scaled = 1 + (z * z) / trials;
  const half = z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  const middle = p + (z * z) / (2 * trials);
  return [(middle - half) / scaled, (middle + half) / scaled];
}

function walkersSentence({ t, now, well, set }) {
  const right = now.filter((w) => w > well.barrier).length, share = (p) => p.toFixed(2);
  const [low, high] = wilsonEnds(right, WALKER_COUNT);
  const mean = now.reduce((sum, w) => sum + boundedValue(set, w), 0) / WALKER_COUNT;
  return `After ${t} steps ${right} of ${WALKER_COUNT} walkers are in the right basin, ${WALKER_COUNT - right} in the left: ` +
    `share on the right ${share(right / WALKER_COUNT)}, 95 % interval ${share(low)} to ${share(high)}. ` +
    `Mean loss of the walkers ${mean.toFixed(3)}.`;
}

function drawWalkers(chart, group, state) {
  const { x, y, set, now, t, batches } = state;
  const inside = (w) => x(Math.min(Math.max(w, WALK_FRAME[0]), WALK_FRAME[1]));
  const at = (w) => [inside(w), y(boundedValue(set, Math.min(Math.max(w, WALK_FRAME[0]), WALK_FRAME[1])))];
  const ws = walkGrid(WALK_CURVE);
  const batch = t > 0 ? batches[t - 1] : undefined;
  group.replaceChildren(
    ...(batch ? [svg("path", { class: "dl-curve dl-moving",
      d: polyline(ws.map((w) => [x(w), y(boundedValue(set, w, batch))])) })] : []),
    svg("path", { class: "dl-dots dl-crowd", d: now.map((w) => at(w)).map(([a, b]) =>
      `M${a.toFixed(1)} ${b.toFixed(1)}h0`).join("") }),
    circle("here", at(now[0]), 5));
}

function drawShares(chart, { path, well, t, steps }) {
  const x = scale([0, steps], [4, PLOT.width - 4]), y = scale([0, 1], [PLOT.height - 4, 4]);
  const share = path.map((ws) => ws.filter((w) => w > well.barrier).length / WALKER_COUNT);
  drawAxes(chart, x, y, {
    xTicks: ticks([0, steps], 6), yTicks: ticks([0, 1], 5), xLabel: "step t", yLabel: "share of the walkers",
  });
  const line = (value) => polyline(share.slice(0, t + 1).map((p, k) => [x(k), y(value(p))]));
  chart.plot.replaceChildren(
    ...[0, 0.5, 1].map((p) => svg("path", { class: "dl-rule", d: `M0 ${y(p)}H${PLOT.width}` })),
    svg("path", { class: "dl-rule dl-now", d: `M${x(t)} 0V${PLOT.height}` }),
    svg("path", { class: "dl-curve dl-linear", d: line((p) => 1 - p) }),
    svg("path", { class: "dl-curve dl-actual", d: line((p) => p) }),
    circle("here", [x(t), y(share[t])], 4));
}

function renderWalkers({ model, el }) {
  const map = panel("The loss E with the walkers on it, and the surface of one walker's last mini-batch");
  const chart = panel("Share of the walkers in the left and in the right basin against the step");
  const sets = model.get("sets"), steps = model.get("steps");
  const first = Object.fromEntries(WALK_TRAITS.map((name) => [name, model.get(name)]));
  const names = Object.fromEntries(Object.keys(sets).map((name) => [name, { label: name }]));
  const count = () => sets[model.get("data")][0].length;
  const sizes = () => [...Array(20).keys()].map((k) => 2 ** k).filter((s) => s < count()).concat(count());
  const which = select("Data", names, (data) =>
    update(model, { data, batch_size: Math.min(model.get("batch_size"), sets[data][0].length), t: 0 }));
  const from = select("Start", WALK_STARTS, (start) => update(model, { start, t: 0 }));
  const batch = slider("Batch size s", { min: 0, step: 1 }, (k) => update(model, { batch_size: sizes()[k] }));
  const rate = logSlider("Learning rate α", [0.01, 4], plain, (lr) => update(model, { lr }), [0, 10]);
  const seed = slider("Seed", { min: 0, max: 50, step: 1 }, (value) => update(model, { seed: value }));

  let playing = 0;
  const halt = () => {
    if (!playing) return;
    cancelAnimationFrame(playing);
    playing = 0;
    run.textContent = "Run";
    model.save_changes();
    draw();
  };
  const go = (t) => { halt(); update(model, { t: Math.min(Math.max(t, 0), steps) }); };
  const play = () => {
    if (playing) return halt();
    const from = model.get("t") < steps ? model.get("t") : 0;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return go(steps);
    const began = performance.now();
    const tick = () => {
      const t = Math.min(steps, from + Math.floor(((performance.now() - began) / WALK_MS) * steps));
      if (t === steps) return go(steps);
      model.set("t", t); // saved when the run halts
      playing = requestAnimationFrame(tick);
    };
    run.textContent = "Pause";
    playing = requestAnimationFrame(tick);
  };
  const run = button("Run", "Run or pause", play);
  const reset = button("Reset", "Reset the figure to its first settings", () => { halt(); update(model, first); });
  const back = button("◂", "One step back", () => go(model.get("t") - 1));
  const forward = button("▸", "One step forward", () => go(model.get("t") + 1));
  const time = rangeInput({ min: 0, max: steps, step: 1, "aria-label": "Step t" }, go);
  const shown = html("span", { class: "dl-value", "aria-hidden": "true" });
  const status = statusLine(), key = (kind, text) => html("span", { class: `dl-key dl-${kind}` }, text);
  const title = (...parts) => html("div", { class: "dl-title" }, ...parts);
  const root = frame(el, model, "walkers", "Two hundred walkers by mini-batch descent on a loss with two minima",
    html("div", { class: "dl-setup" }, which.root, from.root, batch.root, rate.root, seed.root,
      html("div", { class: "dl-actions" }, run, reset)),
    html("div", { class: "dl-main" }, title("Walkers on E", key("moving", "last mini-batch of one")), map.root),
    html("div", { class: "dl-scrub" }, back, time, forward, shown),
    status,
    html("div", { class: "dl-side" }, title("Share", key("actual", "right basin"), key("linear", "left")), chart.root));
  root.style.setProperty("--dl-path", "var(--dl-step)");

  const still = svg("g"), moving = svg("g");
  map.plot.append(still, moving);
  const x = scale(WALK_FRAME, [0, PLOT.width]), y = scale([-0.03, 1.03], [PLOT.height, 0]);
  let seenSet, seenRun, well, result;
  const draw = () => {
    const [data, start, size, lr, value, t] = WALK_TRAITS.map((name) => model.get(name)), set = sets[data];
    if (data !== seenSet) {
      seenSet = data;
      well = wells(set);
      drawAxes(map, x, y, { xTicks: ticks(WALK_FRAME, 6), yTicks: ticks([0, 1], 5), xLabel: "w", yLabel: "E(w)" });
      const spot = (w) => [x(w), y(boundedValue(set, w))];
      still.replaceChildren(
        svg("path", { class: "dl-rule dl-now", d: `M${x(Math.min(well.barrier, 99))} 0V${PLOT.height}` }),
        svg("path", { class: "dl-level dl-through", d: polyline(walkGrid(WALK_CURVE).map(spot)) }),
        ...[well.left, well.right].map((w) => svg("path", { class: "dl-star", d: star(spot(w)) })));
    }
    const wanted = JSON.stringify([data, start, size, lr, value]);
    if (wanted !== seenRun) {
      seenRun = wanted;
      result = walkersRun(set, walkersBegin(well, start), Math.min(size, set[0].length), lr, value, steps);
    }
    const state = { ...result, set, well, x, y, t, steps, now: result.path[t] };
    drawWalkers(map, moving, state);
    drawShares(chart, state);
    which.set(data);
    from.set(start);
    const all = sizes(), place = all.findIndex((s) => s >= size);
    batch.set(place, size >= count() ? `all ${count()}` : String(size), { max: all.length - 1 });
    rate.set(lr);
    seed.set(value, String(value));
    time.value = t;
    shown.textContent = `t = ${t}`;
    if (!playing) status.textContent = walkersSentence(state);
  };
  const release = connect(model, draw);
  return () => { halt(); release(); };
}

export default { render: renderWalkers };
