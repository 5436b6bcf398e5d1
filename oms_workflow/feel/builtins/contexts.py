"""Context functions (DMN 1.5, 10.3.4.11) and those Camunda 8 adds."""

from __future__ import annotations

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.values import Value, kind_of


@builtin("get value(m/context: context, key: text)")
def get_value(budget: Budget, context: dict[str, Value], key: str) -> Value:
    """Give the value of an entry; null when there is none."""
    return context[key] if key in context else budget.null("get value: the context has no such entry")


@builtin("get value(m/context: context, keys: list)")
def get_nested_value(budget: Budget, context: dict[str, Value], keys: list[Value]) -> Value:
    """Give the value at the end of a path of keys (Camunda 8)."""
    found: Value = context
    for key in keys:
        if not isinstance(found, dict) or not isinstance(key, str) or key not in found:
            return budget.null("get value: the context has no such entry")
        found = found[key]
    return found if keys else budget.null("get value: the list of keys is empty")


@builtin("get entries(m/context: context)")
def get_entries(budget: Budget, context: dict[str, Value]) -> Value:
    """Give the entries as a list of `{key, value}`."""
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def make_context(budget: Budget, entries: list[Value]) -> Value:
    """Make a context of a list of `{key, value}`."""
    made: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            return budget.null("context: expected contexts with 'key' and 'value', found {}", kind_of(entry))
        if entry["key"] in made:
            return budget.null("context: a key occurs twice")
        made[entry["key"]] = entry["value"]
    return made


@builtin("put(context: context, key: text, value: any)")  # its name in Camunda 8 before the standard had it
@builtin("context put(context: context, key: text, value: any)")
def context_put(budget: Budget, context: dict[str, Value], key: str, value: Value) -> Value:
    """Give the context with an entry added or replaced."""
    budget.room(len(context) + 1)
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def context_put_nested(budget: Budget, context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """Give the context with an entry added or replaced at the end of a path, which must lead through contexts."""
    if not keys or not all(isinstance(key, str) for key in keys):
        return budget.null("context put: expected a list of one or more texts as keys")
    holders: list[dict[str, Value]] = [context]
    for key in keys[:-1]:
        inner = holders[-1].get(key)
        if not isinstance(inner, dict):
            return budget.null("context put: on the way lies {} where a context is expected", kind_of(inner))
        holders.append(inner)
    made = value
    for holder, key in zip(reversed(holders), reversed(keys), strict=True):
        budget.room(len(holder) + 1)
        made = {**holder, key: made}
    return made


@builtin("put all(contexts: list)")  # its name in Camunda 8 before the standard had it
@builtin("context merge(contexts: list)")
def context_merge(budget: Budget, contexts: list[Value]) -> Value:
    """Give one context of the entries of all; later ones win."""
    merged: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return budget.null("context merge: expected a list of contexts, found {}", kind_of(context))
        budget.spend(len(context))
        merged.update(context)
    budget.room(len(merged))
    return merged
