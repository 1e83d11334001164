"""The JSON Schema of manifests, and whether it and the reader agree."""

from __future__ import annotations

import json

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.manifests import DEFAULTS, FULL, ROWS, mistakes
from trigpoint import limits
from trigpoint.batch.manifest.columns import columns, placeholders
from trigpoint.diagram import Diagram
from trigpoint.diagram.option_table import HEIGHT
from trigpoint.files.shipped import resource

SCHEMA = json.loads(resource("data", "manifest.schema.json").read_text("utf-8"))


def test_the_schema_is_one_and_takes_the_samples():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for value in (ROWS, FULL, {"defaults": DEFAULTS, "figures": ROWS}):
        jsonschema.validate(value, SCHEMA)


def test_every_option_of_a_diagram_is_a_column():
    options = {*Diagram.__dataclass_fields__} - {"atlas"}
    assert {*columns()} == options | {"muscle", "output", "format", "dpi"}


def test_the_numbers_of_the_schema_are_those_of_the_library():
    figure = SCHEMA["$defs"]["figure"]
    assert figure["maxProperties"] == limits.MANIFEST_COLUMNS
    assert figure["propertyNames"]["maxLength"] == limits.LABEL_CHARACTERS
    assert {rule["maxItems"] for rule in (SCHEMA["oneOf"][0], SCHEMA["oneOf"][1]["properties"]["figures"])} == {
        limits.MANIFEST_ROWS
    }
    dpi, width = figure["properties"]["dpi"], figure["properties"]["width"]
    assert (dpi["minimum"], dpi["maximum"]) == (limits.DPI_MIN, limits.DPI_MAX)
    assert (width["minimum"], width["maximum"]) == (limits.WIDTH_MIN, limits.WIDTH_MAX)
    height = figure["properties"]["height"]
    assert (height["minimum"], height["maximum"]) == HEIGHT
    assert figure["properties"]["title"]["maxLength"] == limits.CELL_CHARACTERS
    assert set(figure["propertyNames"]["not"]["enum"]) == {*placeholders()} - {*columns()}


SOUND = {
    "points": [1, "1", "1, 2", [1], ["trp1", 2], 2.0, None, ""],
    "side": ["left", "right", None],
    "views": ["posterior", ["posterior", "right"], "posterior,right", None],
    "body": ["neutral", None],
    "theme": ["plate", "print"],
    "language": ["en"],
    "width": [40, 85.5, 420, None],
    "dpi": [10, 300, 1200.0],
    "format": ["svg", ["svg", "png"], None],
    "title": ["A title", "", None, "{muscle}"],
    "layout": [None],
    "overlay": [None, "count"],
    "preset": ["bmc-single"],
    "layers": ["zones", ["zones", "points"]],
    "patient": ["P", 5, 5.5, True, None],
}
WRONG = [5.5, True, {}, {"a": 1}, [], [[]], ["", "x"], [None], "x" * 4001, -1, 5000, 10**15]


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_schema_and_reader_agree(read, data):
    """The schema rejects a manifest of sound names where the reader does, but for too many pixels."""
    chosen = data.draw(st.lists(st.sampled_from([*SOUND]), unique=True, max_size=5))
    row = {"muscle": data.draw(st.sampled_from(["hip", ["hip"], "Hip muscle"])), "output": "a-{index}"}
    row |= {column: data.draw(st.sampled_from(SOUND[column])) for column in chosen}
    if chosen and data.draw(st.booleans()):
        slip = data.draw(st.sampled_from([*chosen, "muscle"]))
        wrong = data.draw(st.sampled_from(WRONG))
        if wrong not in (-1, 5000, 10**15) or slip in ("width", "dpi", "side", "patient"):
            row[slip] = wrong
    figures = [row] if data.draw(st.booleans()) else {"defaults": row, "figures": [{}]}
    sound = jsonschema.Draft202012Validator(SCHEMA).is_valid(figures)
    found = [each for each in mistakes(read, json.dumps(figures), "json") if "pixels wide" not in each]
    assert bool(found) != sound, found or figures
