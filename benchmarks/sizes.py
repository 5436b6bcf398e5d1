"""What a definition of 200 nodes costs before anything runs: compiling, making ready, and the bytes that travel."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.diagrams import chain
from benchmarks.figures import Figure, announced, best
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.engine.bundle import Bundle, pack, travelling, unpack
from oms_workflow.engine.instance import prepare

NODES = 200


def figures() -> Iterator[Figure]:
    """Measure reading, packing, and unpacking."""
    source = Source(name="chain.bpmn", raw=chain(NODES - 2))
    with announced(f"a definition of {NODES} nodes"):
        (definition,) = read_diagrams([source]).require()
        packed = travelling(pack(Bundle(process_id=definition.id, definitions=(definition,))))
        compiling = best(lambda: read_diagrams([source]).require())
        opening = best(lambda: (unpack.cache_clear(), prepare(unpack(packed).definition, {})))
    says = f"from BPMN of {NODES} nodes to a definition: parse, validate, lint, compile"
    yield Figure(name="compile_200_ms", value=compiling * 1000, unit="ms", says=says)
    yield Figure(name="travel_200_bytes", value=len(packed), unit="bytes", says="in the input of each instance")
    says = "unpack and make ready, once for each worker and definition"
    yield Figure(name="open_200_ms", value=opening * 1000, unit="ms", says=says)
