"""Join a widget's JavaScript modules into the one string that Jupyter wants.

On the site the browser imports the modules themselves; both run the same files.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def bundle(entry: Path) -> str:
    """Return ``entry`` with the modules it imports, dependencies first, as one ES module.

    Top-level names must be unique over the modules, since all of them share one scope.
    """
    parts: dict[Path, str] = {}

    def add(path: Path) -> None:
        source = path.read_text(encoding="utf-8")
        for name in _IMPORT.findall(source):
            if path.parent / name not in parts:
                add(path.parent / name)
        parts[path] = _EXPORT.sub("", _IMPORT.sub("", source))

    add(entry)
    return "\n".join(parts.values())
