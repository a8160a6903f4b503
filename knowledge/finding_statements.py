"""The statements of :mod:`knowledge.finding`, built once; their parameters are bound at each call.

All take ``subjects``; those that choose services also ``open`` (wordings of hours that are open
now), ``last`` (whom services serve that go last) and ``limit``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    case,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from knowledge.listing import DIALLED, LISTED_ONLY, UNSURE
from knowledge.models import NationalLine, Place, Service, ServiceListing, ServicePhone

__all__ = ["PLACES_AT_ONCE", "details", "national_lines", "of_places", "of_region"]

# So many settlements one statement takes.
PLACES_AT_ONCE = 3
_OPEN, _UNKNOWN, _CLOSED = 0, 1, 2


@lru_cache(maxsize=1)
def national_lines() -> Select[Any]:
    """The lines of ``subjects``."""
    lines = (
        select(NationalLine.subject, NationalLine.service_id)
        .where(NationalLine.subject.in_(bindparam("subjects", expanding=True)))
        .order_by(NationalLine.position)
    )
    return cast("Select[Any]", lines)


@lru_cache(maxsize=1)
def details() -> Select[Any]:
    """What is shown of the services ``ids``: a row a number."""
    there = aliased(Place)
    columns = (
        select(
            Service.id, Service.name, Service.kind, Service.hours, Service.cost, Service.asks_for,
            Service.passes_to_police, Service.serves, Service.last_seen,
            Service.checked_on, Service.confidence, Service.region_id, Service.place_id,
            there.name.label("place_name"), ServicePhone.number, ServicePhone.kind.label("phone"),
        )
        .outerjoin(there, there.id == Service.place_id)
        .outerjoin(ServicePhone, ServicePhone.service_id == Service.id)
        .where(Service.id.in_(bindparam("ids", expanding=True)))
        .order_by(Service.id, ServicePhone.position)
    )  # fmt: skip
    return cast("Select[Any]", columns)


def _listed(
    where: Sequence[ColumnElement[bool]], tier: int, limit: str, *marks: ColumnElement[Any]
) -> Select[Any]:
    """The best listings of one range: who it serves, open now, then how sure it is."""
    listing = ServiceListing
    best_first: tuple[Any, ...] = (listing.rank, listing.service_id)
    unfit = case((listing.serves.in_(bindparam("last", expanding=True)), 1), else_=0)
    openness = case(
        (listing.hours.in_(bindparam("open", expanding=True)), _OPEN),
        (listing.hours.is_(None), _UNKNOWN),
        else_=_CLOSED,
    )
    if tier != LISTED_ONLY:
        # Names without a number have no hours that would matter; they come in index order.
        best_first = (unfit, openness, *best_first)
    best = (
        select(listing.service_id, listing.tier, *marks)
        .where(
            listing.subject.in_(bindparam("subjects", expanding=True)),
            listing.tier == tier,
            *where,
        )
        .order_by(*best_first)
        .limit(bindparam(limit, type_=Integer))
        .subquery()
    )
    # SQLite takes ORDER BY and LIMIT inside a union only in a subquery.
    return select(best)


@lru_cache(maxsize=2)
def of_region(unsure: bool) -> CompoundSelect[Any]:
    """The best of settlement ``place`` (``local`` is 1) and of the rest of ``region``."""
    listing = ServiceListing
    here = (listing.place_id == bindparam("place"),)
    elsewhere = (
        listing.region_id == bindparam("region"),
        or_(listing.place_id.is_(None), listing.place_id != bindparam("place")),
    )
    tiers = ((UNSURE, "limit"),) if unsure else ((DIALLED, "limit"), (LISTED_ONLY, "names"))
    return union_all(
        *(_listed(here, tier, limit, literal(1).label("local")) for tier, limit in tiers),
        *(_listed(elsewhere, tier, limit, literal(0).label("local")) for tier, limit in tiers),
    )


@lru_cache(maxsize=2)
def of_places(from_afar: bool) -> CompoundSelect[Any]:
    """The best of settlements ``place0`` ... that can be dialled, from afar if wanted."""
    listing = ServiceListing
    more: tuple[ColumnElement[bool], ...] = (listing.from_afar.is_(True),) if from_afar else ()
    return union_all(
        *(
            _listed(
                (listing.place_id == bindparam(f"place{index}"), *more),
                DIALLED,
                "limit",
                literal(index).label("nearness"),
            )
            for index in range(PLACES_AT_ONCE)
        )
    )
