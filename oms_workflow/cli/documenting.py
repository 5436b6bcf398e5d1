"""The page about the command line, made from the commands themselves, so that it cannot say what they do not do."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from oms_workflow.cli.groups import COMMANDS, made
from oms_workflow.cli.shapes import ERROR, SHAPES

INTRODUCTION = """# The command line

Made from the code by `make docs`.

Every command takes `--json` and then prints one JSON document and nothing else on standard output. Moments are ISO 8601
with their offset, in UTC; amounts are text with their currency, such as `12.50 CNY`. Without `--json` moments are in
the time zone of the terminal, and texts in the language of `OMS_LANGUAGE`, of `oms.toml`, or of the locale (English
or 中文).

Settings are environment variables `OMS_...`, or lines of `oms.toml` in the folder where a command is run. Without any,
everything is embedded and kept in the folder `var`. `oms doctor` says what is missing.

Orders are named by their id (`<channel>:<number>`) or by any number that belongs to them: a sub-order, a fulfilment
order, a parcel's tracking number, a return, a payment. Tasks and incidents are named `INSTANCE#NUMBER`, as the lists
show them, or by their order when it has only one.

What identifies a buyer is never printed: of a contact only the ends are shown (`oms orders show`), of remarks only
that there are some. Values given with `--set` or `--data` go into processes and their histories, so they must not be
personal data.

## Exit codes

| code | means |
|---|---|
| 0 | done; for questions: yes, all is well |
| 1 | the answer is no: an order that is not there or is over, a diagram with errors, a broken invariant |
| 2 | the command or its input cannot be used: an unknown option, a wrong value, a bad file, a bad setting |
| 3 | a system does not answer: the database, Temporal, or its workers |
| 70 | a defect of the program; what happened is in a file that the message names |
| 130, 141 | interrupted by Ctrl-C; whoever read the output went away |

With `--json` a command that could not do what was asked prints

```json
{error}
```

