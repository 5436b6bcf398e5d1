"""Activities: mappings, boundary events, work, results, loops (BPMN 2.0.2, 13.3; variables as in Camunda 8)."""

from __future__ import annotations

import re
from typing import Any

from tests.reference.drawn import ACTIVITIES, Node
from tests.reference.interpreter import values
from tests.reference.interpreter.ad_hoc import begins
from tests.reference.interpreter.places import Done, Place, Turns

INPUT, OUTPUT = "in.", "out."
_VARIABLE = re.compile(r"=(\w+)(?:\.\w+)*")


class Working:
    """What activities do."""

    def begin_activity(self, place: Place) -> None:
        """Prepare the activity and begin its work, or the first turn of its loop."""
        keys = place.node.keys
        if self.put_back(place):
            return
        if place.role == "plain" and {"each", "times", "while"} & keys.keys():
            self._begin_loop(place)
            return
        for name, text in keys.items():
            if name.startswith(INPUT):
                place.local[name.removeprefix(INPUT)] = values.evaluate(text, place.seen())
        if place.role == "plain":
            self.open_boundary(place)
        self.work(place)

    def work(self, place: Place) -> None:
        """Begin the work itself."""
        node = place.node
        if node.kind in ("user", "manual", "service", "receive", "call"):
            place.state = "open"
        if node.kind == "receive":
            self.wait_for(place, node)
        elif node.kind == "call":
            self.asks.append(("start child", place, dict(place.seen())))
        elif node.kind == "script":
            self.complete(place, {node.keys["result"]: values.evaluate(node.keys["expression"], place.seen())})
        elif node.kind == "send":
            self.publish(place, node.keys)
            self.complete(place, {})
        elif node.kind == "task":
            self.complete(place, {})
        elif node.kind == "adhoc":
            self.open_ad_hoc(place)
        elif node.inside is not None:
            self.open_scope(place)

    def open_scope(self, place: Place) -> None:
        """Begin a process or sub-process: at its start event, or at every node that nothing leads to (13.3.1)."""
        level = place.node.inside
        for _, start in level.event_sub_processes():
            self.wait_for(place, start)
        starts = [node for node in level.nodes if node.kind == "start"]
        for node in starts or [node for node in level.nodes if begins(level, node)]:
            self.queue.append(("node", place, node))
        self.settle(place)

    def complete(self, place: Place, results: dict[str, Any]) -> None:
        """The work is done: hand out its results and go on."""
        self.hand_out(place, results)
        self.go_on(place)

    def go_on(self, place: Place) -> None:
        """Leave an activity whose results are handed out, or that has none."""
        if place.role == "body":
            self._close_loop(place)
        elif place.role == "item":
            self._item_done(place)
        elif place.asker is not None:
            self.completed[place.node.id] += 1
            self.forget(place)
            self.handler_done(place)
        else:
            if self.has_no_way(place):
                return
            flows = self.ways_on(place)
            self.remember(place)
            self.leave(place, flows)

    def hand_out(self, place: Place, results: dict[str, Any]) -> None:
        """Let results travel outwards: mapped where outputs are drawn, else as they are, beginning in the activity."""
        keys = place.node.keys
        outputs = {name.removeprefix(OUTPUT): text for name, text in keys.items() if name.startswith(OUTPUT)}
        if outputs:
            place.local |= results
            mapped: dict[str, Any] = {}
            for name, text in outputs.items():
                mapped[name] = values.evaluate(text, place.seen() | mapped)
            results = mapped
        at_home = place.role == "item" or (place.node.kind in ACTIVITIES and not outputs)
        self.travel(place if at_home else place.around, results)

    def travel(self, scope: Place, results: dict[str, Any]) -> None:
        """Set each result in the nearest scope that has the name, else in the process."""
        for name, value in results.items():
            holder = next((one for one in scope.above() if name in one.local), self.root)
            holder.local[name] = value

    def remember(self, place: Place) -> None:
        """Note a completed activity that can be undone (13.5.5): by its handler, else by what completed inside it."""
        scope = place.around
        if scope.role == "body" and place.node.kind != "tx":  # a transaction that loops completes as a whole
            scope = scope.around
        handled = "undo" in place.node.keys
        if handled or place.log or _undo_start(place.node):
            inner = None if handled else list(place.log)
            scope.log.append(Done(place.node, place.level, dict(place.local), inner))

    # -- loops (10.3.8)

    def _begin_loop(self, body: Place) -> None:
        keys = body.node.keys
        body.role = "body"
        if "while" in keys:
            body.turns = Turns(None, -1)
        else:
            items = values.evaluate(keys["each"], body.seen()) if "each" in keys else None
            count = len(items) if items is not None else values.evaluate(keys["times"], body.seen())
            if not isinstance(count, int) or count > 12:
                raise values.Unsure(f"a loop of {count!r} turns")
            body.turns = Turns(items, count)
            body.local |= {"numberOfInstances": count, "numberOfCompletedInstances": 0}
        self.open_boundary(body)
        self._turn(body, None)

    def _turn(self, body: Place, _: Any) -> None:
        """Start what comes next; close the loop when nothing does."""
        keys, turns = body.node.keys, body.turns
        if "while" in keys:
            if self._another(body):
                self._start_item(body)
            else:
                self._close_loop(body)
        elif turns.done == turns.count:
            self._close_loop(body)
        elif "sequential" in keys:
            self._start_item(body)
        else:
            while body.alive and turns.started < turns.count:
                self._start_item(body)

    def _another(self, body: Place) -> bool:
        keys, done = body.node.keys, body.turns.done
        if "most" in keys and done >= int(keys["most"]):
            return False
        if done == 0 and "before" not in keys:
            return True
        return values.holds(keys["while"], body.seen() | {"loopCounter": done})

    def _start_item(self, body: Place) -> None:
        item = self.place(body.node, body, "item")
        item.level, item.index = body.level, body.turns.started
        body.turns.started += 1
        item.local["loopCounter"] = body.turns.started
        if body.turns.items is not None:
            item.local[body.node.keys.get("item", "item")] = body.turns.items[item.index]
        gathered = body.node.keys.get("element", "") if "gather" in body.node.keys else ""
        named = _VARIABLE.fullmatch(gathered)
        if named is not None:  # each item has the variable that its output is read from to itself
            item.local.setdefault(named[1], None)
        self.begin_activity(item)

    def _item_done(self, item: Place) -> None:
        body, keys = item.around, item.node.keys
        turns, ended = body.turns, False
        turns.done += 1
        if "while" not in keys:
            counted = {"numberOfCompletedInstances": turns.done}
            if "gather" in keys:
                turns.gathered[item.index] = values.evaluate(keys["element"], item.seen())
            ended = "until" in keys and values.holds(keys["until"], item.seen() | counted)
            body.local |= counted
        self.remember(item)
        self.completed[item.node.id] += 1
        self.forget(item)
        if ended:
            self.sweep(body)
            self._close_loop(body)
        elif turns.done == turns.count or turns.done == turns.started:
            self.queue.append(("turn", body, None))

    def _close_loop(self, body: Place) -> None:
        keys = body.node.keys
        if "gather" in keys:
            gathered = [body.turns.gathered.get(index) for index in range(body.turns.count)]
            self.travel(body.around, {keys["gather"]: gathered})
        if self.has_no_way(body):
            return
        flows = self.ways_on(body)
        body.around.log += body.log
        self.leave(body, flows, " (loop)")


def _undo_start(node: Node) -> bool:
    return node.inside is not None and any(
        "compensation" in start.keys for _, start in node.inside.event_sub_processes()
    )
