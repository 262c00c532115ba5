// The update rules, named, ordered and defaulted as in descentlab/optimizers.py; a test compares the
// trajectories. Products and quotients are nested as there, so that they round alike. Every rule
// works on each coordinate by itself and is written for one. To add one, add an entry; each of its
// parameters besides lr becomes a slider, a logarithmic one if it has `log`, or a choice of yes and no.

const slide = (name, label, value, max, step) => ({ name, label, value, min: 0, max, step });
const BETA = slide("beta", "β", 0.9, 0.99, 0.01);
const BETA1 = slide("beta1", "β₁", 0.9, 0.99, 0.01);
const BETA2 = slide("beta2", "β₂", 0.999, 0.999, 0.001);
const EPS = { name: "eps", label: "ε", value: 1e-8, log: [1e-12, 1] };
const WEIGHT_DECAY = slide("weight_decay", "weight decay", 0.01, 1, 0.01);

/** A rule from its formula for one coordinate, each(w, g, memory, hyper, t), and the first memory. */
function rule(label, parameters, memory, each) {
  const collect = (column) =>
    Object.fromEntries(Object.keys(memory).map((name) => [name, column(name)]));
  return {
    label,
    parameters,
    init: (w) => ({ t: 0, ...collect((name) => w.map(() => memory[name])) }),
    step(w, g, state, hyper) {
      const t = state.t + 1, before = (i) => collect((name) => state[name][i]);
      const after = w.map((wi, i) => each(wi, g[i], before(i), hyper, t));
      return {
        w: after.map((one) => one.w),
        state: { t, ...collect((name) => after.map((one) => one[name])) },
      };
    },
  };
}

/** Adam's averages of g and g², and both corrected for their start at 0. */
function moments(g, before, { beta1, beta2 }, t) {
  const m = beta1 * before.m + (1 - beta1) * g;
  const v = beta2 * before.v + (1 - beta2) * (g * g);
  return { m, v, mHat: m / (1 - beta1 ** t), vHat: v / (1 - beta2 ** t) };
}

function adam(w, g, before, hyper, t) {
  const { m, v, mHat, vHat } = moments(g, before, hyper, t);
  return { w: w - hyper.lr * mHat / (Math.sqrt(vHat) + hyper.eps), m, v };
}

const nadamMomentum = (t, { beta1, momentum_decay }) =>
  beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay));

/** RAdam's factor r at step t: 0 while v rests on at most five gradients, then rising to 1. */
function rectifier(t, { beta2 }) {
  const limit = 2 / (1 - beta2) - 1, kept = beta2 ** t;
  const rho = limit - 2 * t * kept / (1 - kept);
  if (!(rho > 5)) return 0;
  return Math.sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho));
}

export const METHODS = {
  GradientDescent: rule("Gradient descent", [], {}, (w, g, _, { lr }) => ({ w: w - lr * g })),

  Momentum: rule("Momentum", [BETA], { m: 0 }, (w, g, before, { lr, beta }) => {
    const m = beta * before.m + g;
    return { w: w - lr * m, m };
  }),

  Nesterov: rule("Nesterov", [BETA], { m: 0 }, (w, g, before, { lr, beta }) => {
    const m = beta * before.m + g;
    return { w: w - lr * (g + beta * m), m };
  }),

  AdaGrad: rule("AdaGrad", [{ ...EPS, value: 1e-10 }], { h: 0 }, (w, g, before, { lr, eps }) => {
    const h = before.h + g * g;
    return { w: w - lr * g / (Math.sqrt(h) + eps), h };
  }),

  RMSProp: rule(
    "RMSProp",
    [
      slide("beta", "β", 0.99, 0.999, 0.001),
      EPS,
      { name: "centered", label: "centered", value: false },
    ],
    { v: 0, m: 0 },
    (w, g, before, { lr, beta, eps, centered }) => {
      const v = beta * before.v + (1 - beta) * (g * g);
      const m = beta * before.m + (1 - beta) * g;
      const second = centered ? Math.max(v - m * m, 0) : v;
      return { w: w - lr * g / (Math.sqrt(second) + eps), v, m };
    },
  ),

  Adadelta: rule(
    "Adadelta", [BETA, { ...EPS, value: 1e-6 }], { v: 0, u: 0 },
    (w, g, before, { lr, beta, eps }) => {
      const v = beta * before.v + (1 - beta) * (g * g);
      const d = Math.sqrt(before.u + eps) / Math.sqrt(v + eps) * g;
      const u = beta * before.u + (1 - beta) * (d * d);
      return { w: w - lr * d, v, u };
    },
  ),

  Adam: rule("Adam", [BETA1, BETA2, EPS], { m: 0, v: 0 }, adam),

  AMSGrad: rule(
    "AMSGrad", [BETA1, BETA2, EPS], { m: 0, v: 0, v_max: 0 },
    (w, g, before, hyper, t) => {
      const { m, v, mHat } = moments(g, before, hyper, t);
      const v_max = Math.max(before.v_max, v), vHat = v_max / (1 - hyper.beta2 ** t);
      return { w: w - hyper.lr * mHat / (Math.sqrt(vHat) + hyper.eps), m, v, v_max };
    },
  ),

  AdamW: rule(
    "AdamW", [BETA1, BETA2, EPS, WEIGHT_DECAY], { m: 0, v: 0 },
    (w, g, before, hyper, t) =>
      adam(w - hyper.lr * (hyper.weight_decay * w), g, before, hyper, t),
  ),

  NAdam: rule(
    "NAdam",
    [BETA1, BETA2, EPS, slide("momentum_decay", "momentum decay", 0.004, 0.1, 0.001)],
    { m: 0, v: 0, mu_product: 1 },
    (w, g, before, hyper, t) => {
      const { m, v, vHat } = moments(g, before, hyper, t);
      const mu = nadamMomentum(t, hyper), next = nadamMomentum(t + 1, hyper);
      const product = before.mu_product * mu;
      const mHat = next / (1 - product * next) * m + (1 - mu) / (1 - product) * g;
      return { w: w - hyper.lr * mHat / (Math.sqrt(vHat) + hyper.eps), m, v, mu_product: product };
    },
  ),

  Adamax: rule("Adamax", [BETA1, BETA2, EPS], { m: 0, u: 0 }, (w, g, before, hyper, t) => {
    const { lr, beta1, beta2, eps } = hyper;
    const m = beta1 * before.m + (1 - beta1) * g;
    const u = Math.max(beta2 * before.u, Math.abs(g) + eps);
    return { w: w - lr * (m / (1 - beta1 ** t)) / u, m, u };
  }),

  RAdam: rule("RAdam", [BETA1, BETA2, EPS], { m: 0, v: 0 }, (w, g, before, hyper, t) => {
    const { m, v, mHat } = moments(g, before, hyper, t), r = rectifier(t, hyper);
    const root = Math.sqrt(1 - hyper.beta2 ** t);
    const d = r > 0 ? r * root * mHat / (Math.sqrt(v) + hyper.eps) : mHat;
    return { w: w - hyper.lr * d, m, v };
  }),

  Lion: rule(
    "Lion",
    [BETA1, { ...BETA2, value: 0.99 }, { ...WEIGHT_DECAY, value: 0 }],
    { m: 0 },
    (w, g, before, { lr, beta1, beta2, weight_decay }) => {
      const c = beta1 * before.m + (1 - beta1) * g;
      const m = beta2 * before.m + (1 - beta2) * g;
      return { w: w - lr * (Math.sign(c) + weight_decay * w), m };
    },
  ),
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
