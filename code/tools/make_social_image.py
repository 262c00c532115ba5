"""Draw the picture that other sites show for a link to the course: book/assets/social.png."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from descentlab import plots
from descentlab.interactive.playground import RATES
from descentlab.loops import descend
from descentlab.optimizers import Adam, GradientDescent, Momentum, RMSProp
from descentlab.surfaces import rosenbrock

TARGET = Path(__file__).parents[2] / "book" / "assets" / "social.png"
SIZE = (1200, 630)  # what the large previews ask for
METHODS = (GradientDescent, Momentum, RMSProp, Adam)


def draw() -> plt.Figure:
    """Return the figure: four paths from one start on level curves, and the course's name."""
    plots.use_course_style()
    surface = rosenbrock()
    figure = plt.figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, layout="none")
    ax = figure.add_axes((0, 0, 0.56, 1))
    x, y = np.linspace(-2, 2, 300), np.linspace(-1, 3, 300)
    height = surface.value(np.stack(np.meshgrid(x, y), axis=-1))
    ax.contour(x, y, np.log1p(height), levels=14, colors="#b4bcc6", linewidths=0.8)
    for method in METHODS:
        name = method.__name__
        rule = method(lr=RATES[name]["rosenbrock"])
        path = descend(surface.gradient, surface.start, rule, 300).w
        ax.plot(*path.T, color=plots.COLORS[name], linewidth=3, solid_joinstyle="round")
    ax.plot(*surface.minimum, "*", color="black", markersize=20, zorder=5)
    ax.set(xlim=(-2, 2), ylim=(-1, 3))
    ax.axis("off")
    figure.text(0.6, 0.6, "Downhill", fontsize=56, weight="bold", va="center")
    figure.text(0.6, 0.46, "Gradient descent\nfrom one inner product", fontsize=22, va="center")
    figure.text(0.6, 0.33, "read · run · practise", fontsize=18, color="#59636e", va="center")
    return figure


if __name__ == "__main__":
    draw().savefig(TARGET, dpi=100)
    Image.open(TARGET).quantize(64).save(TARGET, optimize=True)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
