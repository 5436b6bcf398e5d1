"""Makes the sources of a mapping: resolves columns, compiles expressions, checks what can be checked without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from oms_workflow.connect.importing.findings import Findings, KeyPath, did_you_mean
from oms_workflow.connect.importing.mapping.joins import reachable, split_reference
from oms_workflow.connect.importing.mapping.model import Column, LookUp, Skip, Source, base_of, number_format
from oms_workflow.connect.importing.mapping.shape import FieldShape, MappingShape, SectionShape
from oms_workflow.connect.importing.mapping.targets import FACT, STEP, TARGETS, Kind, Target
from oms_workflow.connect.importing.values.cleaning import fold
from oms_workflow.connect.importing.values.numbers import NumberFormat
from oms_workflow.connect.importing.values.times import check_format
from oms_workflow.feel import Expression, FeelSyntaxError, compile_expression

UNKNOWN_FIELD, BAD_REFERENCE, BAD_FEEL = "mapping-unknown-field", "mapping-reference", "mapping-feel"
BAD_SETTING = "mapping-setting"

NUMBERS = frozenset({Kind.AMOUNT, Kind.SIGNED_AMOUNT, Kind.COUNT})


class Compiler:
    """Compiles one mapping; what is wrong goes into the findings."""

    def __init__(self, shape: MappingShape, main: str, look_ups: Sequence[LookUp], findings: Findings) -> None:
        self._shape = shape
        self._main = main
        self._look_ups = look_ups
        self._findings = findings

    def sections(self) -> dict[str, dict[str, Source]]:
        """Give the sources of all sections by field."""
        shape = self._shape
        sections: dict[str, SectionShape | None] = {
            "order": shape.order,
            "contact": shape.contact,
            "lines": shape.lines,
            "payments": shape.payments,
            "refunds": shape.refunds,
            "history": shape.history,
            "stock": shape.stock,
        }
        return {name: self._section(name, one) for name, one in sections.items() if one is not None}

    def history(self) -> tuple[dict[str, Source], dict[str, Source]]:
        """Give the steps and the facts of the history."""
        shape = self._shape.history
        steps = {name: self._source(STEP, ("history", "times", name), one) for name, one in shape.times.items()}
        facts = {name: self._source(FACT, ("history", "facts", name), one) for name, one in shape.facts.items()}
        return steps, facts

    def conditions(self) -> dict[str, Expression]:
        """Give the conditions under which a row is a payment or a refund."""
        found = {}
        for name, section in (("payments", self._shape.payments), ("refunds", self._shape.refunds)):
            if section is not None and section.when is not None:
                compiled = self._expression(section.when, (name, "when"))
                if compiled is not None:
                    found[name] = compiled
        return found

    def skips(self) -> tuple[Skip, ...]:
        """Give the rules that leave orders out."""
        compiled = [
            (self._expression(one.when, ("skip", number, "when")), one.reason)
            for number, one in enumerate(self._shape.skip)
        ]
        return tuple(Skip(when=when, reason=reason) for when, reason in compiled if when is not None)

    def _section(self, name: str, section: SectionShape) -> dict[str, Source]:
        found = {}
        for field, one in section.fields.items():
            target = TARGETS[name].get(field)
            if target is None:
                fix = did_you_mean(field, TARGETS[name])
                self._findings.add((name, field), UNKNOWN_FIELD, f"There is no field {field!r} in [{name}].", fix)
                continue
            found[field] = self._source(target, (name, field), one)
        return found

    def _source(self, target: Target, path: KeyPath, one: FieldShape) -> Source:
        base = self._base(target.section)
        columns = one.columns if one.columns is not None else (one.column,) if one.column is not None else ()
        self._check_settings(target, path, one)
        return Source(
            target=target,
            path=path,
            base=base,
            columns=tuple(self._column(text, base, path) for text in columns),
            joined_by=one.joined_by,
            constant=_constant(one.value),
            expression=self._expression(one.feel, path) if one.feel is not None else None,
            default=one.default or "",
            clean=one.clean,
            table=self._table(one, path),
            table_name=one.table or "",
            other=one.other,
            times=one.times,
            midnight=one.midnight,
            numbers=self._numbers(one, base, columns),
            empty=frozenset(one.empty) | frozenset(self._shape.empty),
            width=one.width,
            expected=one.expected,
            valid=self._expression(one.valid, path) if one.valid is not None else None,
        )

    def _base(self, section: str) -> str:
        base = base_of(self._shape, section, self._main)
        return base if base in self._shape.files else self._main

    def _column(self, text: str, base: str, path: KeyPath) -> Column:
        files = self._shape.files
        alias, name = split_reference(text, files, base)
        if alias not in reachable(base, files, self._look_ups):
            message = f"A row of {base!r} knows no single row of {alias!r}, so it has no {text!r}."
            fix = f"Sum up in an expression, such as sum({text}), or say `looked_up_by` in [files.{alias}]."
            self._findings.add(path, BAD_REFERENCE, message, fix)
        return Column(alias, name)

    def _expression(self, text: str, path: KeyPath) -> Expression | None:
        try:
            return compile_expression(text)
        except FeelSyntaxError as problem:
            message = f"This is no FEEL: {problem.message} (column {problem.column} of the expression)."
            self._findings.add(path, BAD_FEEL, message, "See docs/feel.md.")
            return None

    def _table(self, one: FieldShape, path: KeyPath) -> Mapping[str, str] | None:
        if one.table is None:
            return None
        table = self._shape.tables.get(one.table)
        if table is None:
            fix = did_you_mean(one.table, self._shape.tables)
            self._findings.add(path, BAD_REFERENCE, f"There is no table {one.table!r}.", fix)
            return None
        folded: dict[str, str] = {}
        for word, meaning in table.items():
            if folded.setdefault(fold(word), meaning) != meaning:
                message = f"{word!r} stands twice but for case and accents, with two meanings."
                self._findings.add(("tables", one.table, word), BAD_SETTING, message, "Keep one of them.")
        return folded

    def _numbers(self, one: FieldShape, base: str, columns: Sequence[str]) -> NumberFormat:
        alias = split_reference(columns[0], self._shape.files, base)[0] if columns else base
        general = number_format(self._shape, alias)
        thousands = general.thousands if one.thousands is None else one.thousands
        return NumberFormat(one.decimal or general.decimal, thousands, general.symbols)

    def _check_settings(self, target: Target, path: KeyPath, one: FieldShape) -> None:
        """Refuse settings that would have no effect on a field of this kind."""
        is_time, is_number = target.kind is Kind.TIME, target.kind in NUMBERS
        given = one.model_fields_set
        no_effect = {
            "times": not is_time,
            "midnight": not is_time,
            "decimal": not is_number,
            "thousands": not is_number,
            "width": is_time or is_number,
            "joined_by": one.columns is None,
            "other": one.table is None,
        }
        for setting in sorted(given & {name for name, useless in no_effect.items() if useless}):
            message = f"{setting!r} means nothing for {target.path!r}, which takes a {target.kind.value} here."
            self._findings.add((*path, setting), BAD_SETTING, message, "Leave it away.")
        for number, wanted in enumerate(one.times):
            wrong = check_format(wanted)
            if wrong:
                self._findings.add((*path, "times", number), BAD_SETTING, f"No format of times: {wrong}.")
        if one.decimal is not None and one.decimal == one.thousands:
            self._findings.add(path, BAD_SETTING, "The sign before decimals and the one between thousands are equal.")


def _constant(value: str | int | float | bool | None) -> str | Decimal | bool | None:
    """Give a constant as expressions give values: numbers as Decimal, whatever the file's own way to write them."""
    return Decimal(str(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
