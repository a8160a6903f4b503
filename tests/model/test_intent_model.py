"""The intent model alone: repeatable, whole after a round trip, and never untrained."""

from __future__ import annotations

import hashlib
import io
import json
import math
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlu.components.intent_classifier import LinearIntentClassifier
from nlu.intent_model import NEEDS, NO_NEED, IntentModel, Reading, last_clause, sentences
from tests.model.stack import ROOT, clean_environment

TINY = {
    "domestic_violence": (
        "муж бьёт меня", "муж бьет меня каждый день", "күйеуім мені ұрады", "my husband beats me",
        "my husband hits me every day", "күйеуім мені күнде ұрады",
    ),
    "self_harm": (
        "не хочу жить", "я больше не хочу жить", "өмір сүргім келмейді", "i do not want to live",
        "i do not want to live any more", "енді өмір сүргім келмейді",
    ),
    "ask_rights": (
        "какие у меня права", "какие права у меня есть", "менің құқығым қандай",
        "what are my rights", "what rights do i have", "қандай құқығым бар",
    ),
    "greet": ("привет", "привет бот", "сәлем", "сәлем бот", "hello", "hello bot"),
}  # fmt: skip
PAIRS = [(text, intent) for intent, texts in TINY.items() for text in texts]
PROBES = ("муж бьёт", "kuieuim meni uradi", "what rights", "сәлем!", "", "😭", "совсем другое")
STORY = "Утром я пошла на рынок. Там было людно. Потом муж бьёт меня каждый день. Вот так. "
ODD = {
    "empty": "",
    "spaces": " \n\t ",
    "emoji only": "😭😭😭🙏🏽",
    "signs only": "?!... ,;()[]{}",
    "invisible": "\u200b\u200d\ufeff",
    "lone surrogate": "\ud83d",
    "no character": "\0",
    "one letter 4096 times": "а" * 4096,
    "4096 single letters": "а " * 2048,
    "4096 characters of a story": (STORY * 60)[:4096],
    "4096 emoji": "😭" * 4096,
    "4096 signs": "." * 4096,
    "2048 sentences": "а." * 2048,
    "4096 line ends": "\n" * 4096,
    "4096 combining signs": "а" + "\u0301" * 4095,
    "4096 of the wrong layout": ("vtyz ,mtn ve; " * 300)[:4096],
}


def tiny() -> IntentModel:
    return IntentModel.fit([text for text, _ in PAIRS], [intent for _, intent in PAIRS])


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def saved(model: IntentModel, folder: Path) -> Path:
    folder.mkdir()
    model.save(folder)
    return folder


def readings(model: IntentModel) -> list[Reading]:
    return [model.read(text) for text in PROBES]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return tiny()


@pytest.fixture(scope="module")
def folder(model: IntentModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(model, tmp_path_factory.mktemp("intent") / "model")


# --- training -------------------------------------------------------------------------------------


def test_training_learns(model: IntentModel) -> None:
    for text, intent in PAIRS:
        assert model.read(text).ranking[0][0] == intent, text


def test_training_gives_the_same_twice(model: IntentModel, folder: Path, tmp_path: Path) -> None:
    again = tiny()
    assert readings(again) == readings(model)
    assert digests(saved(again, tmp_path / "again")) == digests(folder)


def test_training_gives_the_same_in_another_process(folder: Path, tmp_path: Path) -> None:
    """Strings hash differently there; no set or dictionary order may reach the model."""
    pairs = tmp_path / "pairs.json"
    pairs.write_text(json.dumps(PAIRS))
    (tmp_path / "other").mkdir()
    script = (
        "import json, pathlib, sys; from nlu.intent_model import IntentModel;"
        "pairs = json.loads(pathlib.Path(sys.argv[1]).read_text());"
        "IntentModel.fit([p[0] for p in pairs], [p[1] for p in pairs])"
        ".save(pathlib.Path(sys.argv[2]))"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(pairs), str(tmp_path / "other")],
        cwd=ROOT,
        env=clean_environment(PYTHONHASHSEED="4711", PYTHONPATH=str(ROOT)),
        check=True,
        timeout=60,
    )
    assert digests(tmp_path / "other") == digests(folder)


