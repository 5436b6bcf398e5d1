"""What people do to instances: finish work, answer incidents, mend, end. Updates, so each is answered with the view."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from oms_workflow.engine import ad_hoc, facts, suspension, trial, view
from oms_workflow.temporal import border, names
from oms_workflow.temporal.hearing import Hearing, decoded


class Operated(Hearing):
    """Takes in what people decide about an instance; the board decided who may, before."""

    @workflow.update(name=names.COMPLETE)
    def complete(self, told: border.Complete) -> dict[str, Any]:
        """Finish the work of a token; gives the view after it."""
        self._take_in(told.at)
        at, variables = self._clock.now(), decoded(told.variables)
        if told.error_code:
            self._performer.tell(facts.ErrorThrown(at=at, token=told.token, code=told.error_code, variables=variables))
        else:
            self._performer.tell(facts.JobCompleted(at=at, token=told.token, variables=variables, by=told.by))
        return self.view()

    @complete.validator
    def _may_complete(self, told: border.Complete) -> None:
        if not any(one["token"] == told.token and one["state"] == "active" for one in self.view()["tokens"]):
            raise ApplicationError(f"Token {told.token} is not open any more.", type="NotOpen")
        if suspension.is_answered(self._performer.instance.state, told.token):
            raise ApplicationError(
                f"Token {told.token} is answered already; the answer is acted on when the instance is resumed.",
                type="NotOpen",
            )

    @workflow.update(name=names.RESOLVE_INCIDENT)
    def resolve_incident(self, told: border.Resolve) -> dict[str, Any]:
        """Answer an incident; gives the view after it."""
        self._take_in(told.at)
        action: Any = told.action
        self._performer.tell(
            facts.IncidentResolved(
                at=self._clock.now(),
                incident=told.incident,
                action=action,
                variables=decoded(told.variables),
                by=told.by,
                reason=told.reason,
            )
        )
        return self.view()

    @resolve_incident.validator
    def _may_resolve(self, told: border.Resolve) -> None:
        if told.incident not in self._performer.instance.state.incidents:
            raise ApplicationError(f"Incident {told.incident} is resolved already.", type="NotOpen")
        if told.action not in ("retry", "complete", "skip"):
            raise ApplicationError(
                f"An incident can be retried, completed or skipped, not {told.action!r}.", type="Bad"
            )

    @workflow.update(name=names.MOVE_TOKEN)
    def move_token(self, told: border.Move) -> dict[str, Any]:
        """Set a token on another node; gives the view after it."""
        self._take_in("")
        self._performer.tell(self._moved(told))
        return self.view()

    @move_token.validator
    def _may_move(self, told: border.Move) -> None:
        self._require_taken(self._moved(told))

    def _moved(self, told: border.Move) -> facts.Fact:
        return facts.TokenMoved(
            at=self._clock.now(),
            token=told.token,
            element=told.element,
            by=told.by,
            reason=told.reason,
            across=told.across,
        )

    def _require_taken(self, fact: facts.Fact) -> None:
        """Refuse what would change nothing, after trying it on a copy: it leaves no trace in the history then."""
        why = trial.refusal(self._performer.instance, fact)
        if why:
            raise ApplicationError(f"That cannot be done: {why}.", type="Refused")

    @workflow.update(name=names.CHOOSE)
    def choose(self, told: border.Choose) -> dict[str, Any]:
        """Begin elements of an ad-hoc sub-process; gives the view after it."""
        self._take_in(told.at)
        self._performer.tell(self._chosen(told))
        return self.view()

    @choose.validator
    def _may_choose(self, told: border.Choose) -> None:
        why = ad_hoc.why_not(self._performer.instance, told.token, told.elements)
        if why:
            raise ApplicationError(f"{why[0].upper()}{why[1:]}.", type="NotOpen")
        self._require_taken(self._chosen(told))

    def _chosen(self, told: border.Choose) -> facts.Fact:
        return facts.ElementsChosen(
            at=self._clock.now(), token=told.token, elements=tuple(told.elements), by=told.by, reason=told.reason
        )

    @workflow.update(name=names.SET_VARIABLES)
    def set_variables(self, told: border.SetVariables) -> dict[str, Any]:
        """Set variables; gives the view after it."""
        self._take_in(told.at)
        self._performer.tell(self._edited(told))
        return self.view()

    @set_variables.validator
    def _may_set(self, told: border.SetVariables) -> None:
        self._require_taken(self._edited(told))

    def _edited(self, told: border.SetVariables) -> facts.Fact:
        variables = decoded(told.variables)
        at = self._clock.now()
        return facts.VariablesSet(at=at, variables=variables, scope=told.scope, by=told.by, reason=told.reason)

    @workflow.update(name=names.END)
    def end(self, told: border.End) -> dict[str, Any]:
        """End the instance now; nothing is compensated."""
        self._take_in("")
        self._performer.tell(facts.Cancelled(at=self._clock.now(), by=told.by, reason=told.reason))
        return self.view()

    @workflow.query(name=names.VIEW)
    def view(self) -> dict[str, Any]:
        """Give what is open now."""
        return view.of(self._performer.instance)
