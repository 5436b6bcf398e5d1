"""Files that nobody has checked yet: whatever they hold, the answer is a located finding, soon and in little memory."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable

import pytest

from oms_workflow.diagrams.extent import MAX_NODES, MAX_WORDS
from oms_workflow.diagrams.hardened import MAX_ATTRIBUTE, MAX_BYTES, MAX_ELEMENTS, MAX_TAGS
from oms_workflow.diagrams.reading import Reading, Source, load_diagrams, read_diagrams
from tests.diagrams.fragments import file_of

SOON = 8.0  # seconds of CPU on a slow machine; a quick one needs a quarter of it
LITTLE = 200 * 1024 * 1024


def answer(raw: bytes) -> Reading:
    """Read hostile bytes; fail when it takes long."""
    begun = time.process_time()
    reading = read_diagrams([Source(name="hostile.bpmn", raw=raw)])
    assert time.process_time() - begun < SOON
    return reading


def first_code(reading: Reading) -> str:
    assert reading.definitions == ()
    return reading.errors[0].code


def chain(length: int) -> str:
    nodes = "".join(f'<bpmn:task id="n{number}"/>' for number in range(1, length + 1))
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="n{number}" targetRef="n{number + 1}"/>'
        for number in range(length + 1)
    )
    return f'<bpmn:startEvent id="n0"/>{nodes}<bpmn:endEvent id="n{length + 1}"/>{flows}'


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "prolog",
    [
        f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>',
        f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>',
        '<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://example.com/x.dtd">',
        "<!DOCTYPE x [<!ATTLIST process isExecutable CDATA 'true'>]>",
    ],
)
def test_a_doctype_is_refused_whatever_it_holds(prolog):
    """Entities grow to gigabytes, read files and fetch addresses."""
    body = "<process>" + "&a9;" * 5 + "&a;" * 2_000 + "</process>" if "ENTITY" in prolog else "<process/>"

    assert first_code(answer(f"{prolog}<definitions>{body}</definitions>".encode())) == "doctype"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   \n ",
        b"\x00" * 1_000,
        b"\xff\xfe<\x00a\x00",
        b"<?xml version='1.0' encoding='no-such-encoding'?><a/>",
        b"<a xmlns:b='c'><b:d/></e>",
        b"<x:definitions/>",
        b"\x1f\x8b" + b"gzip" * 100,
        "<definitions>\ud800</definitions>".encode("utf-8", "surrogatepass"),
    ],
)
def test_bytes_that_are_no_xml_are_refused_with_a_line(raw):
    """Half a file, another format, a broken encoding: all end as one finding."""
    found = answer(raw).errors

    assert [one.code for one in found] == ["not-xml"]
    assert found[0].line


def test_a_file_of_fifty_megabytes_is_not_read(tmp_path):
    """Its size is known before anything is read."""
    path = tmp_path / "large.bpmn"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    tracemalloc.start()

    reading = load_diagrams([path])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert first_code(reading) == "file-too-large"
    assert peak < MAX_BYTES


def test_bytes_beyond_the_limit_are_not_parsed():
    """The same through the programming interface."""
    assert first_code(answer(b"<a>" + b" " * MAX_BYTES + b"</a>")) == "file-too-large"


def test_too_many_elements_are_refused():
    """The number of elements bounds the time of every rule."""
    found = answer(b"<a>\n" + b"<b/>" * (MAX_ELEMENTS + 1) + b"</a>").errors

    assert [(one.code, one.line) for one in found] == [("file-too-large", 2)]


def test_too_many_tags_are_not_even_parsed():
    """A tree of a million elements would take more memory than a worker has; counting signs takes none."""
    found = answer(b"<a>" + b"<b/>" * MAX_TAGS + b"</a>").errors

    assert [(one.code, one.message) for one in found] == [("file-too-large", "The file has more than 400,000 tags.")]


def test_the_drawing_is_not_counted():
    """A diagram's shapes and edges are as many elements as its nodes; nothing is done with them."""
    point = '<di:waypoint xmlns:di="http://www.omg.org/spec/DD/20100524/DI" x="0" y="0"/>'
    drawing = (
        f'<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI">{point * MAX_ELEMENTS}</d:BPMNDiagram>'
    )
    raw = file_of('<bpmn:task id="a"/>').replace(b"</bpmn:definitions>", drawing.encode() + b"</bpmn:definitions>")

    assert answer(raw).require()