def test_settings_reach_the_model() -> None:
    texts, intents = [text for text, _ in PAIRS], [intent for _, intent in PAIRS]
    sure = IntentModel.fit(texts, intents, temperature=8.0).read("муж бьёт меня").ranking[0]
    unsure = IntentModel.fit(texts, intents, temperature=0.5).read("муж бьёт меня").ranking[0]
    assert sure[0] == unsure[0] == "domestic_violence"
    assert sure[1] > unsure[1] + 0.2
    loose = IntentModel.fit(texts, intents, c=0.01).read("муж бьёт меня").ranking[0][1]
    tight = IntentModel.fit(texts, intents, c=5.0).read("муж бьёт меня").ranking[0][1]
    assert tight > loose


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ODD)
def test_odd_messages_are_read(name: str, model: IntentModel) -> None:
    started = time.monotonic()
    reading = model.read(ODD[name])
    # The bot gives up after two seconds; a message of this kind takes a few milliseconds.
    assert time.monotonic() - started < 2
    assert sorted(intent for intent, _ in reading.ranking) == sorted(TINY)
    confidences = [confidence for _, confidence in reading.ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= c <= 1 for c in confidences)
    assert sum(confidences) == pytest.approx(1, abs=1e-5)
    assert reading.need in NEEDS
    assert math.isfinite(reading.need_margin)


def test_nothing_said_is_no_certainty(model: IntentModel) -> None:
    nothing = model.read("")
    assert nothing == model.read("😭😭😭") == model.read(" \n ")
    assert nothing.ranking[0][1] < model.read("муж бьёт меня").ranking[0][1]
    assert nothing.need_margin < model.read("муж бьёт меня").need_margin


def test_spelling_does_not_matter(model: IntentModel) -> None:
    assert model.read("МУЖ БЬЕТ МЕНЯ!!!").ranking == model.read("муж бьёт меня").ranking
    assert model.read("kuieuim meni urady").ranking[0][0] == "domestic_violence"


def test_a_need_is_found_in_the_middle_of_a_story(model: IntentModel) -> None:
    harmless = "Привет бот. Сәлем бот. Hello bot."
    with_need = "Привет бот. Сәлем бот. Муж бьёт меня. Hello bot."
    assert model.read(with_need).need == "domestic_violence"
    assert model.read(with_need).need_margin > 0 > model.read(harmless).need_margin


def test_the_last_clause_asks() -> None:
    assert last_clause("Муж бьёт меня, какие у меня права?") == "какие у меня права?"
    assert last_clause("Муж бьёт меня. Что мне делать") == "Что мне делать"
    assert last_clause("Муж бьёт меня, помогите") is None
    assert last_clause("какие у меня права?") is None
    assert last_clause("") is None


def test_sentences() -> None:
    assert sentences("Раз. Два!\nТри? Четыре… пять") == ["Раз.", "Два!", "Три?", "Четыре…", "пять"]
    assert sentences("одно без знаков") == ["одно без знаков"]
    assert sentences(" \n ") == []
    assert len(sentences("Да. " * 1000)) == 60


# --- saving and loading ---------------------------------------------------------------------------


def test_a_loaded_model_reads_the_same(model: IntentModel, folder: Path) -> None:
    loaded = IntentModel.load(folder)
    for text in PROBES:
        before, after = model.read(text), loaded.read(text)
        # Weights are kept with half the digits.
        assert dict(after.ranking) == pytest.approx(dict(before.ranking), abs=2e-3)
        assert after.need_margin == pytest.approx(before.need_margin, abs=2e-3)
    assert loaded.read("муж бьёт").ranking[0][0] == model.read("муж бьёт").ranking[0][0]


def test_a_second_round_trip_changes_nothing(folder: Path, tmp_path: Path) -> None:
    loaded = IntentModel.load(folder)
    again = saved(loaded, tmp_path / "again")
    assert digests(again) == digests(folder)
    assert readings(IntentModel.load(again)) == readings(loaded)


def test_nothing_saved_can_run_code(folder: Path) -> None:
    for file in folder.iterdir():
        if file.suffix == ".json":
            json.loads(file.read_text())
        else:
            assert file.suffix == ".npy", file.name
            assert np.load(file, allow_pickle=False).dtype.kind == "f"


def test_the_trained_model_holds_no_pickle(model_file: Path) -> None:
    with tarfile.open(model_file) as archive:
        files = [member for member in archive.getmembers() if member.isfile()]
        assert len(files) > 10
        for member in files:
            assert member.name.endswith((".json", ".npy", ".yml")), member.name
            content = archive.extractfile(member)
            assert content is not None
            if member.name.endswith(".npy"):
                # Refuses arrays of objects, the only ones that are pickled.
                assert np.load(io.BytesIO(content.read()), allow_pickle=False).size > 0
            else:
                content.read().decode("utf-8")


