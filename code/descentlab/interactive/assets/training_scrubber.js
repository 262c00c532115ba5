// Chapters 19 to 21: training curves with their bands, and histograms, at a step that a slider chooses.
// The numbers come from Python: data.table[view][curve] holds mean, half width and finite runs.

import { DASHES, PLOT, draggable, drawAxes, html, number, panel, plain, polyline, power, scale, svg, ticks } from "./draw.js";
import { button, connect, frame, select, slider, statusLine, update } from "./controls.js";

const SCRUB_TRAITS = ["view", "other", "step", "item"];
const SCRUB_OTHER = "3 3";
const SCRUB_KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
const SCRUB_MARKS = [ // outlines around 0, 0 for size 1; the shape tells the curves apart without colour
  "m-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0z", "m-.9-.9h1.8v1.8h-1.8z", "m0-1.2 1.15 2h-2.3z", "m0-1.35 1.2 1.35-1.2 1.35-1.2-1.35z",
  "m0 1.2 1.15-2h-2.3z", "m-.4-1.2h.8v.8h.8v.8h-.8v.8h-.8v-.8h-.8v-.8h.8z",
];

const scrubStep = (value) => String(value).replace("-", "−");
const scrubMark = (kind, k, [x, y], r) => svg("path", {
  class: `dl-mark dl-${kind}`, d: `M0 0${SCRUB_MARKS[k]}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${r})`,
});

/** A mean with the digits that its half width lets one read, four at most, and the half width. */
export function scrubMean({ mean, half, finite }, at) {
  const value = mean[at], wide = half[at];
  if (!finite[at]) return "not finite";
  const size = (v) => Math.floor(Math.log10(Math.abs(v)));
  const digits = wide && value ? Math.min(Math.max(size(value) - size(wide) + 2, 1), 4) : 4;
  const text = (v, n) => number(Number(v.toPrecision(n)), n).replaceAll(" ", "\u00a0");
  const middle = text(value, digits);
  if (wide === null) return middle;
  const alike = Number(wide.toPrecision(2)).toFixed(middle.split(".")[1]?.length ?? 0);
  return `${middle} ±\u00a0${middle.includes("×") || !Number(alike) ? text(wide, 2) : alike}`;
}

function scrubMissing({ finite, runs }, at) {
  const lost = runs - finite[at];
  return lost ? `${lost} of ${runs} run${runs > 1 ? "s" : ""} not finite` : "";
}

function scrubState(model) {
  const data = model.get("data"), [view, other, step, item] = SCRUB_TRAITS.map((name) => model.get(name));
  const of = (name, list) => list[data.views.indexOf(name)];
  return { data, view, other, step, item, at: `${data.stepName} ${scrubStep(data.steps[step])}`,
    shown: of(view, data.table), beside: of(other, data.table) };
}

/** The vertical axis of all views: every mean, and bands as far as half the range of the means. */
export function scrubAxis({ table, log, quantity }) {
  const on = log ? Math.log10 : (v) => v, all = table.flat();
  const means = all.flatMap(({ mean }) => mean.filter((m) => m !== null).map(on));
  const bottom = Math.min(...means), top = Math.max(...means);
  const room = (top - bottom) / 2 || (log ? 0.3 : 0.1 * Math.abs(top) || 1);
  let low = bottom, high = top;
  for (const { mean, half } of all)
    half.forEach((h, k) => {
      if (h === null) return;
      if (!log || mean[k] > h) low = Math.min(low, Math.max(on(mean[k] - h), bottom - room));
      high = Math.max(high, Math.min(on(mean[k] + h), top + room));
    });
  if (!(high > low)) [low, high] = [low - room, high + room];
  const y = scale([low, high], [PLOT.height - 18, 8]), [least, most] = [PLOT.height, 0].map(y.invert);
  if (log && most - least > 2.5) {
    const every = Math.ceil((most - least) / 8), marks = [];
    for (let n = Math.ceil(least / every) * every; n <= most; n += every) marks.push([n, power(n)]);
    return { y, marks, label: quantity };
  }
  const ends = [least, most].map((v) => (log ? 10 ** v : v));
  const exponent = Math.floor(Math.log10(Math.max(...ends.map(Math.abs))));
  const shift = exponent > 4 || exponent < -2 ? exponent : 0;
  const label = shift ? `${quantity}, × ${power(shift)}` : quantity;
  const unit = 10 ** shift, scaled = ends.map((v) => v / unit);
  const marks = log && most - least > 0.9
    ? [-2, -1, 0, 1, 2, 3, 4, 5].flatMap((n) => [1, 2, 5].map((k) => k * 10 ** n))
      .filter((v) => v >= scaled[0] && v <= scaled[1]).map((v) => [v, plain(v)])
    : ticks(scaled, 6);
  return { y, label, marks: marks.map(([v, text]) => [on(v * unit), text]) };
}

