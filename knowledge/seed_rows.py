"""Seed entries as rows of the tables, parents before children."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge import seed_schema
from knowledge.entries import Row
from knowledge.models import Localised
from knowledge.queries import MORE
from knowledge.seed_files import SeedData


def seed_rows(data: SeedData) -> dict[str, list[Row]]:
    """Table name -> its rows, in an order that keeps foreign keys."""
    questions = [row for one in data.questions for row in _question(one)]
    provisions = [row for one in data.provisions for row in _provision(one)]
    services = [row for one in data.services for row in _service(one)]
    rows: dict[str, list[Row]] = {
        "act": [
            {
                "id": one.id,
                "name": one.name.localised(),
                "short": one.short.localised(),
                "number": one.number,
                "date": one.date,
            }
            for one in data.acts
        ],
        "place": [
            {
                "id": one.id,
                "region_id": one.region,
                "kind": one.kind,
                "name": one.names.localised(),
                "latitude": one.latitude,
                "longitude": one.longitude,
            }
            for one in data.places
        ],
        "constant": [one.model_dump() for one in data.routes.constants],
    }
    for table, row in [*provisions, *questions, *services, *_routes(data.routes)]:
        rows.setdefault(table, []).append(row)
    rows["term"] = [
        {
            "id": one.id,
            "term": one.term.localised(),
            "stems": one.stems,
            "avoid": one.avoid,
            "loose": one.loose,
            "meaning": one.meaning.localised(),
            "provision_id": one.provision,
        }
        for one in data.terms
    ]
    return rows


def _provision(seed: seed_schema.ProvisionSeed) -> Iterator[tuple[str, Row]]:
    note = seed.changed_by_law_2024_note
    yield (
        "provision",
        {
            "id": seed.id,
            "act_id": seed.act,
            "article": seed.article,
            "heading": seed.heading.localised(),
            "heading_kk_checked": seed.heading_kk_checked,
            "topics": seed.topics,
            "conduct": seed.conduct.localised(),
            "who_is_protected": seed.who_is_protected,
            "prosecution": seed.prosecution,
            "prosecution_by_part": seed.prosecution_by_part,
            "in_force_from": seed.in_force_from,
            "in_force_to": seed.in_force_to,
            "changed_by_law_2024": seed.changed_by_law_2024,
            "changed_by_law_2024_note": note.localised() if note else None,
            "later_changes": [one.model_dump(mode="json") for one in seed.later_changes],
            "valid_as_of": seed.valid_as_of,
            "confidence": seed.confidence,
            "official_location": seed.official_location,
            "read_via": seed.read_via,
            "note": seed.note,
            "sources": seed.sources,
        },
    )
    for position, penalty in enumerate(seed.penalties):
        yield (
            "penalty",
            {"provision_id": seed.id, "position": position, **penalty.columns()},
        )


def _question(seed: seed_schema.QuestionSeed) -> Iterator[tuple[str, Row]]:
    yield (
        "question",
        {
            "id": seed.id,
            "question": seed.question.localised(),
            "label": seed.label.localised(),
            "topics": seed.topics,
            "confidence": seed.confidence,
            "note": seed.note,
            "sources": seed.sources,
        },
    )
    points = seed.answer_points
    for position, (kk, ru, en, confidence) in enumerate(
        zip(points.kk, points.ru, points.en, seed.points_confidence, strict=True)
    ):
        yield (
            "answer_point",
            {
                "question_id": seed.id,
                "position": position,
                "text": Localised(kk=kk.strip(), ru=ru.strip(), en=en.strip()),
                "confidence": confidence,
            },
        )
    for position, provision in enumerate(seed.basis):
        yield (
            "question_basis",
            {"question_id": seed.id, "position": position, "provision_id": provision},
        )


def _service(seed: seed_schema.ServiceSeed) -> Iterator[tuple[str, Row]]:
    as_it_is = (
        "id", "name_kk_translated", "kind", "serves", "coverage", "address", "latitude",
        "longitude", "location_precision", "telegram", "email", "website", "hours", "languages",
        "cost", "asks_for", "passes_to_police", "offers_shelter", "last_seen", "checked_on",
        "checked_by", "confidence", "note", "sources",
    )  # fmt: skip
    yield (
        "service",
        {
            **{name: getattr(seed, name) for name in as_it_is},
            "name": seed.name.localised(),
            "description": seed.description.localised(),
            "region_id": seed.region,
            "place_id": seed.place,
        },
    )
    for position, phone in enumerate(seed.phones):
        yield (
            "service_phone",
            {
                "service_id": seed.id,
                "position": position,
                "number": phone.number,
                "kind": phone.kind,
                "note": phone.note,
            },
        )
    for need in seed.needs:
        yield "service_need", {"service_id": seed.id, "need": need}


def _routes(routes: seed_schema.RoutesSeed) -> Iterator[tuple[str, Row]]:
    by_audience: dict[str, seed_schema.Routes] = {"": routes.answers, MORE: routes.more}
    by_audience.update({str(who): by_topic for who, by_topic in routes.audiences.items()})
    for audience, by_topic in by_audience.items():
        for topic, by_need in by_topic.items():
            for need, questions in by_need.items():
                for position, question in enumerate(questions):
                    yield (
                        "answer_route",
                        {
                            "topic": topic,
                            "need": need,
                            "audience": audience,
                            "position": position,
                            "question_id": question,
                        },
                    )
    for need, by_provision in routes.penalties.items():
        for position, (provision, parts) in enumerate(by_provision.items()):
            yield (
                "penalty_route",
                {"need": need, "position": position, "provision_id": provision, "parts": parts},
            )
    for subject, services in routes.national_lines.items():
        for position, service in enumerate(services):
            yield (
                "national_line",
                {"subject": subject, "position": position, "service_id": service},
            )
