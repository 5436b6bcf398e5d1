"""Random block-structured diagrams: sequences, choices, branches, races, loops and scopes inside each other."""

from __future__ import annotations

from random import Random

from tests.reference.constructs.ad_hoc import ad_hoc
from tests.reference.constructs.gatherers import complex_join, complex_split, quantities
from tests.reference.constructs.several import thrown
from tests.reference.constructs.transactions import transaction
from tests.reference.drafting import ERRORS, ESCALATIONS, SIGNALS, VARIABLES, Draft, Loose
from tests.reference.drawn import Diagram, Node, Scope, is_doubled

DEEPEST = 3
HANDLERS = ("user", "user", "script", "task")
WORK = ("user", "user", "user", "service", "manual", "receive", "task", "script", "script", "send")
BLOCKS = (
    *("work",) * 7,
    *("choice",) * 3,
    *("parallel",) * 3,
    *("inclusive",) * 2,
    *("sub_process",) * 3,
    "race",
    "loop",
    "loop",
    "called",
    "passing",
    "passing",
    "link",
    "regret",
    "regret",
    "guarded",
    "guarded",
    "transaction",
    "transaction",
    "ad_hoc",
    "ad_hoc",
    "complex_join",
    "complex_join",
    "complex_split",
    "quantities",
)
ELSEWHERE = {one.__name__: one for one in (transaction, ad_hoc, complex_join, complex_split, quantities)}


def draw_blocks(chance: Random, size: int = 14) -> Diagram:
    """Draw a diagram of about so many nodes."""
    blocks = Blocks(chance, size)
    blocks.process(0)
    return blocks.diagram