/** The stretches of steps where a list has numbers. */
const scrubPieces = (values) => values.reduce((pieces, v, k) => {
  if (v === null) pieces.push([]);
  else pieces.at(-1).push(k);
  return pieces;
}, [[]]).filter((piece) => piece.length);

function scrubCurve({ data, step }, k, entry, kind, x, place) {
  const { mean, half } = entry, [color, style] = data.looks[k], pieces = scrubPieces(mean);
  const spot = (at) => [x(data.steps[at]), place(mean[at])];
  const dash = kind === "other" ? SCRUB_OTHER : DASHES[style] ?? "none";
  const parts = [svg("path", { class: `dl-path dl-${kind}`, "stroke-dasharray": dash,
    d: pieces.map((piece) => polyline(piece.map(spot))).join("") })];
  if (kind === "shown") {
    const edge = (piece, sign) => piece.map((at) => [x(data.steps[at]), place(mean[at] + sign * half[at])]);
    parts.unshift(svg("path", { class: "dl-interval", d: scrubPieces(half).map((piece) =>
      polyline([...edge(piece, 1), ...edge(piece, -1).reverse()]) + "Z").join("") }));
    const every = Math.max(1, Math.ceil(mean.length / 6)), first = Math.round((every * k) / data.curves.length);
    const alone = pieces.filter((piece) => piece.length === 1).flat();
    const regular = mean.flatMap((m, at) => (m !== null && at % every === first ? [at] : []));
    parts.push(...[...new Set([...regular, ...alone])].map((at) => scrubMark("shown", k, spot(at), 3.2)));
  }
  if (mean[step] !== null) parts.push(scrubMark(kind, k, spot(step), kind === "shown" ? 5.5 : 4.5));
  return svg("g", { style: `--dl-path: var(--dl-${color})` }, ...parts);
}

function drawScrubbed(chart, group, state, { y, marks, label }) {
  const { data, step, shown, beside } = state, { steps } = data, ends = [steps[0], steps.at(-1)];
  const x = scale(ends, [14, PLOT.width - 14]), whole = steps.every(Number.isInteger);
  const clip = (p) => Math.min(Math.max(p, -PLOT.height), 2 * PLOT.height);
  const place = (v) => clip(data.log ? (v > 0 ? y(Math.log10(v)) : 2 * PLOT.height) : y(v));
  const xTicks = ticks(ends, Math.abs(ends[1]) < 1e4 ? 8 : 5).filter(([v]) => !whole || Number.isInteger(v));
  drawAxes(chart, x, y, { xTicks, yTicks: marks, xLabel: data.stepName, yLabel: label });
  const at = x(steps[step]);
  group.replaceChildren(
    ...marks.map(([v]) => svg("path", { class: "dl-rule", d: `M0 ${y(v)}H${PLOT.width}` })),
    svg("path", { class: "dl-rule dl-now", d: `M${at} 0V${PLOT.height}` }),
    svg("circle", { class: "dl-knob", cx: at, cy: PLOT.height - 9, r: 5 }),
    ...(beside ?? []).map((entry, k) => scrubCurve(state, k, entry, "other", x, place)),
    ...shown.map((entry, k) => scrubCurve(state, k, entry, "shown", x, place)));
  const from = ({ mean }) => [mean[0], mean.at(-1)].map((v) => (v === null ? "not finite" : number(v)));
  chart.root.setAttribute("aria-label", `${data.quantity} against ${data.stepName} from ${scrubStep(ends[0])} to ` +
    `${scrubStep(ends[1])}, ${state.view}: ${shown.map((entry, k) => `${data.curves[k]} goes from ${from(entry).join(" to ")}`).join("; ")}.` +
    `${state.other ? ` Dashed: ${state.other}.` : ""} Arrow keys move the ${data.stepName}.`);
  return x;
}