def test_an_element_with_too_many_attributes_is_refused():
    """Reading them takes the square of their number: 300,000 took minutes."""
    attributes = " ".join(f'a{number}="x"' for number in range(300_000))
    found = answer(f"<a>\n<b {attributes}/></a>".encode()).errors

    assert [(one.code, one.line, one.message) for one in found] == [
        ("file-too-large", 2, "An element has more than 100 attributes.")
    ]


@pytest.mark.parametrize("depth", [210, 300, 5_000])
def test_deep_nesting_is_refused(depth):
    """Nobody can read it, and recursive tools fall over it."""
    found = answer(b"<a>" * depth + b"</a>" * depth).errors

    assert [one.code for one in found] == ["nested-too-deep"]
    assert found[0].line


def test_a_hundred_nested_sub_processes_are_compiled():
    """Deep is not yet too deep: nothing recurses over the nesting."""
    xml = '<bpmn:task id="core"/>'
    for level in range(100):
        xml = f'<bpmn:subProcess id="s{level}">{xml}</bpmn:subProcess>'

    assert len(answer(file_of(xml)).require()[0].nodes) == 102


def test_a_chain_of_nodes_up_to_the_limit_is_compiled():
    """SpiffWorkflow's own parser recurses for each node and stops at 488."""
    assert len(answer(file_of(chain(MAX_NODES - 5))).require()[0].nodes) == MAX_NODES - 2


def test_more_nodes_than_the_limit_are_refused_with_the_limit():
    """Reading takes a fifth of a millisecond a node, and everybody else waits for it."""
    found = answer(file_of(chain(5_000)).replace(b"><", b">\n<")).errors

    assert [one.code for one in found] == ["file-too-large"]
    assert f"nodes; at most {MAX_NODES:,} are read" in found[0].message
    assert "called processes" in found[0].fix
    assert found[0].line
    assert found[0].line > MAX_NODES


