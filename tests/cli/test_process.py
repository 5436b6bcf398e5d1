"""Deploying and looking at processes, upgrading the database, and the doctor's findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.drawing import bpmn

from .conftest import Oms

GOOD = """
process send
  start S
  user Pack name="Pack the goods 打包" owner=warehouse sla=PT1H
  end E
  S -> Pack -> E
"""
BAD = GOOD.replace("sla=PT1H", "sla=soon")
CALLS = GOOD.replace("user Pack", "call Pack process=elsewhere").replace('name="Pack the goods 打包" ', "")


def drawn(folder: Path, text_: str, name: str = "send.bpmn") -> Path:
    path = folder / name
    path.write_bytes(bpmn(text_))
    return path


async def test_what_changed_is_a_new_version_and_the_rest_stays(oms: Oms, tmp_path: Path) -> None:
    path = drawn(tmp_path, GOOD)
    first = await oms.document("process deploy", path)
    again = await oms.document("process deploy", path)
    drawn(tmp_path, GOOD.replace("PT1H", "PT2H"))
    changed = await oms.document("process deploy", path, "--by", "mei")

    told = [(one["processes"][0]["version"], one["processes"][0]["is_new"]) for one in (first, again, changed)]
    assert told == [(1, True), (1, False), (2, True)]
    (listed,) = (await oms.document("process list"))["processes"]
    assert (listed["version"], listed["deployed_by"]) == (2, "mei")


async def test_a_version_is_shown_with_its_nodes(oms: Oms, tmp_path: Path) -> None:
    await oms.document("process deploy", drawn(tmp_path, GOOD))

    told = await oms.document("process show", "send")

    node = next(one for one in told["nodes"] if one["element"] == "Pack")
    assert (node["owner"], node["sla"], node["kind"]) == ("warehouse", "PT1H", "userTask")
    assert told["versions"] == [1]
    assert "Pack the goods" in (await oms.inside("process", "show", "send")).out


async def test_a_diagram_comes_back_byte_for_byte(oms: Oms, tmp_path: Path) -> None:
    path = drawn(tmp_path, GOOD)
    await oms.document("process deploy", path)
    said = await oms.inside("process", "show", "send", "--xml")
    assert said.out.encode() == path.read_bytes()


@pytest.mark.parametrize(("text_", "code"), [(BAD, "bad-sla"), (CALLS, "reference-to-nothing")])
async def test_a_diagram_with_errors_is_not_deployed(oms: Oms, tmp_path: Path, text_: str, code: str) -> None:
    said = await oms.inside("process", "deploy", drawn(tmp_path, text_), "--json")

    assert said.code == 1
    assert any(one["code"].startswith(code) or code in one["message"] for one in said.json["findings"])
    assert (await oms.document("process list"))["processes"] == []


async def test_an_unreadable_file_is_exit_2_as_with_lint(oms: Oms, tmp_path: Path) -> None:
    assert (await oms.inside("process", "deploy", tmp_path / "none.bpmn")).code == 2


async def test_a_misspelt_process_or_version_is_corrected(oms: Oms, tmp_path: Path) -> None:
    await oms.document("process deploy", drawn(tmp_path, GOOD))
    name = await oms.inside("process", "show", "sned")
    number = await oms.inside("process", "show", "send", "--version", 7)
    assert (name.code, number.code) == (1, 1)
    assert "Did you mean: send" in name.err
    assert "the last one is 1" in number.err


async def test_a_shared_database_has_to_be_upgraded_by_command(
    oms: Oms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMS_DATABASE", f"sqlite:///{tmp_path / 'shared.db'}")

    before = await oms.inside("orders", "list")
    doctor = await oms.inside("doctor", "--json")
    done = await oms.document("db upgrade")
    again = await oms.document("db upgrade")

    assert before.code == 3
    assert "oms db upgrade" in before.err
    schema = next(one for one in doctor.json["findings"] if one["check"] == "database-schema")
    assert (schema["state"], schema["fix"]) == ("fail", "oms db upgrade")
    assert done["applied"]
    assert again["applied"] == []
    assert (await oms.inside("orders", "list")).code == 0


async def test_a_database_of_a_newer_version_is_told(oms: Oms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMS_DATABASE", f"sqlite:///{tmp_path / 'shared.db'}")
    await oms.document("db upgrade")
    engine = create_engine(f"sqlite:///{tmp_path / 'shared.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    engine.dispose()

    assert (await oms.inside("orders", "list")).code == 3
    assert (await oms.inside("db", "upgrade")).code == 3
    assert (await oms.inside("doctor")).code == 1


async def test_an_empty_house_is_sound_and_nothing_is_made_by_looking(oms: Oms, tmp_path: Path) -> None:
    told = await oms.document("doctor")
    assert told["sound"]
    assert not (tmp_path / "house").exists()


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("OMS_PAYLOAD_KEYS", "k1:short", "payload-keys"),
        ("OMS_VAULT_KEY", "short", "vault-key"),
        ("OMS_ACTIVITIES", "no_such_package", "activities"),
        ("OMS_WORKERS", "no_such_package", "workers"),
        ("OMS_PROCESSES", "/no/such/folder", "processes"),
        ("OMS_DATABASE", "oracle://x", "database"),
        ("OMS_TEMPORAL", "127.0.0.1:1", "temporal"),
        ("OMS_TIMELAPSE", "perhaps", "settings"),
    ],
)
async def test_what_is_misconfigured_is_a_failure_with_its_reason(
    oms: Oms, monkeypatch: pytest.MonkeyPatch, name: str, value: str, check: str
) -> None:
    monkeypatch.setenv(name, value)
    said = await oms.inside("doctor", "--json")
    found = {one["check"]: one for one in said.json["findings"]}
    assert said.code == 1
    assert found[check]["state"] == "fail"
    assert found[check]["says"]


async def test_deadlines_of_an_unknown_process_are_corrected(oms: Oms, tmp_path: Path) -> None:
    await oms.document("process deploy", drawn(tmp_path, GOOD))
    assert (await oms.document("sla list", "--process", "send"))["deadlines"] == []
    assert "Did you mean: send" in (await oms.inside("sla", "list", "--process", "sent")).err


async def test_deploying_takes_the_calendars_over_that_dates_are_promised_by(oms: Oms, tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    hours = 'id = "pier"\nname = "Pier"\ntime_zone = "Asia/Shanghai"\n\n[hours]\nworkdays = ["06:00-14:00"]\n'
    (tmp_path / "calendars" / "pier.toml").write_text(hours)
    drawn(tmp_path, GOOD)

    await oms.document("process deploy", tmp_path)

    with create_engine(f"sqlite:///{tmp_path / 'house' / 'oms.db'}").connect() as connection:
        taken = connection.execute(text("SELECT id FROM business_calendars ORDER BY id")).scalars().all()
    assert taken == ["24x7", "pier"]
