"""Load the seed files into the database: all or nothing, safe to run again.

``python -m knowledge load`` migrates and loads; it does nothing when the seed did not change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from knowledge import models, seed_schema
from knowledge.models import Localised

SEED = Path(__file__).resolve().parent / "seed"
GAZETTEER = Path(__file__).resolve().parent.parent / "nlu" / "lexicons" / "places.yml"
FILES = ("acts.yml", "law.yml", "rights.yml", "contacts.yml", "routes.yml")
T = TypeVar("T")


class SeedError(Exception):
    """Seed files are broken; each line of the text names file, entry and what to do."""


@dataclass(frozen=True)
class SeedData:
    """Everything in the seed files, checked."""

    acts: list[seed_schema.ActSeed]
    provisions: list[seed_schema.ProvisionSeed]
    questions: list[seed_schema.QuestionSeed]
    services: list[seed_schema.ServiceSeed]
    places: list[seed_schema.PlaceSeed]
    routes: seed_schema.RoutesSeed
    digest: str


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except FileNotFoundError:
        raise SeedError(f"{path.name}: the file is missing; restore it from git") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not readable as YAML"
        raise SeedError(f"{path.name}{where}: {problem}; correct it there") from None


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Refuses a key that stands twice in one mapping: YAML would silently keep the last.

    The C loader reads a megabyte of seed in a second, the Python one in ten.
    """


def _mapping_without_doubles(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} stands here twice", key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping_without_doubles)


def _check(path: Path, content: Any, kind: Any) -> Any:
    """The checked content; all its defects are lines of one :class:`SeedError`."""
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        lines = [_defect(path, content, one) for one in error.errors(include_url=False)]
        raise SeedError("\n".join(lines)) from None


def _defect(path: Path, content: Any, error: ErrorDetails) -> str:
    location = list(error["loc"])
    entry = ""
    if location and isinstance(location[0], int) and isinstance(content, list):
        item = content[int(location.pop(0))]
        name = item.get("id", "without id") if isinstance(item, dict) else "not a mapping"
        entry = f", entry {name}"
    field = ".".join(str(part) for part in location)
    reason = error["msg"].removeprefix("Value error, ")
    return f"{path.name}{entry}, {field or 'file'}: {reason}"


