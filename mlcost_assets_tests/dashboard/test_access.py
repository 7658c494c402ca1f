"""Who gets in: every way that a login can be wrong, and what a session and its cookie are."""

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from mlcost_assets.config.dashboard import Dashboard
from mlcost_assets.dashboard.app import application
from mlcost_assets.dashboard.keys import session_key
from mlcost_assets.dashboard.serve import refuse_open
from mlcost_assets.errors import ConfigError
from mlcost_assets_tests.dashboard.guarded import BROWSER, KEY, ROLES, Visitor, guarded
from mlcost_assets_tests.dashboard.provider import SECRET, listening
from mlcost_assets_tests.world import World

pytestmark = pytest.mark.xdist_group("login")


def test_whoever_is_not_signed_in_gets_nothing_but_the_way_in(visitor: Visitor) -> None:
    for path in (
        "/",
        "/models",
        "/models.csv",
        "/reports/teams.json",
        "/explain?of=i-0shared",
        "/people",
        "/nowhere",
        "/static/../models",
    ):
        answer = visitor.get(path, allow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login"), path
        assert visitor.get(path, headers={}).status_code == 401
        assert visitor.session.head(visitor.address + path, timeout=60).status_code == 401
    assert visitor.get("/static/style.css").status_code == 200
    visitor.session.cookies.set("mlcost", "eyJ1bnRpbCI6IDllOTl9.forged.forged")
    assert visitor.get("/", allow_redirects=False).status_code == 303


def test_after_signing_in_the_page_that_was_asked_for_opens(visitor: Visitor) -> None:
    answer = visitor.enter("/teams?period=2026-09", groups=["ml-risk"])
    assert (answer.status_code, answer.url) == (200, f"{visitor.address}/teams?period=2026-09")
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_who_has_no_role_is_told_whom_to_ask(visitor: Visitor) -> None:
    for claims in (
        {"groups": ["others"]},
        {"email": "ann@example.com"},
        {"email": "ann@example.com", "email_verified": "true"},
        {"groups": ["leads"]} | {"groups": []},
    ):
        answer = visitor.enter("/models", **claims)
        assert (answer.status_code, "Ask #cost-help" in answer.text) == (403, True)
        assert "fraud" not in answer.text
    assert visitor.enter("/people", groups=["finops"]).status_code == 403


def test_an_admin_sees_who_has_which_role_and_who_signed_in(visitor: Visitor) -> None:
    visitor.enter(groups=["ml-risk"], preferred_username="rita")
    page = visitor.enter("/people", sub="sub-2", email="Ann@Example.com", email_verified=True)
    assert page.status_code == 200
    assert all(text in page.text for text in ("group leads", "their own", "rita", "Ann@Example.com", ">People<"))


def _at(where: str, value: Any) -> Callable[[dict[str, Any], dict[str, Any]], str | None]:
    """Spoils one claim, or leaves it out."""

    def spoil(_: dict[str, Any], claims: dict[str, Any]) -> None:
        claims.pop(where) if value is None else claims.update({where: value})

    return spoil


def _unsigned(_: dict[str, Any], claims: dict[str, Any]) -> str:
    from joserfc.util import json_b64encode

    return f"{json_b64encode({'alg': 'none'}).decode()}.{json_b64encode(claims).decode()}."


def _of_another_key(head: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(head, claims, RSAKey.generate_key(2048, {"kid": "one"}, private=True))


@pytest.mark.parametrize(
    "spoil",
    [
        _at("nonce", "another"), _at("nonce", None), _at("exp", int(time.time()) - 3600), _at("exp", None), _at("aud", "another"),
        _at("aud", None), _at("iss", "https://evil.example"), _at("iss", None), _at("sub", None), _unsigned, _of_another_key,
        lambda head, claims: "no.token.",
    ],
    ids=["nonce", "no nonce", "expired", "no end", "audience", "no audience", "issuer", "no issuer", "nobody", "unsigned", "key", "torn"],
)  # fmt: skip
def test_a_wrong_token_signs_nobody_in_and_is_told_to_nobody(
    visitor: Visitor, spoil: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    visitor.provider.spoil = spoil
    answer = visitor.enter(groups=["finops"])
    assert (answer.status_code, "You are not signed in" in answer.text) == (401, True)
    assert visitor.get("/models", allow_redirects=False).status_code == 303
    code = parse_qs(urlsplit(answer.url).query)["code"][0]
    told = [answer.text, caplog.text, *capfd.readouterr()]
    assert "Sign-in refused" in caplog.text
    for secret in (SECRET, KEY, code, *visitor.provider.tokens):
        assert not any(secret in one for one in told)


def test_a_wrong_state_and_a_provider_that_is_another_are_refused(visitor: Visitor) -> None:
    visitor.get("/login", allow_redirects=False)
    for query in ("code=x&state=another", "code=x", "error=access_denied&state=x&error_description=%3Cimg%3E", ""):
        answer = visitor.get(f"/login/callback?{query}")
        assert (answer.status_code, "<img" in answer.text) == (401, False)
    # A code that somebody else began to sign in with is of no use in this browser.
    begun = requests.get(f"{visitor.address}/login", timeout=60, allow_redirects=False).headers["location"]
    back = requests.get(begun, timeout=60, allow_redirects=False).headers["location"]
    assert visitor.session.get(back, timeout=60).status_code == 401
    visitor.provider.spoken = "https://evil.example"


def test_a_provider_that_says_it_is_another_is_not_asked(visitor: Visitor) -> None:
    visitor.provider.spoken = "https://evil.example"
    answer = visitor.enter(groups=["finops"])
    assert (answer.status_code, "does not answer as it should" in answer.text) == (503, True)


def test_the_cookie_is_for_this_server_alone_and_a_session_ends(lake: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with guarded(lake.config, public_url="https://costs.example.com/ml", session_hours=1) as visitor:
        there = {"Host": "costs.example.com", **BROWSER}
        begun = visitor.get("/login", headers=there, allow_redirects=False)
        flags = begun.headers["set-cookie"].lower()
        assert all(one in flags for one in ("; httponly", "; samesite=lax", "; secure", "; path=/ml;", "max-age=3600"))
        assert parse_qs(urlsplit(begun.headers["location"]).query)["redirect_uri"] == [
            "https://costs.example.com/ml/login/callback"
        ]
    with guarded(lake.config, session_hours=1) as visitor:
        visitor.enter(groups=["finops"])
        assert visitor.get("/models", allow_redirects=False).status_code == 200
        now = time.time()
        monkeypatch.setattr("mlcost_assets.dashboard.sign_in.time.time", lambda: now + 3601)
        assert visitor.get("/models", allow_redirects=False).status_code == 303


def test_signing_out_is_a_form_of_this_session_and_ends_the_cookie_for_good(visitor: Visitor) -> None:
    page = visitor.enter(groups=["finops"]).text
    (token,) = re.findall(r'name="csrf" value="([^"]+)"', page)
    address, kept = f"{visitor.address}/logout", visitor.cookie()
    for given, headers in (
        ({}, {}),
        ({"csrf": "guessed"}, {}),
        ({"csrf": token}, {"Origin": "https://evil.example"}),
        ({"csrf": token}, {"Sec-Fetch-Site": "cross-site"}),
    ):
        assert visitor.session.post(address, given, headers=headers, timeout=60).status_code == 403
    assert visitor.get("/logout").status_code == 405
    assert visitor.get("/", allow_redirects=False).status_code == 200
    out = visitor.session.post(address, {"csrf": token}, headers={"Origin": visitor.address}, timeout=60)
    assert "You are signed out here" in out.text
    again = requests.get(
        f"{visitor.address}/models", headers=BROWSER | {"Cookie": f"mlcost={kept}"}, timeout=60, allow_redirects=False
    )
    assert again.status_code == 303


def test_a_client_that_tries_too_often_waits(visitor: Visitor) -> None:
    tries = [visitor.get("/login", allow_redirects=False).status_code for _ in range(11)]
    assert (tries[0], tries[9], tries[10]) == (302, 302, 429)
    assert [visitor.get("/login/callback?code=x&state=y").status_code for _ in range(11)][-1] == 429


def test_behind_a_path_every_address_stays_under_it(lake: World) -> None:
    given = Dashboard(public_url="http://localhost:8350/costs/ml")
    with listening(lambda _: application(lake.config.model_copy(update={"dashboard": given}))) as address:
        for prefix in ("", "/costs/ml"):  # taken away by the proxy, or left
            for path in ("/", "/models", "/models/fraud?period=2026-09", "/explain?of=i-0shared", "/nowhere"):
                page = requests.get(f"{address}{prefix}{path}", headers={"Host": "localhost:8350"}, timeout=60).text
                links = re.findall(r'(?:href|src|action)="([^"]*)"', page)
                assert len(links) > 10
                assert all(link.startswith(("/costs/ml/", "#")) for link in links), path
        assert requests.get(f"{address}/costs/ml/static/style.css", timeout=60).status_code == 200
        assert requests.get(f"{address}/costs/ml/models.csv", timeout=60).status_code == 200
        assert requests.get(address, headers={"Host": "costs.example.com"}, timeout=60).status_code == 400


def test_it_is_not_open_to_others_without_a_login_nor_in_clear(lake: World) -> None:
    oidc = {"issuer": "https://login.example.com", "client_id": "mlcost"}
    for given, said in (
        ({"host": "192.0.2.1"}, "set dashboard.oidc"),
        ({"host": "192.0.2.1", "public_url": "https://costs.example.com"}, "set dashboard.oidc"),
        ({"host": "::", "oidc": oidc, "roles": ROLES}, "dashboard.public_url"),
    ):
        with pytest.raises(ConfigError, match=said):
            refuse_open(lake.config.model_copy(update={"dashboard": Dashboard.model_validate(given)}))


def test_the_key_of_sessions_is_a_private_file(lake: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = lake.config.model_copy(update={"home": tmp_path / "home"})
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(session_key(config))) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    file = tmp_path / "home" / "dashboard-session.key"
    assert set(made) == {file.read_text()}
    assert (file.stat().st_mode & 0o777, [one.name for one in file.parent.iterdir()]) == (0o600, [file.name])
    file.chmod(0o640)
    with pytest.raises(ConfigError, match="can be read by others"):
        session_key(config)
    monkeypatch.setenv("SHORT", "abc")
    short = config.model_copy(update={"dashboard": Dashboard(session_secret_env="SHORT")})
    with pytest.raises(ConfigError, match="32 letters"):
        session_key(short)
