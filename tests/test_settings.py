"""Settings: where they come from, which of two wins, and what is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reelmock.settings import BadSettings, Settings, build, flag_of, load, variable_of

DESIGNED = ["host", "port", "data", "ephemeral", "pace", "speed", "contract", "dialect"]


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a reelmock.toml would be read from; none of our variables is set."""
    for name in [*Settings.model_fields, "test_scale"]:
        monkeypatch.delenv(variable_of(name), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "reelmock.toml"


def refusal(**flags: object) -> str:
    with pytest.raises(BadSettings) as refused:
        load(flags)
    words = str(refused.value)
    assert "\n" not in words
    return words


def test_the_defaults_are_those_of_a_laptop():
    settings = load({})

    assert ("127.0.0.1", 4010) == (settings.host, settings.port)
    assert ("fast", "standard", "openai") == (
        settings.pace,
        settings.contract,
        settings.spoken,
    )
    assert [] == [name for name in DESIGNED if name not in Settings.model_fields]


def test_every_setting_is_described():
    assert all(described.description for described in Settings.model_fields.values())


def test_a_flag_wins_over_the_environment_and_that_over_the_file(file, monkeypatch):
    file.write_text("port = 1\npace = 'realistic'\nseed = 'file'")
    monkeypatch.setenv("REELMOCK_PORT", "2")
    monkeypatch.setenv("REELMOCK_PACE", "instant")
    settings = load({"port": 3})

    assert (3, "instant", "file") == (settings.port, settings.pace, settings.seed)


def test_a_later_source_replaces_a_list_whole(file, monkeypatch):
    file.write_text("require-key = ['file']\nallow-host = ['file']")
    monkeypatch.setenv("REELMOCK_REQUIRE_KEY", "one, two")
    settings = load({"allow_host": ["Flag"]})

    assert ("one", "two") == settings.require_key
    assert ("flag",) == settings.allow_host


@pytest.mark.parametrize("key", ["max-upload", "max_upload"])
def test_a_key_of_the_file_is_a_flag_with_or_without_dashes(file, key):
    file.write_text(f"{key} = 2048")

    assert 2048 == load({}).max_upload


def test_variables_are_words_and_become_what_the_setting_is(monkeypatch):
    monkeypatch.setenv("REELMOCK_EPHEMERAL", "true")
    monkeypatch.setenv("REELMOCK_SPEED", "2.5")
    monkeypatch.setenv("REELMOCK_DATA", "here")
    settings = load({})

    assert (True, 2.5, Path("here")) == (
        settings.ephemeral,
        settings.speed,
        settings.data,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REELMOCK_PORT", "tcp://10.0.0.7:4010"),
        ("REELMOCK_SERVICE_HOST", "10.0.0.7"),
        ("REELMOCK_SERVICE_PORT", "4010"),
        ("REELMOCK_SERVICE_PORT_HTTP", "4010"),
        ("REELMOCK_PORT_4010_TCP", "tcp://10.0.0.7:4010"),
        ("REELMOCK_PORT_4010_TCP_PROTO", "tcp"),
        ("REELMOCK_PORT_4010_TCP_PORT", "4010"),
        ("REELMOCK_PORT_4010_TCP_ADDR", "10.0.0.7"),
    ],
)
def test_what_kubernetes_sets_beside_a_service_is_ignored(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    assert build({}) == load({})


def test_an_unknown_variable_is_refused_with_the_likely_one(monkeypatch):
    monkeypatch.setenv("REELMOCK_PAEC", "fast")

    assert "REELMOCK_PAEC" in refusal()
    assert "REELMOCK_PACE" in refusal()


def test_an_unknown_key_of_the_file_is_refused_with_the_likely_one(file):
    file.write_text("paec = 'fast'")

    assert "reelmock.toml: paec" in refusal()
    assert "pace?" in refusal()


def test_a_file_that_is_no_toml_is_refused(file):
    file.write_text("port: 4010")

    assert refusal().startswith("reelmock.toml: not valid TOML")


def test_a_file_in_another_encoding_is_refused(file):
    file.write_bytes("seed = 'é'".encode("latin-1"))

    assert refusal().startswith("reelmock.toml: not valid TOML")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", -1),
        ("port", "4010x"),
        ("pace", "slow"),
        ("speed", 0),
        ("speed", float("nan")),
        ("speed", float("inf")),
        ("speed", 2e6),
        ("contract", "lax"),
        ("dialect", "Open AI"),
        ("render_workers", 0),
        ("max_upload", 1),
        ("max_upload", "10 apples"),
        ("max_upload", "off"),
        ("max_data", 1),
        ("max_data", "1e9"),
        ("max_data", "-1GB"),
        ("public_url", "localhost:4010"),
        ("public_url", "http://host/v1?x=1"),
        ("log_level", "loud"),
        ("log_format", "xml"),
    ],
)
def test_a_bad_value_is_refused_naming_the_flag_and_the_value(name, value):
    words = refusal(**{name: value})

    assert words.startswith(flag_of(name) + ": ")
    assert repr(value) in words


