"""`oms demo`: the stories of examples/orders in a shop of their own, days of them in a minute."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oms_workflow.cli.asking import now, opened
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json, err, leave

if TYPE_CHECKING:
    from oms_workflow.cli.demo.telling import Told

MARK = "demo.txt"
"""Says that a folder was made by the demo, and may be emptied by it."""

INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help=say("demo.help"))(demo)


def demo(
    stories: Annotated[list[str] | None, typer.Argument(metavar="[STORY...]", help=say("demo.stories"))] = None,
    home: Annotated[Path, typer.Option(help=say("demo.home"))] = Path("var/demo"),
    json: AsJson = False,
) -> None:
    """Tell the stories; the exit code is 1 when an order did not reach its end or the books do not agree."""
    _empty(home)
    told = asyncio.run(_told(home, stories or [], json=json))
    if told is None:
        err.print(say("run.interrupted"))
        leave(INTERRUPTED)
        return
    from oms_workflow.cli.demo import summary

    if json:
        as_json(summary.to_json(told))
    else:
        summary.show(told, home)
    leave(DONE if told.is_well else NO)


async def _told(home: Path, names: list[str], *, json: bool) -> Told | None:
    from oms_workflow.cli.demo.display import display
    from oms_workflow.cli.demo.telling import tell_stories
    from oms_workflow.cli.interrupting import until_asked_to_end
    from oms_workflow.cli.opening import open_house
    from oms_workflow.connect.stories.reading import WORLD, shipped_folder
    from oms_workflow.settings import Settings

    folder = shipped_folder()
    if not (folder / WORLD).is_file():
        raise Unusable(say("demo.no_stories", folder=folder), code="no-stories")
    shop = Settings(home=home, temporal="", world_script=folder / WORLD)

    async def work() -> Told:
        err.print(say("demo.opening", home=home), markup=False)
        async with opened(open_house(shop, work=True, timelapse=True)) as house:
            with display(shown=not json) as screen:
                return await tell_stories(house, folder, names, at=now(), screen=screen)

    return await until_asked_to_end(work())


def _empty(home: Path) -> None:
    """Begin with an empty folder; one that the demo did not make is left alone.

    Raises:
        Unusable: When the folder holds something else, or another demo runs in it.
    """
    from oms_workflow.cli.own_server import is_open

    if home.exists() and any(home.iterdir()):
        if not (home / MARK).is_file():
            raise Unusable(say("demo.not_ours", home=home), code="demo-folder")
        if is_open(home):
            raise Unusable(say("demo.is_open", home=home), code="demo-folder")
        for path in home.iterdir():
            if path.is_file():
                path.unlink()
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).write_text(say("demo.mark") + "\n", encoding="utf-8")
