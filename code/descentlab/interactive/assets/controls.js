// Native form controls, each with a root to place and a set() to show a value, and the tie
// between a widget's view and its model.

import { html } from "./draw.js";

/** A slider that a swipe past it leaves as it was. */
export function rangeInput(attributes, report) {
  let before;
  const input = html("input", {
    type: "range", ...attributes,
    input: () => report(input.valueAsNumber),
    pointerdown: () => (before = input.valueAsNumber),
    pointercancel: () => report(before),
  });
  return input;
}

export function slider(label, range, report) {
  const shown = html("span", { class: "dl-value", "aria-hidden": "true" });
  const input = rangeInput(range, report);
  return {
    root: html("label", { class: "dl-control" }, html("span", { class: "dl-name" }, label, shown), input),
    set(value, text, range = {}) {
      Object.assign(input, range);
      input.value = value;
      shown.textContent = text;
      input.setAttribute("aria-valuetext", text);
    },
  };
}

/** A logarithmic slider, and a field for any number from least to most, which says what it cannot take. */
export function logSlider(label, [low, high], text, report, [least, most] = [0, Infinity]) {
  const input = rangeInput({
    min: Math.log10(low), max: Math.log10(high), step: 0.01, "aria-label": `${label}, logarithmic`,
  }, (exponent) => report(Number((10 ** exponent).toPrecision(3))));
  const range = Number.isFinite(most) ? `from ${text(least)} to ${text(most)}` : `≥ ${text(least)}`;
  const fault = html("span", { class: "dl-fault", role: "alert" });
  const judge = (valid) => {
    field.setAttribute("aria-invalid", !valid);
    fault.textContent = valid ? "" : `“${field.value}” is not a number ${range}.`;
  };
  const field = html("input", {
    type: "text", inputmode: "decimal", autocomplete: "off",
    change() {
      const value = Number(field.value.replace(",", ".").replace("−", "-"));
      const valid = field.value.trim() !== "" && Number.isFinite(value) && value >= least && value <= most;
      judge(valid);
      if (valid) report(value);
    },
  });
  return {
    root: html("div", { class: "dl-control dl-log" },
      html("label", { class: "dl-pair" }, html("span", { class: "dl-name" }, label), field), input, fault),
    set(value) {
      input.value = Math.log10(Math.max(value, low));
      input.setAttribute("aria-valuetext", text(value));
      field.value = value > 0 && value < 1e-4 ? value.toExponential().replace("-", "−") : text(value);
      judge(true);
    },
  };
}

export function select(label, entries, report) {
  const options = Object.entries(entries).map(([key, entry]) => html("option", { value: key }, entry.label));
  const input = html("select", { change: () => report(input.value) }, ...options);
  return {
    root: html("label", { class: "dl-control" }, html("span", { class: "dl-name" }, label), input),
    set: (key) => (input.value = key),
  };
}

export const button = (text, label, press) =>
  html("button", { type: "button", "aria-label": label, click: press }, text);

/** Put a widget in place. The course's colours become --dl-<name>, lighter on a dark page. */
export function frame(el, model, kind, label, ...parts) {
  const root = html("div", {
    class: `dl-widget dl-${kind}`, role: "group", "aria-label": label,
    "data-lm-suppress-shortcuts": "true", // JupyterLab leaves the arrow keys to the figure
  }, html("div", { class: "dl-body" }, ...parts));
  for (const [name, color] of Object.entries(model.get("_colors")))
    root.style.setProperty(`--dl-${name}`, `light-dark(${color}, color-mix(in srgb, ${color} 72%, white))`);
  el.replaceChildren(root);
  return root;
}

export const statusLine = () => html("p", { class: "dl-status", role: "status", "aria-live": "polite" });

/** Draw now and after every batch of changes of the model; returns the clean-up. */
export function connect(model, draw) {
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; draw(); });
  };
  model.on("change", later);
  draw();
  return () => model.off("change", later);
}

export function update(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}