def test_the_words_of_a_refusal_name_where_the_value_came_from(file, monkeypatch):
    file.write_text("speed = -1")
    assert refusal().startswith("reelmock.toml: speed: ")

    monkeypatch.setenv("REELMOCK_SPEED", "-2")
    assert refusal().startswith("REELMOCK_SPEED: ")


def test_built_directly_they_read_nothing_but_their_arguments(file, monkeypatch):
    file.write_text("port = 1")
    monkeypatch.setenv("REELMOCK_PORT", "2")
    monkeypatch.setenv("PORT", "3")

    assert 4010 == build({}).port
    assert 4010 == Settings().port


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        load({}).port = 1


@pytest.mark.parametrize(
    "url", ["localhost:8000/webhook", "ftp://app/webhook", "http://", "/webhook", ""]
)
def test_a_webhook_that_nothing_can_be_posted_to_is_refused_with_one_that_can(url):
    words = refusal(webhook=url)

    assert words.startswith("--webhook: ")
    assert "http://localhost:8000/webhook" in words


def test_a_password_in_a_webhook_is_refused_and_not_echoed():
    assert "hush" not in refusal(webhook="http://me:hush@app/webhook")


@pytest.mark.parametrize("secret", ["hush", "whsec_hush", "whsec_aHVzaA==", ""])
def test_a_bad_webhook_secret_is_refused_wherever_it_stands_and_never_echoed(
    file, monkeypatch, secret
):
    wheres = ["--webhook-secret", "reelmock.toml: webhook-secret"]
    told = [refusal(webhook_secret=secret)]
    file.write_text(f"webhook-secret = '{secret}'")
    told.append(refusal())
    if secret:  # an empty variable is one that nobody has set
        monkeypatch.setenv("REELMOCK_WEBHOOK_SECRET", secret)
        wheres.append("REELMOCK_WEBHOOK_SECRET")
        told.append(refusal())

    assert wheres == [words.rpartition(": must be")[0] for words in told]
    for words in told:
        assert "whsec_ and 24 bytes" in words
        assert not secret or secret.removeprefix("whsec_") not in words


def test_a_webhook_secret_of_another_kind_is_not_echoed_either(file):
    file.write_text("webhook-secret = ['hush']")

    assert "hush" not in refusal()


def test_hosts_of_webhooks_are_names_and_may_be_listed_in_a_variable(monkeypatch):
    monkeypatch.setenv("REELMOCK_ALLOW_WEBHOOK_HOST", "App, hooks.example")

    assert ("app", "hooks.example") == load({}).allow_webhook_host
    assert refusal(allow_webhook_host=["http://app/x"]).startswith(
        "--allow-webhook-host: must be a name alone"
    )


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1048576", 2**20),
        ("500MB", 500_000_000),
        ("1.5 gib", 3 * 2**29),
        ("2GiB", 2**31),
        ("3000000B", 3_000_000),
        (2**22, 2**22),
        ("off", None),
        ("None", None),
        (False, None),
    ],
)
def test_a_bound_of_bytes_is_written_as_people_do(text: object, size: int) -> None:
    assert size == load({"max_data": text}).max_data
    if size is not None:
        assert size == load({"max_upload": text}).max_upload


def test_the_data_are_bounded_unless_they_are_not_to_be(file, monkeypatch):
    assert 10 * 2**30 == load({}).max_data

    file.write_text("max-data = false")
    assert load({}).max_data is None
    monkeypatch.setenv("REELMOCK_MAX_DATA", "1GB")
    assert 10**9 == load({}).max_data


def test_a_bound_of_the_data_that_is_too_small_is_told_the_least():
    assert (
        "--max-data: must be 1MiB (1048576 bytes) or more, as 500MB or 2GiB, or off "
        "(got '1000kB')"
    ) == refusal(max_data="1000kB")
    assert 2**20 == load({"max_data": "1MiB"}).max_data


def test_the_cache_is_the_user_s_unless_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    own = build({}).cache_folder

    assert "reelmock" == own.name
    assert not own.exists()
    assert Path("here") == build({"cache": "here"}).cache_folder
    assert (False, True) == (build({}).silent, build({"silent": "true"}).silent)


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user")
def test_a_user_without_a_home_has_no_cache_folder():
    words = (
        "import os; from reelmock.settings import Settings; import platformdirs;"
        "os.environ.pop('HOME', None); os.setuid(54321);"
        "print(Settings().cache_folder)"
    )
    told = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=True
    )

    assert "None\n" == told.stdout
