"""Who asks, and what they may see."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mlcost_assets.config.dashboard import Dashboard, Oidc, Role

_LONGEST = 200  # letters of a name that a provider sends
_MOST_KNOWN = 1_000  # people who signed in


@dataclass(frozen=True)
class Person:
    """Who asks. `teams`: whose rows they see, None for all of them; `csrf` is what their form has to bring back.

    Without a login (`name` is '') whoever works on this machine sees everything.
    """

    name: str = ""
    role: str = "viewer"
    teams: tuple[str, ...] | None = None
    csrf: str = ""

    @property
    def shown(self) -> str:
        """Of whom the rows and totals are, as a sentence; '' for everyone's."""
        if self.teams is None:
            return ""
        return f"Shown: {'team' if len(self.teams) == 1 else 'teams'} {', '.join(self.teams)} only; totals are of these"


def told(claims: Mapping[str, Any], oidc: Oidc, roles: Sequence[Role]) -> dict[str, Any]:
    """What of the provider's `claims` is kept in a session: who it is, and of what they hold only what roles can use.

    An address that the provider did not verify is nobody's.
    """
    groups = _texts(claims.get(oidc.groups_claim))
    is_own = any(role.teams == "own" for role in roles)
    named = {role.group for role in roles}
    email = claims.get("email") if claims.get("email_verified") is True else None
    return {
        "user": str(claims["sub"]),
        "email": email[:_LONGEST].lower() if isinstance(email, str) else None,
        "name": str(email or claims.get("preferred_username") or claims.get("name") or claims["sub"])[:_LONGEST],
        "groups": sorted(group for group in groups if group in named),
        "teams": sorted(_texts(claims.get(oidc.teams_claim))) if is_own else [],
    }


def person(known: Mapping[str, Any], dashboard: Dashboard, csrf: str) -> Person | None:
    """The person that a session knows, with the most that any role gives them; None where none does."""
    given = [role for role in dashboard.roles if _is_given(role, known)]
    if any(role.role == "admin" for role in given):
        return Person(known["name"], "admin", None, csrf)
    if any(role.teams is None for role in given):
        return Person(known["name"], "viewer", None, csrf)
    teams = {team for role in given for team in (known["teams"] if role.teams == "own" else role.teams or ())}
    return Person(known["name"], "viewer", tuple(sorted(teams)), csrf) if teams else None


def _is_given(role: Role, known: Mapping[str, Any]) -> bool:
    return bool(
        role.anyone
        or (role.user is not None and role.user == known["user"])
        or (role.email is not None and role.email.lower() == known["email"])
        or (role.group is not None and role.group in known["groups"])
    )


def _texts(claim: object) -> set[str]:
    """The names in a claim, which providers send as a list or as one text."""
    if isinstance(claim, str):
        return {claim} if claim else set()
    return {one for one in claim if isinstance(one, str) and one} if isinstance(claim, list) else set()


class SignedIn:
    """Who signed in since this server started, the last first; of several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def add(self, known: Mapping[str, Any], who: Person | None) -> None:
        """Notes that somebody signed in, and what they may see."""
        sees = "nothing" if not who else "all teams" if who.teams is None else ", ".join(who.teams)
        row = {
            "name": known["name"],
            "role": who.role if who else "none",
            "sees": sees,
            "signed_in_at": datetime.now(UTC).replace(microsecond=0, tzinfo=None),
        }
        with self._lock:
            self._last[known["user"]] = row
            self._last.move_to_end(known["user"])
            if len(self._last) > _MOST_KNOWN:
                self._last.popitem(last=False)

    def rows(self) -> list[dict[str, Any]]:
        """One for each person."""
        with self._lock:
            return list(self._last.values())[::-1]


@dataclass(frozen=True)
class Access:
    """Who may see what, and who signed in."""

    dashboard: Dashboard
    signed_in: SignedIn
