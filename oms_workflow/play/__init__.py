"""One walk through diagrams in memory: `play(diagrams, walk)`; what the outside tests rely on is named here."""

from oms_workflow.errors import DiagramRefused
from oms_workflow.play.playing import play
from oms_workflow.play.result import PlayResult
from oms_workflow.play.stage import WalkRefused

__all__ = ["DiagramRefused", "PlayResult", "WalkRefused", "play"]
