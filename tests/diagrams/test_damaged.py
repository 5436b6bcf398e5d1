"""Damaged diagrams: elements lost, doubled, moved, attributes mixed up. Whatever comes of it, it is a finding."""

from __future__ import annotations

import copy
import random
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from oms_workflow.diagrams.reading import Source, read_diagrams

CASES = sorted((Path(__file__).parents[1] / "rules").glob("*/valid-*.bpmn"))
TEXTS = ("", "=", "it", "begin", "true", "PT1H", "=a >", "${x}", "-1", "9" * 40, "x:y", "\u4e2d")


def damage(root: etree._Element, chance: random.Random) -> None:
    """Do one thing to the tree that an editor, a merge or a person might do by mistake."""
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    if len(elements) < 2:
        return
    one, other = chance.choice(elements[1:]), chance.choice(elements)
    parent = one.getparent()
    action = chance.randrange(7)
    if action == 0 and parent is not None:
        parent.remove(one)
    elif action == 1 and parent is not None:
        parent.append(copy.deepcopy(one))
    elif action == 2 and other is not one and one not in other.iterancestors():
        other.append(one)
    elif action == 3 and one.attrib:
        del one.attrib[chance.choice(list(one.attrib))]
    elif action == 4:
        named = chance.choice([name for element in elements for name in element.attrib])
        one.set(named, chance.choice(TEXTS))
    elif action == 5:
        one.tag = other.tag
    else:
        one.text = chance.choice(TEXTS)


@given(st.sampled_from(CASES), st.integers(0, 2**32), st.integers(1, 6))
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damage_is_a_finding_and_never_a_traceback(path, seed, times):
    """Merges and hand-made edits damage files in ways nobody thought of."""
    root = etree.fromstring(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(times):
        damage(root, chance)

    reading = read_diagrams([Source(name=path.name, raw=etree.tostring(root))])

    assert "rule-failed" not in {found.code for found in reading.diagnostics}, [str(one) for one in reading.errors]
    assert reading.definitions or reading.errors
