// The loss surfaces, named as in descentlab/surfaces.py; a test compares every entry with Python.
// Powers are products, as there, so that both round alike. To add one, add an entry to SURFACES.

const square = (x) => x * x;
const cube = (x) => x * x * x;

function bowl(flat, steep, angle) {
  const cos = Math.cos(angle), sin = Math.sin(angle);
  const a = flat * square(cos) + steep * square(sin);
  const b = (flat - steep) * cos * sin;
  const c = flat * square(sin) + steep * square(cos);
  return {
    value: ([x, y]) => (a * square(x) + 2 * b * x * y + c * square(y)) / 2,
    gradient: ([x, y]) => [a * x + b * y, b * x + c * y],
    minima: [[0, 0]],
  };
}

// The k-th root of x³ − x + 0.1 = 0, all three of them real: k = 0 the largest, k = 2 the smallest.
const wellRoot = (k) =>
  (2 / Math.sqrt(3)) * Math.cos((Math.acos(-0.15 * Math.sqrt(3)) - 2 * Math.PI * k) / 3);

const bealeResiduals = (x, y) =>
  [1.5 - x + x * y, 2.25 - x + x * square(y), 2.625 - x + x * cube(y)];

export const SURFACES = {
  quadratic: {
    label: "Quadratic bowl",
    box: [[-3, 3], [-3, 3]],
    start: [-2.5, 1],
    make: ({ kappa = 10, angle = 0 }) => bowl(1, kappa, angle),
  },
  ravine: {
    label: "Ravine",
    box: [[-8, 8], [-4, 4]],
    start: [-7, 2],
    make: ({ angle = 0 }) => bowl(0.1, 2, angle),
  },
  rosenbrock: {
    label: "Rosenbrock’s valley",
    box: [[-2, 2], [-1, 3]],
    start: [-1.2, 1],
    make: () => ({
      value: ([x, y]) => square(1 - x) + 100 * square(y - x * x),
      gradient: ([x, y]) => [
        -2 * (1 - x) - 400 * x * (y - x * x),
        200 * (y - x * x),
      ],
      minima: [[1, 1]],
    }),
  },
  beale: {
    label: "Beale’s plateau",
    box: [[-4.5, 4.5], [-4.5, 4.5]],
    start: [1, 1.5],
    make: () => ({
      value: ([x, y]) => bealeResiduals(x, y).reduce((sum, r) => sum + r * r, 0),
      gradient([x, y]) {
        const [r1, r2, r3] = bealeResiduals(x, y);
        return [
          2 * (r1 * (y - 1) + r2 * (square(y) - 1) + r3 * (cube(y) - 1)),
          2 * x * (r1 + 2 * r2 * y + 3 * r3 * square(y)),
        ];
      },
      minima: [[3, 0.5]],
    }),
  },
  himmelblau: {
    label: "Himmelblau’s four minima",
    box: [[-5, 5], [-5, 5]],
    start: [0, 0],
    make: () => ({
      value: ([x, y]) => square(x * x + y - 11) + square(x + y * y - 7),
      gradient: ([x, y]) => [
        4 * x * (x * x + y - 11) + 2 * (x + y * y - 7),
        2 * (x * x + y - 11) + 4 * y * (x + y * y - 7),
      ],
      minima: [
        [3, 2],
        [-2.805118086952745, 3.131312518250573],
        [-3.779310253377747, -3.28318599128617],
        [3.584428340330492, -1.848126526964404],
      ],
    }),
  },
  saddle: {
    label: "Saddle",
    box: [[-2, 2], [-1.6, 1.6]],
    start: [-1.5, 0.001],
    make: () => ({
      value: ([x, y]) => square(x) / 2 - square(y) / 2 + square(square(y)) / 4,
      gradient: ([x, y]) => [x, cube(y) - y],
      minima: [[0, 1], [0, -1]],
    }),
  },
  two_wells: {
    label: "Two wells",
    box: [[-1.8, 1.8], [-1.4, 1.4]],
    start: [1.6, 1],
    make: () => ({
      value: ([x, y]) => square(square(x)) / 4 - square(x) / 2 + x / 10 + square(y) / 2,
      gradient: ([x, y]) => [cube(x) - x + 0.1, y],
      minima: [[wellRoot(2), 0], [wellRoot(0), 0]],
    }),
  },
};

/** The surface {label, box, start, value, gradient, minima} of a name. */
export function surface(name, options = {}) {
  const { make, ...fixed } = SURFACES[name];
  return { ...fixed, ...make(options) };
}
