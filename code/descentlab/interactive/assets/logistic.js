// Logistic regression of two features, as LogisticRegression in descentlab/models.py, and seeded
// orders of its examples; tests compare both with Python.

/** 1 / (1 + exp(−z)), never with a positive exponent. */
const logisticSigmoid = (z) => {
  const small = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : small) / (1 + small);
};

/** The mean loss over the rows x with labels y, its gradient, and the gradient of some rows. */
export function logisticModel(x, y, l2) {
  const everyRow = x.map((_, i) => i);
  const logit = ([a, b], i) => a * x[i][0] + b * x[i][1];
  const gradient = (w, rows = everyRow) => {
    let g0 = 0, g1 = 0;
    for (const i of rows) {
      const slope = logisticSigmoid(logit(w, i)) - y[i];
      g0 += slope * x[i][0];
      g1 += slope * x[i][1];
    }
    return [g0 / rows.length + l2 * w[0], g1 / rows.length + l2 * w[1]];
  };
  const value = (w) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) {
      const z = logit(w, i);
      sum += Math.max(z, 0) - y[i] * z + Math.log1p(Math.exp(-Math.abs(z)));
    }
    return sum / x.length + (l2 / 2) * (w[0] ** 2 + w[1] ** 2);
  };
  return { n: x.length, value, gradient, minimum: logisticMinimum(x, y, l2, value, gradient) };
}

/** The minimum by Newton's method, each step halved until the loss does not rise. */
function logisticMinimum(x, y, l2, value, gradient) {
  let w = [0, 0];
  for (let t = 0; t < 50; t++) {
    const [g0, g1] = gradient(w);
    let h00 = l2, h01 = 0, h11 = l2;
    for (const [a, b] of x) {
      const p = logisticSigmoid(w[0] * a + w[1] * b), weight = (p * (1 - p)) / x.length;
      h00 += weight * a * a;
      h01 += weight * a * b;
      h11 += weight * b * b;
    }
    const det = h00 * h11 - h01 * h01;
    const dw = [(h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det];
    let factor = 1;
    const moved = () => [w[0] - factor * dw[0], w[1] - factor * dw[1]];
    while (factor > 1e-6 && value(moved()) > value(w)) factor /= 2;
    if (factor <= 1e-6) break;
    w = moved();
  }
  return w;
}

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The row numbers of some passes: drawn from all n each time, or every pass in a new order. */
export function exampleOrder(seed, n, passes, replace) {
  const random = seededRandom(seed), order = [];
  for (let pass = 0; pass < passes; pass++) {
    const rows = Array.from({ length: n }, (_, i) => (replace ? Math.floor(random() * n) : i));
    for (let k = n - 1; k > 0 && !replace; k--) {
      const other = Math.floor(random() * (k + 1));
      [rows[k], rows[other]] = [rows[other], rows[k]];
    }
    order.push(...rows);
  }
  return order;
}