/** Heights of the bars: shares, or shares per unit where the bins differ in width. */
export function scrubHeights({ edges, shares }, view, item, step) {
  const widths = edges.slice(1).map((e, b) => e - edges[b]);
  const even = widths.every((w) => Math.abs(w - widths[0]) <= 1e-3 * widths[0]);
  return { even, heights: shares[view][item][step].map((s, b) => s / 10000 / (even ? 1 : widths[b])) };
}

function drawBars(chart, state, tops) {
  const { data, view, other, step, item } = state, { edges, views } = data;
  const ends = [edges[0], edges.at(-1)];
  tops[item] ??= Math.max(...views.flatMap((_, v) => data.steps.map((_, t) => Math.max(...scrubHeights(data, v, item, t).heights)))) || 1;
  const x = scale(ends, [10, PLOT.width - 10]), y = scale([0, 1.04 * tops[item]], [PLOT.height, 0]);
  const { even, heights } = scrubHeights(data, views.indexOf(view), item, step);
  const range = ticks(y.domain, 5);
  drawAxes(chart, x, y, { xTicks: ticks(ends, 6), yTicks: range.at(-1)[1].length > 5 ? range.map(([v]) => [v, plain(v)]) : range,
    xLabel: data.histogramLabel, yLabel: even ? "share" : "share per unit" });
  const bars = heights.map((h, b) => h
    ? `M${x(edges[b]).toFixed(1)} ${PLOT.height}V${y(h).toFixed(1)}H${x(edges[b + 1]).toFixed(1)}V${PLOT.height}Z` : "");
  const parts = [svg("path", { class: "dl-band", d: bars.join("") })];
  if (views.includes(other)) {
    const outline = scrubHeights(data, views.indexOf(other), item, step).heights
      .map((h, b) => `V${y(h).toFixed(1)}H${x(edges[b + 1]).toFixed(1)}`).join("");
    parts.push(svg("path", { class: "dl-curve dl-linear", d: `M${x(edges[0])} ${PLOT.height}${outline}V${PLOT.height}` }));
  }
  chart.plot.replaceChildren(...parts);
  const best = heights.indexOf(Math.max(...heights)), share = data.shares[views.indexOf(view)][item][step][best] / 100;
  const found = share ? `the highest bin is ${plain(edges[best])} to ${plain(edges[best + 1])}, with ${plain(share)} %` : "no value in the bins";
  chart.root.setAttribute("aria-label", `Histogram of ${data.items[item]}, ${view}, ${state.at}: ${found}.` +
    `${other ? ` Dashed outline: ${other}.` : ""}`);
  return `${data.items[item]}: ${found}.`;
}

/** The numbers at the step; its first column is the legend of the plot. */
function scrubTable({ curves, looks, table }) {
  const rows = curves.map((name, k) => {
    const [color, style] = looks[k];
    const sample = svg("svg", { class: "dl-sample", viewBox: "0 0 28 12", "aria-hidden": "true" },
      svg("path", { class: "dl-path dl-shown", "stroke-dasharray": DASHES[style] ?? "none", d: "M0 6H28" }),
      scrubMark("shown", k, [14, 6], 4));
    sample.style.setProperty("--dl-path", `var(--dl-${color})`);
    return [html("th", { scope: "row" }, html("span", { class: "dl-named" }, sample, html("span", {}, name))), html("td"), html("td")];
  });
  const head = [html("th", { scope: "col" }), html("th", { scope: "col" }), html("th", { scope: "col" })];
  const several = table.flat().some(({ runs }) => runs > 1);
  const fill = (cell, entry, at) => {
    const missing = entry && scrubMissing(entry, at);
    cell.replaceChildren(...(entry ? [scrubMean(entry, at)] : []), ...(missing ? [html("small", {}, missing)] : []));
    cell.hidden = !entry;
  };
  return {
    root: html("table", { class: "dl-numbers" },
      html("caption", {}, several ? "mean of the runs ± half of its 95 % t interval" : "one run of each"),
      html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...rows.map((cells) => html("tr", {}, ...cells)))),
    set({ shown, beside, view, other, step, at }) {
      head.forEach((cell, k) => (cell.textContent = [at, view, `${other}, dashed`][k]));
      head[2].hidden = !beside;
      rows.forEach(([, a, b], k) => { fill(a, shown[k], step); fill(b, beside?.[k], step); });
    },
  };
}

