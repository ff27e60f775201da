"""The file of providers: what it may hold, and each mistake in one line, with its line and its key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger.errors import BadInput
from web.signin.providers import SECRETARIAT, Provider, is_secure, providers_in

PARTIES = ("koping", "sala")
SECRET = {"KOPING_SECRET": "hemlig"}
LEAST = """\
[issuers.koping]
issuer = "https://login.example/t"
client_id = "liggare"
client_secret_env = "KOPING_SECRET"
vouches_for = "koping"
"""


def read(folder: Path, text: str) -> dict[str, Provider]:
    file = folder / "providers.toml"
    file.write_text(text, "utf-8")
    return providers_in(file, SECRET, PARTIES)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadInput) as error:
        read(folder, text)
    return str(error.value).splitlines()


def test_what_a_file_need_not_say_is_as_usual(tmp_path: Path) -> None:
    assert read(tmp_path, LEAST) == {
        "koping": Provider("koping", "koping", "https://login.example/t", "liggare", "hemlig", "koping")
    }


def test_a_file_says_all_of_several_providers(tmp_path: Path) -> None:
    (tmp_path / "sala.secret").write_text("  också hemlig\n", "utf-8")
    more = """
[issuers."sala"]
name = "Sala kommun"
issuer = "https://idp.example"
client_id = "7"
client_secret_file = "sala.secret"
vouches_for = "secretariat"
subject = "employeeHsaId"
tenant = { claim = "https://idp.example/org", value = "212000-2098" }
scope = ["openid", "https://idp.example/scopes/org"]
algorithms = ["ES256", "PS256"]
acr = ["loa3"]
request_claims = true
"""
    found = read(tmp_path, LEAST + more)

    assert [*found] == ["koping", "sala"]
    assert found["sala"] == Provider(
        "sala", "Sala kommun", "https://idp.example", "7", "också hemlig", SECRETARIAT, "employeeHsaId",
        ("https://idp.example/org", "212000-2098"), ("openid", "https://idp.example/scopes/org"), ("ES256", "PS256"),
        ("loa3",), True,
    )  # fmt: skip


def test_the_examples_of_the_documents_are_read(tmp_path: Path) -> None:
    told = (Path(__file__).parents[3] / "docs" / "web.md").read_text("utf-8")
    examples = [one for one in re.findall(r"```toml\n(.*?)```", told, re.DOTALL) if "[issuers." in one]
    (tmp_path / "entra.secret").write_text("hemlig")
    (tmp_path / "x").write_text("\n".join(examples), "utf-8")
    secrets = dict.fromkeys(("KOPING_SECRET", "INERA_SECRET", "FREJA_SECRET"), "hemlig")
    found = providers_in(tmp_path / "x", secrets, ("koping", "sala", "region"))

    assert {one.id: one.vouches_for for one in found.values()} == {
        "koping": "koping", "sala": "sala", "region": "region", "kansli": SECRETARIAT,
    }  # fmt: skip


def test_a_secret_is_in_no_message(tmp_path: Path) -> None:
    assert "hemlig" not in repr(read(tmp_path, LEAST))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "x = 1\n", "line 1: x is not known here; a table is called [issuers.NAME]"),
        (LEAST, "", "issuers: one table [issuers.NAME] a provider is needed"),
        (LEAST, "issuers = 7", "line 1: issuers: one table [issuers.NAME] a provider is needed"),
        ("[issuers.koping]", "[issuers.Köping]", "it is not TOML"),
        ("[issuers.koping]", "[issuers.KOPING]", "line 1: 'KOPING' is to be a-z, 0-9 and -, at most 40"),
        (LEAST, "[issuers]\nkoping = 7", "koping is to be a table, as [issuers.koping]"),
        ("", 'client = "x"\n', "line 6: client is not known here; known are acr, algorithms, client_id"),
        ('client_id = "liggare"\n', "", "line 1: client_id is missing in [issuers.koping]"),
        ('"liggare"', "7", "line 3: client_id: a text without spaces is needed"),
        ('"liggare"', '"a b"', "line 3: client_id: a text without spaces is needed"),
        ("https://login", "http://login", "line 2: issuer: http://login.example/t is not an address that begins with"),
        ("login.example/t", "login.example/?t", "line 2: issuer: https://login.example/?t is not an address"),
        ("KOPING_SECRET", "OTHER", "line 4: client_secret_env: the environment has no OTHER"),
        ('client_secret_env = "KOPING_SECRET"\n', "", "line 1: [issuers.koping] needs client_secret_env or"),
        ("client_secret_env", 'client_secret_file = "x"\nclient_secret_env', "line 5: [issuers.koping] needs"),
        ("client_secret_env", "client_secret_file", "line 4: client_secret_file: KOPING_SECRET cannot be read"),
        ('env = "KOPING_SECRET"', 'file = "empty"', "line 4: client_secret_file: empty is empty"),
        ('= "koping"', '= "kopping"', "line 5: vouches_for: 'kopping' is no party; there is koping, sala, secretariat"),
        ("", 'tenant = "x"\n', "line 6: tenant: it is to be { claim ="), ("", "tenant = {}\n", "line 6: tenant: it"),
        ("", 'tenant = {claim = "tid", value = ""}\n', "line 6: tenant: it is to be { claim ="),
        ("", 'tenant = {claim = "tid", value = "x", y = 1}\n', "line 6: tenant: it is to be { claim ="),
        ("", 'scope = ["email"]\n', "line 6: scope: it lacks openid"),
        ("", 'scope = "openid"\n', "line 6: scope: a list of texts without spaces is needed"),
        ("", 'algorithms = ["HS256"]\n', "line 6: algorithms: only RS256, RS384"),
        ("", 'algorithms = ["none"]\n', "line 6: algorithms: only RS256, RS384"),
        ("", "algorithms = []\n", "line 6: algorithms: only RS256, RS384"),
        ("", "acr = [7]\n", "line 6: acr: a list of texts without spaces is needed"),
        ("", 'request_claims = "yes"\n', "line 6: request_claims: true or false is needed"),
        ("", 'subject = ""\n', "line 6: subject: a text without spaces is needed"),
        ("", 'name = " "\n', "line 6: name: a text without spaces is needed"),
        ("", 'acr = ["x"\n', "line 6: it is not TOML: "), ("", "acr = \n", "line 6: it is not TOML: Invalid value"),
        ("", 'client_id = "x"\n', "line 6: it is not TOML: Cannot overwrite a value"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_its_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "empty").write_text("\n")
    changed = LEAST.replace(old, new) if old else (new + LEAST if new == "x = 1\n" else LEAST + new)
    [line] = faults(tmp_path, changed)

    assert said in line


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    told = faults(tmp_path, LEAST.replace("https", "http") + "x = 1\nacr = 7\n")

    assert [one.split(":")[0] for one in told] == ["line 6", "line 2", "line 7"]


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        providers_in(tmp_path / "missing", SECRET, PARTIES)
    (tmp_path / "x").write_bytes(b"\xff")
    with pytest.raises(BadInput, match="is not text in UTF-8"):
        providers_in(tmp_path / "x", SECRET, PARTIES)


@pytest.mark.parametrize("text", ["x = " + "[" * 5_000, "x = " + "{ y = " * 5_000, "x = " + "[" * 5_000 + "]" * 5_000])
def test_a_file_that_is_nested_too_deeply_is_told(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text) == [f"{tmp_path / 'providers.toml'} is nested too deeply"]


def test_a_number_of_too_many_digits_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, f"{LEAST}x = {'9' * 5_000}") == [
        f"{tmp_path / 'providers.toml'}: a number in it is too large"
    ]


def test_a_ledger_without_parties_yet_takes_every_id(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(LEAST.replace('= "koping"', '= "later"'))

    assert providers_in(tmp_path / "x", SECRET, ())["koping"].vouches_for == "later"


@pytest.mark.parametrize(
    ("address", "secure"),
    [
        ("https://a.example", True), ("https://a.example:8443/x", True), ("http://127.0.0.1:9000", True),
        ("http://localhost/x", True), ("http://[::1]:1", True), ("http://a.example", False), ("ftp://a.example", False),
        ("https://", False), ("https://user@a.example", False), ("https://:pw@a.example", False), (7, False),
        ("https://a.example/#x", False), ("https://a.example/?x", False), ("https://a.example:x", False),
        ("http://127.0.0.1.evil.example", False), ("https://[", False), ("", False), (None, False),
    ],
)  # fmt: skip
def test_a_secret_goes_to_no_address_that_others_can_listen_to(address: object, secure: bool) -> None:
    assert is_secure(address) == secure
