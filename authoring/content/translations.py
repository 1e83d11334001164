"""Names in other languages than English and Latin: one file per language in `authoring/content/names/`.

Each has tables of muscles, their other names, labels of trigger points, regions and acupuncture points. What
a file leaves out falls back to English. The files know ids only; what the ids stand for is authored elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from authoring import content

_HELD = re.compile(r"(?:(?<=\bM\.)|(?<=\bMm\.)) (?=\w)| (?=\d)")


def tables() -> dict[str, dict]:
    """The authored names by language."""
    return content.tables("names")


def typeset(text: str) -> str:
    """A name whose abbreviations keep to what follows them: "M. soleus", "TrP 1" with no-break spaces."""
    return _HELD.sub("\u00a0", text)


def of(kind: str, key: str, english: str = "") -> dict[str, str]:
    """The names of one thing by language, with its English name where that is given."""
    found = {code: typeset(table[kind][key]) for code, table in tables().items() if key in table.get(kind, {})}
    return ({"en": english} if english else {}) | found


def label(muscle: str, number: int, english: str) -> dict[str, str]:
    """The labels of a muscle's trigger point by language."""
    found = {code: table["points"].get(muscle, []) for code, table in tables().items()}
    labels = {code: labels[number - 1] for code, labels in found.items() if len(labels) >= number}
    return {code: typeset(text) for code, text in {"en": english, **labels}.items()}


def aliases(muscle: str) -> list[str]:
    """The other names of a muscle in all languages, each once."""
    found = (name for table in tables().values() for name in table.get("aliases", {}).get(muscle, []))
    return list(dict.fromkeys(found))


def check(known: Mapping[str, set[str]]) -> None:
    """Raise ValueError for a name that is given to nothing; `known` are the ids by kind."""
    wrong = [
        f"names/{code}.toml: [{kind}] {key}"
        for code, table in tables().items()
        for kind, named in table.items()
        for key in named
        if key not in known.get(kind, ())
    ]
    if wrong:
        raise ValueError("names of nothing: " + "; ".join(wrong))