function scrubSentence({ data, view, other, step, at, shown }, bars) {
  const parts = shown.map((entry, k) => {
    const missing = scrubMissing(entry, step);
    return `${data.curves[k]} ${scrubMean(entry, step)}${missing ? ` (${missing})` : ""}`;
  });
  return [`${view}, ${at}: ${parts.join(", ")}.`, bars, other ? `Dashed: ${other}.` : ""].filter(Boolean).join(" ");
}

function renderScrubber({ model, el }) {
  const data = model.get("data"), last = data.steps.length - 1, tops = [], some = data.items.length > 0;
  const first = Object.fromEntries(SCRUB_TRAITS.map((name) => [name, model.get(name)]));
  const labels = (names) => Object.fromEntries(names.map((name, k) => [`k${k}`, { label: name }]));
  const go = (step) => update(model, { step: Math.min(Math.max(step, 0), last) });
  const shownAs = select("Show", labels(data.views), (key) => update(model, { view: data.views[key.slice(1)] }));
  const beside = select("Compare with", { none: { label: "nothing" }, ...labels(data.views) },
    (key) => update(model, { other: data.views[key.slice(1)] ?? null }));
  const which = select("Histogram of", labels(data.items), (key) => update(model, { item: Number(key.slice(1)) }));
  const reset = button("Reset", "Reset the figure to its first settings", () => update(model, first));
  const choices = [...(data.views.length > 1 ? [shownAs.root, beside.root] : []), ...(data.items.length > 1 ? [which.root] : [])];
  const map = panel("Training curves", true), chart = panel("Histogram"), table = scrubTable(data), status = statusLine();
  const walk = slider(`At ${data.stepName}`, { min: 0, max: last, step: 1 }, go);
  const back = button("◂", `One ${data.stepName} back`, () => go(model.get("step") - 1));
  const forward = button("▸", `One ${data.stepName} forward`, () => go(model.get("step") + 1));
  const key = (kind, text) => html("span", { class: `dl-key dl-${kind}` }, text);
  const title = html("div", { class: "dl-title" }), note = html("span", { class: "dl-note" }, `click or drag to choose the ${data.stepName}`);
  const numbers = html("div", { class: some ? "dl-table" : "dl-side" }, table.root);
  frame(el, model, some ? "training" : "training dl-bare", `Training runs: ${data.quantity} at each ${data.stepName}`,
    ...(choices.length ? [html("div", { class: "dl-setup" }, ...choices, reset)] : []),
    html("div", { class: "dl-main" }, html("div", { class: "dl-title" }, "Curves", note), map.root),
    html("div", { class: "dl-scrub" }, back, walk.root, forward),
    ...(some ? [html("div", { class: "dl-side" }, title, chart.root)] : []), numbers, status);

  const axis = scrubAxis(data), moving = svg("g");
  let x;
  map.plot.append(moving);
  const hold = draggable(map, (px) => {
    const gaps = data.steps.map((s) => Math.abs(x(s) - px));
    go(gaps.indexOf(Math.min(...gaps)));
  });
  map.root.addEventListener("keydown", (event) => {
    const ends = { Home: 0, End: last }, by = SCRUB_KEYS[event.key];
    if (by === undefined && ends[event.key] === undefined) return;
    event.preventDefault();
    go(ends[event.key] ?? model.get("step") + by);
  });
  return connect(model, () => {
    const now = scrubState(model);
    x = drawScrubbed(map, moving, now, axis);
    hold([x(data.steps[now.step]), PLOT.height - 9]);
    shownAs.set(`k${data.views.indexOf(now.view)}`);
    beside.set(now.other === null ? "none" : `k${data.views.indexOf(now.other)}`);
    which.set(`k${now.item}`);
    walk.set(now.step, scrubStep(data.steps[now.step]));
    const bars = some ? drawBars(chart, now, tops) : "";
    title.replaceChildren(data.items[now.item] ?? "", key("larger", now.view), ...(now.other ? [key("linear", now.other)] : []));
    table.set(now);
    status.textContent = scrubSentence(now, bars);
  });
}

export default { render: renderScrubber };
