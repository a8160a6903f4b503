"""The training data: whole, without contradictions, and with exactly the intents of the list."""

from __future__ import annotations

import re
import subprocess
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu.intent_model import NEEDS
from nlu.messages_reader import TrainingMessage, read_messages
from tests.model.stack import ROOT, clean_environment

LANGUAGES = ("kk", "ru", "en")
# The names are fixed: others measure by them.
INTENTS = (
    "domestic_violence", "sexual_violence", "harassment", "bullying", "cyberbullying",
    "image_abuse", "stalking", "child_abuse", "forced_marriage", "immediate_danger", "self_harm",
    "ask_rights", "ask_contacts", "ask_shelter", "ask_legal_aid", "ask_psychological_help",
    "ask_medical_help", "ask_protection_order", "ask_report_police", "ask_police_inaction",
    "ask_penalty", "ask_evidence", "ask_divorce_custody", "ask_new_law", "ask_privacy",
    "ask_help_someone", "ask_abuser_help", "ask_safety_plan",
    "greet", "goodbye", "thank", "affirm", "deny", "bot_challenge", "inform_location",
    "choose_language", "clear_chat", "human_handoff", "out_of_scope",
)  # fmt: skip
# What Rasa's validator and its warnings look like in the output.
WARNING = re.compile(r"UserWarning|\b(?:WARN|WARNING|ERROR|CRITICAL)\b", re.IGNORECASE)


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return read_yaml(ROOT / "domain.yml")


@pytest.fixture(scope="module")
def messages() -> list[TrainingMessage]:
    return list(read_messages())


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    files = sorted((ROOT / "stories").glob("*.yml"))
    return [rule for file in files for rule in read_yaml(file)["rules"]]


@pytest.fixture(scope="module")
def responses() -> dict[str, list[dict[str, Any]]]:
    files = sorted((ROOT / "responses").glob("*.yml"))
    found: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        for name, variations in (read_yaml(file).get("responses") or {}).items():
            # The same key in two files does not merge: the last one wins, silently.
            assert name not in found, f"{name} stands in two files"
            found[name] = variations
    return found


@pytest.mark.parametrize("config", ["config.yml", "config.labse.yml"])
def test_rasa_finds_nothing_to_warn_of(config: str, tmp_path: Path) -> None:
    finished = subprocess.run(
        [
            str(ROOT / ".venv-model" / "bin" / "rasa"), "data", "validate", "--fail-on-warnings",
            "--data", "nlu/messages", "stories", "responses", "--config", config,
        ],
        cwd=ROOT,
        # Old code inside Rasa's libraries is not ours to mend; Rasa itself warns otherwise.
        env=clean_environment(
            HOME=str(tmp_path), PYTHONWARNINGS="ignore::DeprecationWarning", NO_COLOR="1"
        ),
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )  # fmt: skip
    output = finished.stdout + finished.stderr
    assert finished.returncode == 0, output[-3000:]
    assert "No story structure conflicts found" in output, "the validator did not run to its end"
    assert [line for line in output.splitlines() if WARNING.search(line)] == []


def test_the_warning_pattern_knows_rasas_warnings() -> None:
    """Else the test above could not fail."""
    for line in (
        "rasa/shared/utils/io.py:99: UserWarning: Issue found in 'nlu/messages/ru/greet.yml'",
        "2026-11-24 22:31:58 WARNING  rasa.validator  - The intent 'x' is not used in any story",
        "2026-11-24 22:31:58 ERROR    rasa.validator  - Story structure conflict",
    ):
        assert WARNING.search(line)
    assert not WARNING.search("2026-11-24 INFO     rasa.validator  - Validating intents...")


def test_the_intents_are_those_of_the_list(domain: dict[str, Any]) -> None:
    assert len(INTENTS) == len(set(INTENTS)) == 39
    assert Counter(domain["intents"]) == Counter(INTENTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_messages(language: str, messages: list[TrainingMessage]) -> None:
    counts = Counter(m.intent for m in messages if m.language == language)
    assert set(counts) == set(INTENTS)
    few = {intent: n for intent, n in counts.items() if n < 20}
    assert few == {}


def test_files_are_named_as_what_they_hold() -> None:
    for file in (ROOT / "nlu" / "messages").rglob("*.yml"):
        assert file.parent.name in LANGUAGES
        assert {block["intent"] for block in read_yaml(file)["nlu"]} == {file.stem}, file


def test_every_intent_has_exactly_one_rule(rules: list[dict[str, Any]]) -> None:
    counts = Counter(step["intent"] for r in rules for step in r["steps"] if "intent" in step)
    # The fallback of the classifier is answered as well; it is no intent of ours.
    assert counts == Counter([*INTENTS, "nlu_fallback"])


def test_rules_lead_to_what_exists(
    rules: list[dict[str, Any]], domain: dict[str, Any], responses: dict[str, Any]
) -> None:
    led_to = {step["action"] for rule in rules for step in rule["steps"] if "action" in step}
    assert led_to <= {*domain["actions"], *responses}
    assert set(domain["actions"]) - led_to == set(), "an action that no rule leads to"


def test_what_happened_leads_to_the_need(
    rules: list[dict[str, Any]], domain: dict[str, Any]
) -> None:
    need = domain["slots"]["need"]
    assert set(need["values"]) == set(NEEDS) == set(INTENTS[:11])
    by_intent = {m["intent"]: m["value"] for m in need["mappings"] if m["type"] == "from_intent"}
    assert by_intent == {name: name for name in NEEDS}
    for rule in rules:
        if rule["steps"][0]["intent"] in NEEDS:
            assert rule["steps"][1]["action"] == "action_need"


def test_every_response_speaks_three_languages(responses: dict[str, list[dict[str, Any]]]) -> None:
    assert responses
    for name, variations in responses.items():
        spoken = []
        for variation in variations:
            (condition,) = variation["condition"]
            assert (condition["type"], condition["name"]) == ("slot", "language"), name
            assert variation.get("text", "").strip() or variation.get("custom"), name
            spoken.append(condition["value"])
        assert sorted(spoken) == sorted(LANGUAGES), name


def test_no_message_stands_under_two_intents(messages: list[TrainingMessage]) -> None:
    intents = defaultdict(set)
    for message in messages:
        # As a reader sees it: letter case, spaces and the last sign make no difference.
        intents[" ".join(message.text.casefold().split()).rstrip(".!? …")].add(message.intent)
    assert {text: names for text, names in intents.items() if len(names) > 1} == {}


def test_messages_are_plain_text(messages: list[TrainingMessage]) -> None:
    """Neither commands nor Rasa's mark-up; nothing that the channel would refuse."""
    for message in messages:
        assert not message.text.startswith("/"), message
        assert not re.search(r"\[[^\]]+\][({]", message.text), message
        assert len(message.text) <= 4096, message
