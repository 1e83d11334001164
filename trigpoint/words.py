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
    "subtitle.none": "Position of the muscle, {side}",
    "caption": "{muscle}, {side}: {points} and the referred pain, seen {views}.",
    "caption.bare": "{muscle}, {side}: position of the muscle, seen {views}.",
    "caption.points": "typical positions of the trigger points (X)",
    "caption.point": "typical position of trigger point {number} (X)",
    "title.several": "{number} muscles",
    "subtitle.view": "{subtitle}; {view}",
    "subtitle.count": "Trigger points that refer to each place, {side}",
    "subtitle.prevalence": "Referred pain, weighted by how often a muscle's trigger points are active, {side}",
    "caption.grid": "{muscles}, {side}: typical positions of the trigger points (X) and referred pain, seen {views}.",
    "caption.together": "{muscles}, {side}: trigger points (X) and the referred pain on one body, seen {views}.",
    "caption.count": "{muscles}, {side}: number of trigger points that refer pain to each place, be it essential or "
    "spillover, seen {views}.",
    "caption.prevalence": "{muscles}, {side}: places to which pain is referred, seen {views}, each muscle weighted by "
    "how often its trigger points are active in low back pain.",
    "alt.grid": "Body maps seen {views}, one for each muscle of the {side}: {muscles}.",
    "alt.together": "Body map seen {views}, with the referred pain of several muscles of the {side}: {muscles}.",
    "alt.count": "Body map seen {views}; the darker a place, the more trigger points of the {side} refer to it: "
    "{muscles}.",
    "alt.prevalence": "Body map seen {views}; the darker a place, the more often active muscles of the {side} refer "
    "to it: {muscles}.",
    "credit.weights": "Weights: percent of patients, middle of the published range, summed over muscles ({sources}).",
    "legend.count": "{range} trigger points",
    "legend.count.one": "1 trigger point",
    "legend.prevalence": "{range} %",
    "caption.pattern": "{label}: {zones}{aside}.",
    "caption.essential": "essential pain (solid) {where}",
    "caption.spillover": "spillover (stippled) {where}",
    "caption.both_sides": " (on both sides)",
    "caption.aside": " ({laterality})",
    "caption.same_side": "Pain is felt on the side of the trigger point.",
    "alt": "Body map seen {views}, with {points} of the {muscle} on the {side}.",
    "alt.bare": "Body map seen {views}, with the {muscle} on the {side}.",
    "alt.point": "one trigger point",
    "alt.points": "{number} trigger points",
    "alt.essential": "Essential pain {where}.",
    "alt.spillover": "Spillover {where}.",
    "where.along": "along the {regions}",
    "where.over": "over the {regions}",
    "legend.point": "Trigger point",
    "legend.essential": "Essential pain zone",
    "legend.doubtful": "Dashed edge: low confidence",
    "legend.spillover": "Spillover pain zone",
    "legend.muscle": "Muscle",
    "hidden.all": "trigger points not seen {view}",
    "hidden.all.one": "trigger point not seen {view}",
    "hidden.some": "points {numbers} not seen {view}",
    "hidden.some.one": "point {numbers} not seen {view}",
    "label.unseen": "{label}: position not seen here",
    "caution": "Typical position, not a diagnosis.",
    "credit.source": "Pattern after {sources}.",
    "credit.recall": "Pattern after {sources}, from general knowledge of the work, not checked against its pages.",
    "sources": "Sources: {sources}.",
    "caption.acupoints": "Open circles: acupuncture points, shown for nearness only (sources: {sources}).",
    "sources.page": "1 web page ({basis})",
    "sources.pages": "{number} web pages ({basis})",
    "sources.and": ", and ",
    "basis.read": "read",
    "basis.recall": "from general knowledge",
    "credit.none": "Pattern without a recorded source.",
    "credit.no_pattern": "No referral pattern of its own is drawn.",
    "layer.page": "Page",
    "layer.body": "Body",
    "layer.bones": "Bones",
    "layer.muscle": "Muscle",
    "layer.spillover": "Spillover zones",
    "layer.essential": "Essential zones",
    "layer.outline": "Outline",
    "layer.overlay": "Overlay",
    "layer.headings": "Headings",
    "legend.acupoint": "Acupuncture point (nearness only)",
    "layer.acupoints": "Acupuncture points",
    "layer.points": "Trigger points",
    "layer.labels": "Labels",
    "layer.key": "Key",
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