def test_more_logic_than_the_limit_is_refused_with_the_place():
    """A file of the size that is read could hold a minute's worth of expressions."""
    mappings = "".join(f'<zeebe:input source="=a{n}+b" target="v{n}"/>\n' for n in range(MAX_WORDS // 3))
    task = (
        f"<bpmn:scriptTask id='t'><bpmn:extensionElements><zeebe:ioMapping>{mappings}</zeebe:ioMapping>"
        "</bpmn:extensionElements></bpmn:scriptTask>"
    )
    found = answer(file_of(task)).errors

    assert [(one.code, one.message) for one in found] == [
        ("file-too-large", f"The FEEL of the file has more than {MAX_WORDS:,} words and signs.")
    ]
    assert found[0].line
    assert found[0].line > 1_000


def test_memory_grows_with_the_diagram_only():
    """Ten thousand nodes must fit into the memory of a small worker."""
    raw = file_of(chain(1_000))
    read_diagrams([Source(name="chain.bpmn", raw=raw)])
    tracemalloc.start()
    read_diagrams([Source(name="chain.bpmn", raw=raw)])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < LITTLE / 10


def test_the_time_grows_no_faster_than_the_diagram():
    """Four times the nodes are four times the calls, not sixteen times; calls are the same on a busy machine."""
    calls = []
    for length in (500, 2_000):
        raw = file_of(chain(length))
        calls.append(calls_of(lambda raw=raw: read_diagrams([Source(name="chain.bpmn", raw=raw)])))

    assert calls[1] < calls[0] * 5


def calls_of(work: Callable[[], object]) -> int:
    """Count the functions that some work calls."""
    count = 0

    def called(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event == "call" or event == "c_call"

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_thousands_of_flows_out_of_one_gateway_are_compiled():
    """A hub must not make any rule compare all flows with all others."""
    nodes = "".join(f'<bpmn:task id="n{number}"/>' for number in range(2_500))
    flows = "".join(
        f'<bpmn:sequenceFlow sourceRef="fork" targetRef="n{number}"/>'
        f'<bpmn:sequenceFlow sourceRef="n{number}" targetRef="join"/>'
        for number in range(2_500)
    )
    xml = f"""<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="fork"/>{nodes}<bpmn:parallelGateway id="join"/>
        <bpmn:endEvent id="end"/><bpmn:sequenceFlow sourceRef="begin" targetRef="fork"/>
        <bpmn:sequenceFlow sourceRef="join" targetRef="end"/>{flows}"""

    assert len(answer(file_of(xml)).require()[0].flows) == 5_002


def test_flows_between_the_same_two_nodes_get_different_names_in_good_time():
    """A file may hold thousands of flows without id between the same nodes."""
    flows = '<bpmn:sequenceFlow sourceRef="a" targetRef="b"/>' * 10_000

    assert len(answer(file_of(f'<bpmn:task id="a"/><bpmn:task id="b"/>{flows}')).require()[0].flows) == 10_000


def test_thousands_of_broken_references_are_told_in_good_time():
    """Looking for what was meant must not compare every name with every other."""
    nodes = "".join(f'<bpmn:task id="node{number}"/>' for number in range(450))
    flows = "".join(f'<bpmn:sequenceFlow sourceRef="nodd{n}" targetRef="nide{n}"/>' for n in range(4_000))

    found = answer(file_of(nodes + flows))

    assert first_code(found)
    assert len([one for one in found.errors if one.code == "reference-to-nothing"]) == 200


def test_thousands_of_unknown_names_are_told_in_good_time():
    """The same for variables."""
    scripts = "".join(
        f'<bpmn:scriptTask id="n{n}"><bpmn:extensionElements>'
        f'<zeebe:script expression="=nmae{n} + 1" resultVariable="name{n}"/>'
        f"</bpmn:extensionElements></bpmn:scriptTask>"
        for n in range(3_000)
    )

    assert answer(file_of(scripts)).diagnostics


def test_an_endless_attribute_is_refused_and_no_finding_repeats_it():
    """An id of a megabyte in thousands of findings would fill the memory."""
    found = answer(file_of(f'<bpmn:task id="{"x" * (MAX_ATTRIBUTE + 1)}"/>')).errors
    long = answer(file_of(f'<bpmn:serviceTask id="it" name="{"x" * MAX_ATTRIBUTE}"/>'))

    assert [one.code for one in found] == ["file-too-large"]
    assert all(len(one.message) < 1_100 and len(one.name) <= 200 for one in long.diagnostics)


@pytest.mark.parametrize(
    "expression",
    [
        "1 + " * 2_000 + "1",
        "(" * 5_000 + "1" + ")" * 5_000,
        "if a then " * 1_000 + "1",
        "[" * 9_000,
        '"' + "x" * 9_000,
        "for " + ", ".join(f"x{n} in 1..1000" for n in range(100)) + " return 1",
        "a" * 15_000,
        '"a" matches "' + "(a+)+" * 100 + '"',
    ],
)
def test_enormous_expressions_end_as_a_finding_or_compile(expression):
    """FEEL has bounds of its own; the linter must keep to them and never fall over."""
    flow = f"""<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="x" default="no"/><bpmn:endEvent id="end"/>
        <bpmn:sequenceFlow id="in" sourceRef="begin" targetRef="x"/>
        <bpmn:sequenceFlow id="yes" sourceRef="x" targetRef="end"><bpmn:conditionExpression><![CDATA[={expression}]]>
        </bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:sequenceFlow id="no" sourceRef="x" targetRef="end"/>"""

    reading = answer(file_of(flow))

    assert reading.definitions or {one.element for one in reading.errors} == {"yes"}


def test_processes_that_call_each_other_in_a_circle_of_a_thousand_are_found():
    """Following each call from each process would take a million steps."""
    processes = "".join(
        f'<bpmn:process id="p{n}" isExecutable="true"><bpmn:callActivity id="c{n}" calledElement="p{(n + 1) % 1_000}"/>'
        "</bpmn:process>"
        for n in range(1_000)
    )

    assert first_code(answer(file_of(processes))) == "call-cycle"


def test_elements_in_the_wrong_place_break_nothing():
    """Every BPMN element inside every other: refused, never a traceback."""
    kinds = ("process", "subProcess", "startEvent", "sequenceFlow", "boundaryEvent", "timerEventDefinition", "lane")
    xml = "".join(
        f'<bpmn:{outer} id="o{a}{b}" sourceRef="i{a}{b}" attachedToRef="o{a}{b}"><bpmn:{inner} id="i{a}{b}"/>'
        f"<bpmn:extensionElements><bpmn:{inner} id='e{a}{b}'/></bpmn:extensionElements></bpmn:{outer}>"
        for a, outer in enumerate(kinds)
        for b, inner in enumerate(kinds)
    )

    found = answer(file_of(f'<bpmn:process id="shop" isExecutable="true">{xml}</bpmn:process>'))

    assert found.errors
    assert "rule-failed" not in {one.code for one in found.errors}
