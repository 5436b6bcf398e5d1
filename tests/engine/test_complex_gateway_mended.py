"""Complex gateways that people mend: stopped tokens that go on in another version, and tokens moved onto a gateway."""

from __future__ import annotations

from oms_workflow.engine import facts
from tests.engine.migrating import migrate
from tests.engine.walking import Walk

TWO = """
process p
  start S
  or Ask
  service A type=x
  service B type=x
  service C type=x
  complex Enough when="=activationCount >= 3"
  service After type=x
  end E
  S -> Ask
  Ask -> A if "=true"
  Ask -> B if "=true"
  Ask -> C if "=false"
  A -> Enough
  B -> Enough
  C -> Enough
  Enough -> After -> E
"""
ENOUGH = TWO.replace(">= 3", ">= 2")


def stopped(drawing: str) -> Walk:
    walk = Walk(drawing)
    for element in walk.open:
        walk.complete(element)
    assert [code for code, _ in walk.incidents] == ["never-activated"], walk
    return walk


def test_a_stopped_gateway_goes_on_in_a_version_that_is_content_with_less():
    """That is how a wrong number in a diagram is mended for the orders that already hang on it."""
    walk = stopped(TWO)
    assert migrate(walk, ENOUGH) == ""

    walk.resolve("retry")

    assert walk.open == ["After"], walk
    walk.complete("After")
    assert walk.status == "completed", walk


def test_a_stopped_gateway_goes_on_in_a_version_where_it_only_splits():
    """There is no condition left to ask there, so nothing holds the token back."""
    walk = stopped(TWO.replace('Ask -> B if "=true"', 'Ask -> B if "=false"'))
    splits = """
    process p
      start S
      service A type=x
      complex Enough
      service After type=x
      service Else type=x
      S -> A -> Enough
      Enough -> After if "=waitingForStart"
      Enough -> Else default
    """
    assert migrate(walk, splits) == ""

    walk.resolve("retry")

    assert walk.open == ["After"], walk


def test_a_token_that_a_person_moves_onto_a_gateway_goes_on_from_there():
    """Whoever moves it has decided; the gateway gathers what comes over its flows as before."""
    walk = Walk(TWO)
    token = next(one.id for one in walk.first.instance.state.tokens.values() if walk_node(walk, one.node) == "A")

    walk.tell(facts.TokenMoved(at=walk.stage.now, token=token, element="Enough", by="mei", reason="enough"))

    assert walk.open == ["After", "B"], walk


def walk_node(walk: Walk, node: int) -> str:
    return walk.first.instance.program.steps[node].node.id
