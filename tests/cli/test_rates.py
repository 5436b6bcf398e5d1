"""Price lists on the command line: imported with bad rows aside, listed, quoted, dropped."""

from __future__ import annotations

from pathlib import Path

from tests.store.shop import Shop

from .conftest import Oms
from .test_cartons import rows_of, written

HEAD = (
    "carrier,service,warehouse,country,region,valid_from,up_to_grams,first_grams,first_cost,further_grams,"
    "further_cost,divisor,remote_cost,remote_cities,on_delivery_percent\n"
)
GOOD = """sf,standard,HZ,CN,广东；浙江省,2026-01-01,,1000,12,500,2.50,6000,5,深圳市,1.5
zto,standard,,CN,,2026-01-01,3000,1000,4.00,1000,1.00,,,,
zto,standard,,CN,,2026-01-01,,3000,9.00,1000,1.20,,,,
"""
BAD = """zto,standard,XX,CN,,2026-01-01,,1000,4,1000,1,,,,
zto,economy,,CN,,01/02/2026,,0,four,1000,,x,,,1.234
zto,express,,CN,,2026-01-01,,1000,4,,,,,,
yto,standard,,CN,,2026-01-01,,1000,4,1000,1,,,,
yto,standard,,CN,,2026-01-01,,1000,5,1000,1,,,,
sf,standard,HZ,CN,广东省,2026-01-01,,1000,13,500,2.50,,,,,too many
"""


async def imported(oms: Oms, tmp_path: Path, content: str = GOOD) -> None:
    said = await oms.inside("rates", "import", written(tmp_path / "rates.csv", HEAD + content))
    assert said.code == 0, said.out + said.err


async def test_a_price_list_is_imported_quoted_and_dropped(oms: Oms, shop: Shop, tmp_path: Path) -> None:
    done = await oms.document("rates import", written(tmp_path / "rates.csv", HEAD + GOOD))
    assert (done["rows"], done["rates"], done["kept_aside"]) == (3, 4, [])

    told = await oms.document(
        "rates quote", "HZ", "--to", "CN/广东/深圳市", "--grams", 900, "--size", "400x300x200", "--collect", "99.90",
        "--day", "2026-11-11",
    )  # fmt: skip

    assert [(one["carrier"], one["cost"]) for one in told["prices"]] == [("zto", "4.00 CNY"), ("sf", "33.50 CNY")]
    assert [one["charge"] for one in told["prices"][1]["charges"]] == [
        "first_weight", "further_weight", "remote", "on_delivery",
    ]  # fmt: skip
    listed = await oms.document("rates list", "--carrier", "sf")
    assert [one["region"] for one in listed["rates"]] == ["广东省", "浙江省"]
    assert (await oms.document("rates drop", "zto", "standard"))["rows"] == 2
    assert (await oms.inside("rates", "drop", "zto", "standard")).code == 1


async def test_bad_rows_are_kept_aside_with_every_reason(oms: Oms, shop: Shop, tmp_path: Path) -> None:
    """The good ones of the same file are in; two that say different things about one lane are both aside."""
    said = await oms.inside("rates", "import", written(tmp_path / "rates.csv", HEAD + GOOD + BAD), "--json")

    assert (said.code, said.json["rows"], said.json["rates"]) == (1, 3, 4)
    aside = rows_of(Path(said.json["quarantine"]))
    reasons = [row["reasons"] for row in aside]
    assert "no such warehouse" in reasons[0]
    assert all(column in reasons[1] for column in ("valid_from:", "first_grams:", "first_cost:", "divisor:"))
    assert "on_delivery_percent:" in reasons[1]
    assert "ends at its first weight" in reasons[2]
    assert "rows 8, 9" in reasons[3]
    assert "rows 8, 9" in reasons[4]
    assert "expected 15 cells" in reasons[5]
    assert {one["carrier"] for one in (await oms.document("rates list"))["rates"]} == {"sf", "zto"}


async def test_a_dry_run_stores_nothing(oms: Oms, shop: Shop, tmp_path: Path) -> None:
    done = await oms.document("rates import", written(tmp_path / "rates.csv", HEAD + GOOD), "--dry-run")
    assert done["rates"] == 4
    assert (await oms.document("rates list"))["rates"] == []


async def test_a_lane_without_prices_is_said_plainly(oms: Oms, shop: Shop, tmp_path: Path) -> None:
    await imported(oms, tmp_path)
    abroad = await oms.inside("rates", "quote", "HZ", "--to", "SG", "--grams", 900)
    assert (abroad.code, "No price list" in abroad.out) == (1, True)
    assert (await oms.inside("rates", "quote", "HZ", "--to", "China", "--grams", 900)).code == 2
    assert (await oms.inside("rates", "quote", "HZ", "--to", "CN", "--grams", 900, "--day", "soon")).code == 2


async def test_what_was_kept_aside_can_be_mended_and_read_again(oms: Oms, shop: Shop, tmp_path: Path) -> None:
    said = await oms.inside("rates", "import", written(tmp_path / "rates.csv", HEAD + BAD.splitlines()[0]), "--json")
    mended = rows_of(Path(said.json["quarantine"]))[0] | {"warehouse": "HZ"}
    again = ",".join(mended) + "\n" + ",".join(mended.values()) + "\n"
    assert (await oms.document("rates import", written(tmp_path / "again.csv", again)))["rates"] == 1
