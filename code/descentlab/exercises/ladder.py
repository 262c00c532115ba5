"""Hints and solution, one inside the other.

They are HTML ``details`` elements, so they open without JavaScript and without a kernel. The
solution is the source of the reference itself: there is no second copy. The text comes as Markdown
for the built site and as HTML for notebooks, where formulas inside Markdown ``details`` stay TeX.
"""

import inspect
import re
from collections.abc import Callable
from html import escape

from IPython.display import display

from descentlab.exercises.exercise import Exercise
from descentlab.exercises.reading import read_array, show
from descentlab.exercises.registry import UnknownExerciseError, find


def solution(exercise: Exercise) -> str:
    """Return the solution as Markdown: the value if it is one, the source, the explanation.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    str
    """
    parts = [f"```python\n{inspect.getsource(exercise.reference).strip()}\n```"]
    if not exercise.wants_function:
        value = exercise.reference()
        parts.insert(0, f"Answer: {value if exercise.options else show(read_array(value))}")
    if exercise.explanation:
        parts.append(exercise.explanation)
    return "\n\n".join(parts)


def to_html(markdown: str) -> str:
    r"""Return paragraphs, inline code, formulas and fenced Python as HTML.

    Parameters
    ----------
    markdown : str
        Nothing but these four is converted.

    Returns
    -------
    str

    Examples
    --------
    >>> print(to_html("Take `np.abs` of $w < 0$."))
    <p>Take <code>np.abs</code> of \(w &lt; 0\).</p>
    """
    blocks = []
    fence = re.compile(r"^```python\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
    for i, piece in enumerate(fence.split(markdown.strip())):
        text = escape(piece, quote=False)
        if i % 2:
            blocks.append(f"<pre><code>{text}</code></pre>")
            continue
        text = re.sub(r"`([^`]*)`", r"<code>\1</code>", text)
        text = re.sub(r"\$([^$]*)\$", r"\\(\1\\)", text)
        blocks += [f"<p>{part.strip()}</p>" for part in text.split("\n\n") if part.strip()]
    return "\n".join(blocks)


def ladder(exercise: Exercise, convert: Callable[[str], str] = str.strip) -> str:
    """Return hints and solution, each in a ``details`` element inside the one before.

    Parameters
    ----------
    exercise : Exercise
    convert : callable
        Applied to the Markdown of every rung; ``to_html`` makes the whole ladder HTML.

    Returns
    -------
    str
    """
    rungs = [(f"Hint {i}", hint) for i, hint in enumerate(exercise.hints, start=1)]
    nested = ""
    for summary, body in reversed([*rungs, ("Solution", solution(exercise))]):
        nested = (
            f"<details>\n<summary>{summary}</summary>\n\n{convert(body)}\n\n{nested}</details>\n\n"
        )
    return nested.strip()


def hints(slug: str) -> None:
    """Show the hints and the solution of an exercise, closed, to be opened one after the other.

    Parameters
    ----------
    slug : str
        The exercise, such as ``"02-best-step"``. An unknown one gives a line with the closest.

    Examples
    --------
    >>> hints("02-best-stop")
    ✗ there is no exercise '02-best-stop'; did you mean '02-best-step'?
    """
    try:
        exercise = find(slug)
    except UnknownExerciseError as error:
        print(f"✗ {error}")
        return
    stars = "★" * exercise.difficulty
    plain = f"Hints and solution: {exercise.title} ({stars}, {exercise.minutes} min)"
    html = f'<div class="tex2jax_process">\n{ladder(exercise, to_html)}\n</div>'
    display({"text/markdown": ladder(exercise), "text/html": html, "text/plain": plain}, raw=True)