`error` is a stable word, and there may be more fields: `findings` of diagrams, `fields` of a form that refused.
"""

EXAMPLES: dict[str, str] = {
    "demo": "oms demo parcel-lost exchange",
    "up": "oms up --time-lapse",
    "run": "oms run ../shop/orders.csv --mapping mapping.toml --json",
    "worker": "oms worker --queue oms-outside",
    "lint": "oms lint processes",
    "play": "oms play processes/refund.bpmn --walk walk.json",
    "palette": "oms palette allocation",
    "orders list": "oms orders list --status on_hold --hold audit",
    "orders show": "oms orders show taobao:2201",
    "orders history": "oms orders history SF1234567890 --all",
    "orders import": "oms orders import orders.csv --mapping mapping.toml",
    "orders cancel": "oms orders cancel taobao:2201 --reason out_of_stock --scope rest",
    "blocklist add": "oms blocklist add --order taobao:2201 --reason 'paid with a stolen card' --days 365",
    "blocklist list": "oms blocklist list",
    "blocklist lift": "oms blocklist lift phone-1f6a09c2",
    "holds list": "oms holds list --role finance",
    "holds show": "oms holds show taobao:2201.H1",
    "holds place": "oms holds place taobao:2201 --reason 'the buyer calls back' --blocks release,ship --within PT4H",
    "holds resolve": "oms holds resolve taobao:2201.H1 --role operations",
    "holds reject": "oms holds reject taobao:2201.H1 --role risk",
    "tasks list": "oms tasks list --role customer-service",
    "tasks complete": "oms tasks complete taobao:2201 --set decision=approve",
    "incidents list": "oms incidents list --process fulfilment",
    "incidents retry": "oms incidents retry 'order:taobao:2201#14' --reason 'the carrier is back'",
    "incidents resolve": "oms incidents resolve taobao:2201 --as move --to Allocate --reason 'goods were found'",
    "instances suspend": "oms instances suspend taobao:2201 --reason 'the buyer disputes the payment'",
    "instances resume": "oms instances resume taobao:2201 --reason 'settled'",
    "instances skip": "oms instances skip taobao:2201 Confirm --reason 'confirmed by phone'",
    "instances repeat": "oms instances repeat fulfilment:F7 Pack --reason 'packed the wrong pieces'",
    "instances cancel": "oms instances cancel taobao:2201 TellBuyer --reason 'told by phone'",
    "instances move": "oms instances move taobao:2201 Wait --to Allocate --reason 'goods were found'",
    "instances activate": "oms instances activate taobao:2201 CallBuyer --reason 'the address is unclear'",
    "instances set": "oms instances set taobao:2201 --set priority=1 --reason 'the buyer waits'",
    "instances migrate": "oms instances migrate --plan plan.json --check",
    "sla list": "oms sla list --at-risk",
    "messages publish": "oms messages publish stock.arrived --key taobao:2201 --set order_id=taobao:2201 --id truck-7",
    "stock show": "oms stock show TEA --warehouse HZ",
    "stock check": "oms stock check --json",
    "stock bundle": "oms stock bundle TEA-SET TEA=2:30 CUP=1:40 --title 'Tea for one'",
    "stock bundles": "oms stock bundles",
    "stock outlook": "oms stock outlook TEA",
    "stock safety": "oms stock safety TEA HZ 5 --reason 'counts are off by a few'",
    "stock sort-out": "oms stock sort-out TEA HZ 2 --as damage --reason 'wet boxes'",
    "stock expect": "oms stock expect TEA HZ 200 --at 2026-12-01 --reference PO-1001",
    "stock expected": "oms stock expected TEA",
    "stock postpone": "oms stock postpone HZ.E1 --at 2026-12-05",
    "stock give-up": "oms stock give-up HZ.E1 --reason 'the supplier cancelled'",
    "stock receive": "oms stock receive HZ.E1 120 --damaged 2",
    "stock rebalance": "oms stock rebalance --dry-run",
    "cartons add": "oms cartons add HZ M 300x200x150 --holds 8000 --own 180 --cost 1.40",
    "cartons list": "oms cartons list --warehouse HZ",
    "cartons drop": "oms cartons drop HZ M",
    "cartons measure": "oms cartons measure TEA 120x80x60 --grams 250",
    "cartons import": "oms cartons import sizes.csv",
    "cartons measured": "oms cartons measured",
    "cartons forget": "oms cartons forget TEA",
    "cartons plan": "oms cartons plan HZ TEA=12 POT=1",
    "rates import": "oms rates import sf-2026.csv",
    "rates list": "oms rates list --carrier sf --region 浙江省",
    "rates drop": "oms rates drop sf standard --from 2026-01-01",
    "rates quote": "oms rates quote HZ --to CN/广东省/深圳市 --grams 2500 --size 308x208x158",
    "promise show": "oms promise show --sku TEA --pieces 2 --region 西藏",
    "promise history": "oms promise history taobao:2201",
    "promise revise": "oms promise revise",
    "warehouses list": "oms warehouses list",
    "warehouses hours": "oms warehouses hours hz --calendar warehouse-hz --handling 2h",
    "warehouses day": "oms warehouses day hz 2026-12-31 --hours 08:00-12:00 --reason 'stocktaking'",
    "warehouses cut-off": "oms warehouses cut-off hz 16:00 --carrier sf --collected 12:00 --collected 18:00",
    "carriers list": "oms carriers list",
    "carriers calendar": "oms carriers calendar sf express --network 24x7 --delivery cn-workdays --by 21:00",
    "carriers transit": "oms carriers transit sf express 3 --region 新疆 --from hz",
    "waves rule": "oms waves rule HZ --carrier sf --at 11:30 --at 16:30 --most 80",
    "waves rules": "oms waves rules",
    "waves drop": "oms waves drop HZ --carrier sf",
    "waves waiting": "oms waves waiting HZ",
    "waves list": "oms waves list --warehouse HZ",
    "waves show": "oms waves show HZ.W12",
    "waves release": "oms waves release HZ",
    "money reconcile": "oms money reconcile --channel tmall --csv reconciliation.csv",
    "simulate day": "oms simulate day --orders 5000 --seed 11 --policy sourcing_policy.dmn --policy draft.dmn",
    "process deploy": "oms process deploy processes",
    "process list": "oms process list",
    "process show": "oms process show order_to_cash --version 2 --xml",
    "db upgrade": "oms db upgrade",
    "doctor": "oms doctor",
}
"""One example for each command."""


def commands_page() -> str:
    """Give docs/cli.md, in English whatever the terminal speaks."""
    before = os.environ.get("OMS_LANGUAGE")
    os.environ["OMS_LANGUAGE"] = "en"
    try:
        parts = [INTRODUCTION.replace("{error}", json.dumps(ERROR))]
        parts += [_section(path, command) for path, command in commands()]
    finally:
        os.environ.pop("OMS_LANGUAGE")
        if before is not None:
            os.environ["OMS_LANGUAGE"] = before
    return "\n".join(parts)


def commands() -> Iterator[tuple[str, Any]]:
    """Give every command that does something, by the words that call it."""
    for name in COMMANDS:
        yield from _leaves(name, made(name))


def _leaves(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, one in inner.items():
        yield from _leaves(f"{path} {name}", one)


def _section(path: str, command: Any) -> str:
    lines = [f"## oms {path}", "", str(command.help or ""), ""]
    if path in EXAMPLES:
        lines += ["```sh", EXAMPLES[path], "```", ""]
    rows = [row for parameter in command.params if (row := _row(parameter))]
    if rows:
        lines += ["| | | |", "|---|---|---|", *rows, ""]
    if path in SHAPES:
        lines += ["With `--json`:", "", "```json", _compact(SHAPES[path]), "```", ""]
    return "\n".join(lines)


def _placeholder(parameter: Any) -> str:
    """What stands for a value in the table of options."""
    told = parameter.type_descriptor
    return str(parameter.metavar or ("NUMBER" if told.is_ranged else "PATH" if told.is_path else "TEXT"))


def _row(parameter: Any) -> str:
    if parameter.name in ("help", "json"):
        return ""
    is_argument = parameter.param_type_name == "argument"
    names = str(parameter.metavar or parameter.name) if is_argument else ", ".join(parameter.opts)
    if not is_argument and not parameter.is_flag:
        names += f" {_placeholder(parameter)}"
    default = parameter.default
    shown = f"`{default}`" if isinstance(default, str | int) and not isinstance(default, bool) and default else ""
    needed = "needed" if parameter.required else f"default {shown}" if shown else ""
    return f"| `{names}` | {needed} | {str(parameter.help or '').replace('|', chr(92) + '|')} |"


def _compact(shape: Any, indent: str = "") -> str:
    """JSON that keeps objects of plain words on one line when they fit."""
    flat = json.dumps(shape, ensure_ascii=False)
    if len(flat) + len(indent) <= 100 or not isinstance(shape, dict | list):
        return flat
    deeper = indent + "  "
    if isinstance(shape, list):
        return f"[\n{deeper}{_compact(shape[0], deeper)}\n{indent}]"
    inner = ",\n".join(f'{deeper}"{name}": {_compact(value, deeper)}' for name, value in shape.items())
    return f"{{\n{inner}\n{indent}}}"
