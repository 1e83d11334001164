"""The interface's words by language, and which language to fall back to.

Names of muscles, points and regions belong to the data, each with its languages; here are only the words of a plate
itself and the order in which languages are tried. This room refuses to know what the words are printed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FALLBACK = "en"

_ENGLISH = {
    "view.anterior": "Anterior view",
    "view.posterior": "Posterior view",
    "view.left": "Left lateral view",
    "view.right": "Right lateral view",
    "from.anterior": "from the front",
    "from.posterior": "from behind",
    "from.left": "from the left",
    "from.right": "from the right",
    "side.left": "left side",
    "side.right": "right side",
    "mark.left": "L",
    "mark.right": "R",
    "direction.right": "← back · front →",
    "direction.left": "← front · back →",
    "subtitle": "Trigger points and referred pain, {side}",
    "subtitle.one": "Trigger point and referred pain, {side}",
    "caption": "{muscle}, {side}: {points} and the referred pain, seen {views}.",
    "caption.points": "typical positions of the trigger points (X)",
    "caption.point": "typical position of trigger point {number} (X)",
    "caption.pattern": "{label}: {zones}{aside}.",
    "caption.essential": "essential pain (solid) {where}",
    "caption.spillover": "spillover (stippled) {where}",
    "caption.both_sides": " (on both sides)",
    "caption.aside": " ({laterality})",
    "caption.same_side": "Pain is felt on the side of the trigger point.",
    "alt": "Body map seen {views}, with {points} of the {muscle} on the {side}.",
    "alt.point": "one trigger point",
    "alt.points": "{number} trigger points",
    "alt.essential": "Essential pain {where}.",
    "alt.spillover": "Spillover {where}.",
    "where.along": "along the {regions}",
    "where.over": "over the {regions}",
    "legend.point": "Trigger point",
    "legend.essential": "Essential pain zone",
    "legend.spillover": "Spillover pain zone",
    "legend.muscle": "Muscle",
    "label.unseen": "{label}: position not seen here",
    "caution": "Typical position, not a diagnosis.",
    "credit.source": "Pattern after {sources}.",
    "credit.recall": "Pattern after {sources}, from general knowledge of the work, not checked against its pages.",
    "credit.none": "Pattern without a recorded source.",
    "layer.page": "Page",
    "layer.body": "Body",
    "layer.muscle": "Muscle",
    "layer.spillover": "Spillover zones",
    "layer.essential": "Essential zones",
    "layer.outline": "Outline",
    "layer.points": "Trigger points",
    "layer.labels": "Labels",
    "layer.views": "Views and sides",
    "layer.locator": "Locator",
    "layer.title": "Title",
    "layer.legend": "Legend",
    "layer.credit": "Credit",
    "list.two": "{first} and {last}",
    "list.more": "{first}, and {last}",
}

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType({"en": MappingProxyType(_ENGLISH)})

LANGUAGES = tuple(_WORDS)


def word(key: str, language: str = FALLBACK) -> str:
    """The interface's word for `key`, in English where the language lacks it.

    >>> word("view.posterior", "la")
    'Posterior view'
    """
    return _WORDS.get(language, {}).get(key) or _WORDS[FALLBACK][key]


def name(names: Mapping[str, str], language: str = FALLBACK) -> str:
    """The best of a datum's names: the language, its parent ("pt" for "pt-BR"), English, else the first by code.

    >>> name({"en": "Gluteus medius", "la": "Musculus gluteus medius"}, "de")
    'Gluteus medius'
    """
    for code in (language, language.partition("-")[0], FALLBACK):
        if code in names:
            return names[code]
    return names[min(names)]


def listing(items: tuple[str, ...], language: str = FALLBACK) -> str:
    """The items as words in a sentence.

    >>> listing(("sacrum", "iliac crest", "buttock"))
    'sacrum, iliac crest, and buttock'
    """
    if len(items) < 2:
        return "".join(items)
    key = "list.two" if len(items) == 2 else "list.more"
    return word(key, language).format(first=", ".join(items[:-1]), last=items[-1])