def _unique(path: Path, ids: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise SeedError(f"{path.name}, entry {one}: this id stands there twice")
        seen.add(one)
    return seen


def read_seed(folder: Path = SEED, gazetteer: Path = GAZETTEER) -> SeedData:
    """Read and check every seed file; all defects found are lines of one :class:`SeedError`.

    What entries say of each other is checked when each is right by itself.
    """
    paths = {name: folder / name for name in FILES}
    content = {name: _read_yaml(path) for name, path in paths.items()}
    contacts = content["contacts.yml"] or {}
    if not isinstance(contacts, dict) or set(contacts) != {"national", "regional"}:
        raise SeedError("contacts.yml: give the lists `national` and `regional`")
    services = [*contacts["national"], *contacts["regional"]]
    places = (_read_yaml(gazetteer) or {}).get("places")
    wanted: dict[str, tuple[Path, Any, Any]] = {
        "acts": (paths["acts.yml"], content["acts.yml"], list[seed_schema.ActSeed]),
        "provisions": (paths["law.yml"], content["law.yml"], list[seed_schema.ProvisionSeed]),
        "questions": (paths["rights.yml"], content["rights.yml"], list[seed_schema.QuestionSeed]),
        "services": (paths["contacts.yml"], services, list[seed_schema.ServiceSeed]),
        "places": (gazetteer, places, list[seed_schema.PlaceSeed]),
        "routes": (paths["routes.yml"], content["routes.yml"], seed_schema.RoutesSeed),
    }
    checked: dict[str, Any] = {}
    defects: list[str] = []
    for name, (path, found, kind) in wanted.items():
        try:
            checked[name] = _check(path, found, kind)
        except SeedError as error:
            defects.append(str(error))
    if defects:
        raise SeedError("\n".join(defects))
    data = SeedData(**checked, digest=_digest([*paths.values(), gazetteer]))
    _check_references(data)
    return data


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _check_references(data: SeedData) -> None:
    acts = _unique(SEED / "acts.yml", (act.id for act in data.acts))
    provisions = _unique(SEED / "law.yml", (one.id for one in data.provisions))
    questions = _unique(SEED / "rights.yml", (one.id for one in data.questions))
    services = _unique(SEED / "contacts.yml", (one.id for one in data.services))
    places = _unique(GAZETTEER, (one.id for one in data.places))
    needs = set(seed_schema.NEEDS)

    def known(file: str, entry: str, wanted: Iterable[str], have: set[str], what: str) -> None:
        for one in wanted:
            if one not in have:
                raise SeedError(f"{file}, entry {entry}: there is no {what} {one!r}")

    for provision in data.provisions:
        known("law.yml", provision.id, [provision.act], acts, "act")
    for question in data.questions:
        known("rights.yml", question.id, question.basis, provisions, "provision")
    for service in data.services:
        located = [one for one in (service.region, service.place) if one]
        known("contacts.yml", service.id, located, places, "place")
    for topic, by_need in data.routes.answers.items():
        known("routes.yml", topic, by_need, needs | {""}, "need")
        for ids in by_need.values():
            known("routes.yml", topic, ids, questions, "question")
    parts = {one.id: {penalty.part for penalty in one.penalties} for one in data.provisions}
    for need, by_provision in data.routes.penalties.items():
        known("routes.yml", need, by_provision, provisions, "provision")
        for routed, wanted in by_provision.items():
            known("routes.yml", f"{need}.{routed}", wanted, parts[routed], "part")
    subjects = needs | {"", *seed_schema.TOPICS}
    for subject, ids in data.routes.national_lines.items():
        known("routes.yml", "national_lines", [subject], subjects, "need or topic")
        known("routes.yml", f"national_lines.{subject}", ids, services, "service")


def load(engine: Engine, data: SeedData) -> bool:
    """Bring the database to the state of the seed in one transaction.

    Returns False, having written nothing, when this very seed is already there.
    """
    with Session(engine) as session, session.begin():
        if session.scalar(select(models.SeedState.digest)) == data.digest:
            return False
        for table in reversed(models.Base.metadata.sorted_tables):
            session.execute(delete(table))
        # Parents first, each group flushed, so that foreign keys hold on PostgreSQL.
        for group in _rows(data):
            session.add_all(group)
            session.flush()
        session.add(models.SeedState(id=1, digest=data.digest, loaded_at=datetime.now(UTC)))
        return True


def _rows(data: SeedData) -> Iterable[list[models.Base]]:
    yield [
        models.Act(id=act.id, name=act.name.localised(), short=act.short.localised())
        for act in data.acts
    ]
    yield [
        models.Place(
            id=place.id,
            region_id=place.region,
            kind=place.kind,
            name=place.names.localised(),
            latitude=place.latitude,
            longitude=place.longitude,
        )
        for place in data.places
    ]
    yield [_provision(seed) for seed in data.provisions]
    yield [_question(seed) for seed in data.questions]
    yield [_service(seed) for seed in data.services]
    yield [
        models.ServiceNeed(service_id=seed.id, need=need)
        for seed in data.services
        for need in dict.fromkeys(seed.needs)
    ]
    yield [
        models.AnswerRoute(topic=topic, need=need, position=position, question_id=question)
        for topic, by_need in data.routes.answers.items()
        for need, questions in by_need.items()
        for position, question in enumerate(questions)
    ]
    yield [
        models.PenaltyRoute(need=need, position=position, provision_id=provision, parts=parts)
        for need, by_provision in data.routes.penalties.items()
        for position, (provision, parts) in enumerate(by_provision.items())
    ]
    yield [
        models.NationalLine(subject=subject, position=position, service_id=service)
        for subject, services in data.routes.national_lines.items()
        for position, service in enumerate(services)
    ]
    yield [models.Constant(**constant.model_dump()) for constant in data.routes.constants]


def _provision(seed: seed_schema.ProvisionSeed) -> models.Provision:
    note = seed.changed_by_law_2024_note
    return models.Provision(
        id=seed.id,
        act_id=seed.act,
        article=seed.article,
        heading=seed.heading.localised(),
        heading_kk_checked=seed.heading_kk_checked,
        conduct=seed.conduct.localised(),
        who_is_protected=seed.who_is_protected,
        prosecution=seed.prosecution,
        prosecution_by_part=seed.prosecution_by_part,
        in_force_from=seed.in_force_from,
        in_force_to=seed.in_force_to,
        changed_by_law_2024=seed.changed_by_law_2024,
        changed_by_law_2024_note=note.localised() if note else None,
        valid_as_of=seed.valid_as_of,
        confidence=seed.confidence,
        official_location=seed.official_location,
        read_via=seed.read_via,
        note=seed.note,
        sources=seed.sources,
        penalties=[
            models.Penalty(position=position, **penalty.columns())
            for position, penalty in enumerate(seed.penalties)
        ],
    )


def _question(seed: seed_schema.QuestionSeed) -> models.Question:
    points = seed.answer_points
    return models.Question(
        id=seed.id,
        question=seed.question.localised(),
        confidence=seed.confidence,
        note=seed.note,
        sources=seed.sources,
        points=[
            models.AnswerPoint(
                position=position,
                text=Localised(kk=kk.strip(), ru=ru.strip(), en=en.strip()),
                confidence=confidence,
            )
            for position, (kk, ru, en, confidence) in enumerate(
                zip(points.kk, points.ru, points.en, seed.points_confidence, strict=True)
            )
        ],
        basis=[
            models.QuestionBasis(position=position, provision_id=provision)
            for position, provision in enumerate(seed.basis)
        ],
    )


def _service(seed: seed_schema.ServiceSeed) -> models.Service:
    return models.Service(
        id=seed.id,
        name=seed.name.localised(),
        kind=seed.kind,
        serves=seed.serves,
        region_id=seed.region,
        place_id=seed.place,
        address=(seed.address or {}).get("ru"),
        whatsapp=seed.whatsapp,
        telegram=seed.telegram,
        email=seed.email,
        website=seed.website,
        hours=seed.hours,
        languages=seed.languages or [],
        free_of_charge=seed.free_of_charge,
        offers_shelter=seed.offers_shelter,
        description=seed.description.localised(),
        last_seen=seed.last_seen,
        checked_on=seed.checked_on,
        checked_by=seed.checked_by,
        confidence=seed.confidence,
        sources=seed.sources,
        phones=[
            models.ServicePhone(
                position=position, number=phone.number, kind=phone.kind, note=phone.note or None
            )
            for position, phone in enumerate(seed.phones)
        ],
    )