def test_arrays_with_objects_are_refused(folder: Path, tmp_path: Path) -> None:
    copy = copied(folder, tmp_path)
    np.save(copy / "intents_bias.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):
        IntentModel.load(copy)


def copied(folder: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


FILES = (
    "characters.json", "characters_idf.npy", "concepts.json", "concepts_idf.npy", "intents.json",
    "intents_bias.npy", "intents_weights.npy", "needs.json", "needs_bias.npy",
    "needs_weights.npy", "settings.json", "stems.json", "stems_idf.npy", "words.json",
    "words_idf.npy",
)  # fmt: skip


def test_the_list_of_files_is_whole(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_raises(name: str, folder: Path, tmp_path: Path) -> None:
    copy = copied(folder, tmp_path)
    (copy / name).unlink()
    with pytest.raises(FileNotFoundError):
        IntentModel.load(copy)


@pytest.mark.parametrize("name", FILES)
def test_half_a_file_raises(name: str, folder: Path, tmp_path: Path) -> None:
    copy = copied(folder, tmp_path)
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[: len(content) // 2])
    with pytest.raises((ValueError, EOFError)):
        IntentModel.load(copy)


# --- the component --------------------------------------------------------------------------------


def storage(tmp_path: Path) -> tuple[Any, Any]:
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    (tmp_path / "storage").mkdir()
    return LocalModelStorage(tmp_path / "storage"), Resource("intent_classifier")


def load_component(model_storage: Any, resource: Any) -> LinearIntentClassifier:
    config = LinearIntentClassifier.get_default_config()
    return LinearIntentClassifier.load(config, model_storage, resource, None)  # type: ignore[arg-type]


def trained_component(model_storage: Any, resource: Any) -> LinearIntentClassifier:
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    component = LinearIntentClassifier.create(
        LinearIntentClassifier.get_default_config(),
        model_storage,
        resource,
        None,  # type: ignore[arg-type]
    )
    examples = [Message.build(text=text, intent=intent) for text, intent in PAIRS]
    component.train(TrainingData(examples))
    return component


def read_by(component: LinearIntentClassifier, text: str) -> dict[str, Any]:
    from rasa.shared.nlu.training_data.message import Message

    (message,) = component.process([Message.build(text=text)])
    return message.as_dict(only_output_properties=True)


def test_the_component_is_loaded_as_it_was_trained(tmp_path: Path) -> None:
    model_storage, resource = storage(tmp_path)
    trained = read_by(trained_component(model_storage, resource), "муж бьёт")
    loaded = read_by(load_component(model_storage, resource), "муж бьёт")
    assert trained["intent"]["name"] == loaded["intent"]["name"] == "domestic_violence"
    assert loaded["intent"]["confidence"] == pytest.approx(
        trained["intent"]["confidence"], abs=2e-3
    )
    assert loaded["intent_ranking"][0] == loaded["intent"]


@pytest.mark.parametrize("name", FILES)
def test_a_component_without_a_file_does_not_start(name: str, tmp_path: Path) -> None:
    model_storage, resource = storage(tmp_path)
    with model_storage.write_to(resource) as folder:
        tiny().save(folder)
        (folder / name).unlink()
    with pytest.raises(FileNotFoundError):
        load_component(model_storage, resource)


def test_a_component_without_a_model_does_not_start(tmp_path: Path) -> None:
    model_storage, resource = storage(tmp_path)
    with pytest.raises(ValueError, match="intent_classifier"):
        load_component(model_storage, resource)


def test_an_untrained_component_answers_nothing(tmp_path: Path) -> None:
    model_storage, resource = storage(tmp_path)
    untrained = LinearIntentClassifier(
        LinearIntentClassifier.get_default_config(), model_storage, resource
    )
    with pytest.raises(RuntimeError, match="trained"):
        read_by(untrained, "муж бьёт")


def test_the_second_classifier_knows_no_need(folder: Path) -> None:
    """The questions stay out of its training, and "none" is one of its answers."""
    known = json.loads((folder / "needs.json").read_text())
    assert sorted(known) == sorted({"domestic_violence", "self_harm", NO_NEED})
