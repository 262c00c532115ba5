// The update rules, named as in descentlab/optimizers.py; a test compares the trajectories. To add
// one, add an entry with pure init and step; each of its parameters (besides lr),
// {name, label, value, min, max, step}, becomes a slider.

export const METHODS = {
  GradientDescent: {
    label: "Gradient descent",
    parameters: [],
    init: () => ({}),
    step: (w, g, state, { lr }) => ({ w: w.map((wi, i) => wi - lr * g[i]), state }),
  },
};

/** A method's hyper-parameters: its defaults, overwritten by those given. */
export function hyperOf(method, given) {
  const defaults = method.parameters.map(({ name, value }) => [name, value]);
  return { ...Object.fromEntries(defaults), ...given };
}

/** The run w[0] … w[steps]; from the first non-finite step, `diverged` (else −1), w is NaN. */
export function descend(gradient, start, method, given, steps) {
  const hyper = hyperOf(method, given);
  const path = [start];
  let w = start, state = method.init(w), diverged = -1;
  for (let t = 0; t < steps; t++) {
    ({ w, state } = method.step(w, gradient(w), state, hyper));
    if (diverged < 0 && !w.every(Number.isFinite)) diverged = t + 1;
    path.push(diverged < 0 ? w : w.map(() => NaN));
  }
  return { w: path, diverged };
}