class Blocks(Draft):
    """A block takes loose ends and gives those behind it; none when every path in it has ended."""

    def process(self, depth: int) -> str:
        """Draw a process and give its id."""
        name = self.name("p")
        self.diagram.processes[name] = Scope()
        self.fill(self.diagram.processes[name], depth)
        return name

    def fill(self, scope: Scope, depth: int, trigger: dict[str, str] | None = None) -> None:
        """Draw a whole level: from its start to its ends, and the event sub-processes in it."""
        start = self.node(scope, "start", trigger)
        ends = self.sequence(scope, [Loose(start.id)], depth)
        if ends or not any(node.kind == "end" for node in scope.nodes):
            self.lead(scope, ends, self.node(scope, "end"))
        if depth < DEEPEST and self.maybe(20):
            for _ in range(1 + self.maybe(40)):
                self.event_sub_process(scope, depth)

    def sequence(self, scope: Scope, ends: list[Loose], depth: int, longest: int = 3) -> list[Loose]:
        """Draw some blocks behind each other."""
        for _ in range(self.chance.randrange(1, longest + 1)):
            kind = self.chance.choice(BLOCKS) if self.left > 0 and depth < DEEPEST else "work"
            ends = (
                ELSEWHERE[kind](self, scope, ends, depth)
                if kind in ELSEWHERE
                else getattr(self, kind)(scope, ends, depth)
            )
            if not ends:
                break
        return ends

    # -- activities

    def work(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """One task, with whatever may hang on it."""
        kind = self.chance.choice(WORK)
        node = self.node(scope, kind, self.work_keys(kind))
        self.lead(scope, ends, node)
        return self.dress(scope, node, depth)

    def regret(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """Work that can be undone, some of it inside a sub-process, and then perhaps its undoing."""
        for _ in range(self.chance.randrange(1, 4)):
            kind = self.chance.choice(("user", "script", "sub"))
            node = self.node(scope, kind, self.work_keys(kind), Scope() if kind == "sub" else None)
            self.lead(scope, ends, node)
            ends = [Loose(node.id)]
            if node.inside is not None:
                inner = self.regret(node.inside, [Loose(self.node(node.inside, "start").id)], depth + 1)
                self.lead(node.inside, inner, self.node(node.inside, "end"))
                if depth < DEEPEST and self.maybe(15):
                    self.event_sub_process(node.inside, depth, {"compensation": ""})
            if node.inside is None or self.maybe(20):
                self.undone(scope, node)
            if self.maybe(20):
                node.keys |= self.repeated()
        return self.then(scope, ends, "throw", self.undoing(scope)) if self.maybe(70) else ends

    def guarded(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """A sub-process that may throw, and events on its boundary that catch it or come in between."""
        node = self.node(scope, "sub", {}, Scope())
        self.lead(scope, ends, node)
        inner = self.then(node.inside, [Loose(self.node(node.inside, "start").id)], "user")
        gateway = self.then(node.inside, inner, "xor")[0].source
        self.then(node.inside, [Loose(gateway, self.condition())], "end", {"error": self.chance.choice(ERRORS)})
        loud = self.chance.choice(({"escalation": self.chance.choice(ESCALATIONS)}, {}))
        self.then(node.inside, self.then(node.inside, [Loose(gateway, "", True)], "throw", loud), "end")
        if depth < DEEPEST and self.maybe(30):
            self.event_sub_process(node.inside, depth)
        out = [Loose(node.id)]
        for code in self.chance.sample(("*", *ERRORS), self.chance.randrange(1, 3)):
            out += self.boundary(scope, node, depth, {"error": code})
        if self.maybe(50):
            nonstop = {"nonstop": ""} if self.maybe(50) else {}
            out += self.boundary(scope, node, depth, {"escalation": self.chance.choice(("*", *ESCALATIONS))} | nonstop)
        if self.maybe(15):
            node.keys |= self.repeated()
        return self.one(scope, out)

    def sub_process(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """An embedded sub-process, sometimes with a variable of its own."""
        node = self.node(scope, "sub", {}, Scope())
        self.lead(scope, ends, node)
        if self.maybe(10):
            self.without_start(node.inside)
        else:
            self.fill(node.inside, depth + 1)
        return self.dress(scope, node, depth)

    def without_start(self, scope: Scope) -> None:
        """Draw work that begins wherever nothing leads to it, and ends wherever nothing leads on."""
        for _ in range(self.chance.randrange(1, 4)):
            end = [Loose(self.node(scope, "user").id)]
            for _ in range(self.chance.randrange(3)):
                kind = self.chance.choice(("user", "script", "task"))
                end = self.then(scope, end, kind, self.work_keys(kind))

    def called(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """A call of a process that is drawn for it."""
        node = self.node(scope, "call", {"process": self.process(depth + 1)})
        self.lead(scope, ends, node)
        return self.dress(scope, node, depth)

    def dress(self, scope: Scope, node: Node, depth: int) -> list[Loose]:
        """Give an activity mappings, a loop, a handler, boundary events, and perhaps several flows out of it."""
        if self.maybe(10):
            node.keys[f"in.{self.chance.choice(VARIABLES)}"] = self.value()
        if self.maybe(8) and node.kind not in ("task", "send"):
            node.keys[f"out.{self.chance.choice(VARIABLES)}"] = self.value()
        if self.maybe(12) and node.kind not in ("receive", "send"):
            node.keys |= self.repeated()
        if self.maybe(15):
            self.undone(scope, node)
        out = [Loose(node.id)]
        for _ in range(2):
            if self.left > 0 and self.maybe(30 if node.kind in ("sub", "call", "user") else 15):
                out += self.boundary(scope, node, depth)
        if self.maybe(6):
            return self.several_out(scope, node, out[1:], depth)
        return self.one(scope, out) if self.maybe(80) else out

    def repeated(self) -> dict[str, str]:
        """Give the keys of a loop."""
        kind = self.chance.randrange(3)
        if kind == 0:
            keys = {"while": f"=loopCounter < {self.chance.randrange(4)}"}
            return keys | ({"before": ""} if self.maybe(50) else {}) | ({"most": "2"} if self.maybe(30) else {})
        items = ",".join(str(self.chance.randrange(4)) for _ in range(self.chance.randrange(4)))
        keys = {"each": f"=[{items}]", "item": "item"} if kind == 1 else {"times": f"={self.chance.randrange(4)}"}
        if kind == 1 and self.maybe(50):
            keys |= {"gather": self.name("all"), "element": self.chance.choice(("=item", "=item + 1", "=v0"))}
        if self.maybe(50):
            keys["sequential"] = ""
        if self.maybe(30):
            until = ("=numberOfCompletedInstances >= 2", "=v0 = 2", "=loopCounter = 1")
            keys["until"] = self.chance.choice(until)
        return keys

    def undone(self, scope: Scope, node: Node) -> None:
        """Draw a handler that undoes the activity."""
        kind = self.chance.choice(HANDLERS)
        handler = self.node(scope, kind, self.work_keys(kind) | {"compensates": ""})
        node.keys["undo"] = handler.id

    def boundary(self, scope: Scope, host: Node, depth: int, trigger: dict[str, str] | None = None) -> list[Loose]:
        """Draw a boundary event and the path behind it, which ends for itself or comes back."""
        keys = trigger or self.caught()
        if is_doubled(keys, scope.boundary(host.id)):
            keys = {"timer": self.duration()}
        event = self.node(scope, "catch", {"on": host.id} | keys)
        ends = [Loose(event.id)]
        if self.maybe(60):
            ends = self.sequence(scope, ends, depth + 1, 2)
        if ends and (self.maybe(50) or not event.interrupting):
            self.finish(scope, ends)
            return []
        return ends

    def several_out(self, scope: Scope, node: Node, others: list[Loose], depth: int) -> list[Loose]:
        """Two flows out of an activity: both, or by condition."""
        by_condition = self.maybe(60)
        first = Loose(node.id, self.condition()) if by_condition else Loose(node.id)
        ends = self.work(scope, [first], depth + 1) + self.work(scope, [Loose(node.id, "", by_condition)], depth + 1)
        return ends + others

    # -- gateways

    def choice(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """An exclusive choice, merged by a gateway or by whatever comes next."""
        gateway = self.node(scope, "xor")
        self.lead(scope, ends, gateway)
        found = []
        for end in self.conditional(gateway, self.chance.randrange(1, 3)):
            found += self.branch(scope, [end], depth)
        return self.one(scope, found) if self.maybe(60) else found

    def inclusive(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """An inclusive choice and the join of whatever it set going."""
        gateway = self.node(scope, "or")
        self.lead(scope, ends, gateway)
        found = []
        for end in self.conditional(gateway, self.chance.randrange(1, 4)):
            found += self.branch(scope, [end], depth)
        return self.then(scope, found, "or") if len(found) > 1 else found

    def parallel(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """Branches side by side, joined by a parallel gateway or, as it waits for fewer, an inclusive one."""
        gateway = self.node(scope, "and")
        self.lead(scope, ends, gateway)
        found = []
        for _ in range(self.chance.randrange(2, 4)):
            found += self.one(scope, self.sequence(scope, [Loose(gateway.id)], depth + 1, 2))
        if len(found) < 2:
            return found
        return self.then(scope, found, "or" if self.maybe(25) else "and")

    def race(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """Events of which the first decides."""
        gateway = self.node(scope, "event")
        self.lead(scope, ends, gateway)
        found = []
        by_task = self.maybe(20)
        for _ in range(self.chance.randrange(2, 4)):
            kind, keys = ("receive", self.work_keys("receive")) if by_task else ("catch", self.waited_for(("any",)))
            end = self.then(scope, [Loose(gateway.id)], kind, keys)
            found += self.sequence(scope, end, depth + 1, 1) if self.maybe(60) else end
        return self.one(scope, found)

    def loop(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """A body that is gone through again while a condition holds; something in it waits."""
        begin = self.node(scope, "xor")
        self.lead(scope, ends, begin)
        inner = self.then(scope, [Loose(begin.id)], "user")
        inner = self.sequence(scope, inner, depth + 1, 2) if self.maybe(60) else inner
        again = self.node(scope, "xor")
        if not inner:  # every path in it ends: another user task leads on
            scope.out_of(begin.id)[0].condition = self.condition()
            inner = self.then(scope, [Loose(begin.id, "", True)], "user")
        self.lead(scope, inner, again)
        self.lead(scope, [Loose(again.id, self.condition())], begin)
        return [Loose(again.id, "", True)]

    def link(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """A jump to another place of the same level."""
        name = self.name("link")
        self.then(scope, ends, "throw", {"link": name})
        return [Loose(self.node(scope, "catch", {"link": name}).id)]

    def conditional(self, gateway: Node, count: int) -> list[Loose]:
        """Give so many conditional ways out of a gateway, and as a rule the default way."""
        ways = [Loose(gateway.id, self.condition()) for _ in range(count)]
        default = len(ways) < 2 or self.maybe(90)
        return ways + ([Loose(gateway.id, "", True)] if default else [])

    def branch(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """A way behind a gateway: blocks, nothing at all, or an end."""
        kind = self.chance.randrange(10)
        if kind < 2:
            return ends
        if kind < 4:
            self.finish(scope, ends)
            return []
        return self.sequence(scope, ends, depth + 1, 2)

    def one(self, scope: Scope, ends: list[Loose]) -> list[Loose]:
        """Merge several loose ends."""
        return self.then(scope, ends, "xor") if len(ends) > 1 else ends

    # -- events

    def passing(self, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
        """An intermediate event: waited for or thrown."""
        if self.maybe(45):
            return self.then(scope, ends, "catch", self.waited_for())
        keys: dict[str, str] = self.chance.choice(
            (
                {},
                {"escalation": self.chance.choice(ESCALATIONS)},
                {"signal": self.chance.choice(SIGNALS)},
                {"message": self.chance.choice(("ma", "mb")), "key": "=k"},
                self.undoing(scope),
                self.undoing(scope),
                thrown(self.chance, self.undoing(scope), ends=False),
            )
        )
        return self.then(scope, ends, "throw", keys)

    def undoing(self, scope: Scope) -> dict[str, str]:
        """Give the keys of a thrower of compensation."""
        able = [node.id for node in scope.nodes if "undo" in node.keys]
        return {"compensation": self.chance.choice(able) if able and self.maybe(40) else ""}

    def finish(self, scope: Scope, ends: list[Loose]) -> None:
        """End a path, quietly or not."""
        kind = self.chance.randrange(13)
        keys: dict[str, str] = {}
        if kind == 0:
            keys = {"terminate": ""}
        elif kind < 3:
            keys = {"error": self.chance.choice(ERRORS)}
        elif kind < 5:
            keys = {"escalation": self.chance.choice(ESCALATIONS)}
        elif kind == 5:
            keys = self.undoing(scope)
        elif kind == 6:
            keys = {"signal": self.chance.choice(SIGNALS)}
        elif kind == 7:
            keys = thrown(self.chance, self.undoing(scope), ends=True)
        self.then(scope, ends, "end", keys)

    def event_sub_process(self, scope: Scope, depth: int, trigger: dict[str, str] | None = None) -> None:
        """Draw an event sub-process; one for each code."""
        keys = trigger or self.caught()
        if is_doubled(keys, [start for _, start in scope.event_sub_processes()]):
            keys = {"timer": self.duration()}
        node = self.node(scope, "esub", {}, Scope())
        self.fill(node.inside, depth + 1, keys)
