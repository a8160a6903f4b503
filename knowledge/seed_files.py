"""Read the seed files and check them; every defect is named with file, line and what is allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from knowledge import seed_schema

SEED = Path(__file__).resolve().parent / "seed"
GAZETTEER = Path(__file__).resolve().parent.parent / "nlu" / "lexicons" / "places.yml"
FILES = ("acts.yml", "law.yml", "rights.yml", "contacts.yml", "routes.yml", "glossary.yml")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    terms: list[seed_schema.TermSeed]
    digest: str


def read_yaml(path: Path) -> Any:
    """What a seed file holds, not yet checked; a defect of the YAML is a :class:`SeedError`."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except FileNotFoundError:
        raise SeedError(f"{path.name}: the file is missing; restore it from git") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not readable as YAML"
        raise SeedError(f"{path.name}{where}: {problem}; correct it there") from None


class _StrictLoader(_Loader):  # type: ignore[misc, valid-type]
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


@dataclass(frozen=True)
class _Part:
    """What one seed file holds; ``prefixes`` says where each entry stands in the file."""

    path: Path
    content: Any
    kind: Any
    prefixes: Sequence[tuple[str | int, ...]] = ()

    def check(self) -> Any:
        """The checked content; all its defects are lines of one :class:`SeedError`."""
        try:
            return TypeAdapter(self.kind).validate_python(self.content)
        except ValidationError as error:
            lines = [self._defect(one) for one in error.errors(include_url=False)]
            raise SeedError("\n".join(lines)) from None

    def _defect(self, error: ErrorDetails) -> str:
        location = list(error["loc"])
        entry, where = "", tuple(location)
        if location and isinstance(location[0], int) and isinstance(self.content, list):
            index = int(location.pop(0))
            item = self.content[index]
            name = item.get("id", "without id") if isinstance(item, dict) else "not a mapping"
            entry = f", entry {name}"
            if self.prefixes:
                where = (*self.prefixes[index], *location)
        field = ".".join(str(part) for part in location)
        reason = error["msg"].removeprefix("Value error, ")
        line = line_of(self.path, where)
        return f"{self.path.name}, line {line}{entry}, {field or 'file'}: {reason}"


def line_of(path: Path, where: Sequence[str | int]) -> int:
    """The line (from 1) of a YAML file on which a key or list entry stands, or its owner's line."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    line = 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == str(step)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def read_seed(folder: Path = SEED, gazetteer: Path = GAZETTEER) -> SeedData:
    """Read and check every seed file; all defects found are lines of one :class:`SeedError`.

    What entries say of each other is checked when each is right by itself.
    """
    paths = {name: folder / name for name in FILES}
    content = {name: read_yaml(path) for name, path in paths.items()}
    contacts = content["contacts.yml"] or {}
    if not isinstance(contacts, dict) or set(contacts) != {"national", "regional"}:
        raise SeedError("contacts.yml: give the lists `national` and `regional`")
    sections = {name: list(contacts[name] or ()) for name in ("national", "regional")}
    services = [one for section in sections.values() for one in section]
    standing = [(name, index) for name, some in sections.items() for index in range(len(some))]
    places = (read_yaml(gazetteer) or {}).get("places")
    at_places = [("places", index) for index in range(len(places or ()))]

    def part(name: str, kind: Any) -> _Part:
        return _Part(paths[name], content[name], kind)

    wanted = {
        "acts": part("acts.yml", list[seed_schema.ActSeed]),
        "provisions": part("law.yml", list[seed_schema.ProvisionSeed]),
        "questions": part("rights.yml", list[seed_schema.QuestionSeed]),
        "services": _Part(paths["contacts.yml"], services, list[seed_schema.ServiceSeed], standing),
        "places": _Part(gazetteer, places, list[seed_schema.PlaceSeed], at_places),
        "routes": part("routes.yml", seed_schema.RoutesSeed),
        "terms": part("glossary.yml", list[seed_schema.TermSeed]),
    }
    checked: dict[str, Any] = {}
    defects: list[str] = []
    for name, one in wanted.items():
        try:
            checked[name] = one.check()
        except SeedError as error:
            defects.append(str(error))
    if not defects:
        data = SeedData(**checked, digest=_digest([*paths.values(), gazetteer]))
        defects = list(reference_defects(data, len(sections["national"])))
    if defects:
        raise SeedError("\n".join(defects))
    return data


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def reference_defects(data: SeedData, national: int) -> Iterable[str]:
    """What entries say wrongly of each other; the first ``national`` services are of no region."""
    ids: dict[str, set[str]] = {}
    for what, file, entries in (
        ("act", "acts.yml", data.acts),
        ("provision", "law.yml", data.provisions),
        ("question", "rights.yml", data.questions),
        ("service", "contacts.yml", data.services),
        ("place", GAZETTEER.name, data.places),
        ("term", "glossary.yml", data.terms),
    ):
        seen: set[str] = set()
        for one in entries:
            if one.id in seen:
                yield f"{file}, entry {one.id}: this id stands there twice"
            seen.add(one.id)
        ids[what] = seen

    def unknown(file: str, entry: str, what: str, wanted: Iterable[str]) -> Iterable[str]:
        return (
            f"{file}, entry {entry}: there is no {what} {one!r}"
            for one in wanted
            if one not in ids[what]
        )

    ids["need"] = {*seed_schema.NEEDS, ""}
    ids["need or topic"] = {*ids["need"], *seed_schema.TOPICS}
    for provision in data.provisions:
        yield from unknown("law.yml", provision.id, "act", [provision.act])
    for question in data.questions:
        yield from unknown("rights.yml", question.id, "provision", question.basis)
    for index, service in enumerate(data.services):
        located = [one for one in (service.region, service.place) if one]
        yield from unknown("contacts.yml", service.id, "place", located)
        if (service.region is None) != (index < national):
            yield (
                f"contacts.yml, entry {service.id}: a service of no region stands under "
                "`national`, one of a region under `regional`"
            )
    for term in data.terms:
        based = [term.provision] if term.provision else []
        yield from unknown("glossary.yml", term.id, "provision", based)
    routes = data.routes
    for name, by_topic in (
        ("answers", routes.answers),
        ("more", routes.more),
        *((f"audiences.{one}", routes.audiences[one]) for one in routes.audiences),
    ):
        for topic, by_need in by_topic.items():
            entry = f"{name}.{topic}"
            yield from unknown("routes.yml", entry, "need", by_need)
            for questions in by_need.values():
                yield from unknown("routes.yml", entry, "question", questions)
    parts = {one.id: {penalty.part for penalty in one.penalties} for one in data.provisions}
    for need, by_provision in routes.penalties.items():
        yield from unknown("routes.yml", f"penalties.{need}", "provision", by_provision)
        for routed, wanted in by_provision.items():
            ids["part"] = parts.get(routed, set(wanted))
            yield from unknown("routes.yml", f"penalties.{need}.{routed}", "part", wanted)
    for subject, services in routes.national_lines.items():
        yield from unknown("routes.yml", "national_lines", "need or topic", [subject])
        yield from unknown("routes.yml", f"national_lines.{subject}", "service", services)
