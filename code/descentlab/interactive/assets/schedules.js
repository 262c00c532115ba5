// The schedules of descentlab/schedules.py, each with the one time that the figure lets you choose;
// a test compares the factors. A schedule takes the step number t and returns the factor on the rate.

export const SCHEDULES = {
  constant: { label: "Constant", time: null, make: () => () => 1 },
  step_decay: {
    label: "Step decay", time: "Steps between halvings",
    make: (time) => (t) => 0.5 ** Math.floor(t / time),
  },
  exponential: { label: "Exponential", time: "Half-life", make: (time) => (t) => 0.5 ** (t / time) },
  inverse_time: { label: "Inverse time, 1/t", time: "Steps to one half", make: (time) => (t) => 1 / (1 + t / time) },
  cosine: {
    label: "Cosine", time: "Steps to 0",
    make: (time) => (t) => (1 + Math.cos((Math.PI * Math.min(t, time)) / time)) / 2,
  },
  warmup: { label: "Warm-up", time: "Steps of the rise", make: (time) => (t) => Math.min(1, (t + 1) / time) },
};
