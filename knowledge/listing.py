"""Keep the rows by which services are found (:class:`knowledge.models.ServiceListing`) up to date.

Whoever changes services calls :func:`relist` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from knowledge.models import OpeningHours, Service, ServiceListing, ServiceNeed, ServicePhone
from knowledge.seed_schema import NEEDS

__all__ = ["DIALLED", "LISTED_ONLY", "UNSURE", "kind_subject", "relist"]

# Tiers of a listing.
DIALLED, UNSURE, LISTED_ONLY = 0, 1, 2
# A need is also served by services that name a near relative of it.
_SERVED_BY = {
    "immediate_danger": ("domestic_violence",),
    "stalking": ("stalking", "domestic_violence"),
    "harassment": ("harassment", "sexual_violence"),
    "image_abuse": ("image_abuse", "cyberbullying", "sexual_violence"),
    "cyberbullying": ("cyberbullying", "bullying"),
    "bullying": ("bullying", "cyberbullying"),
    "forced_marriage": ("forced_marriage", "domestic_violence"),
}
_CONFIDENCE_RANK = {"high": 0, "medium": 1, "low": 2}
# The later checked, the lower: days before the last day that a date can hold.
_LAST_DAY = date.max.toordinal()
_AT_ONCE = 500


def kind_subject(kind: str) -> str:
    """The subject under which services of a kind are listed."""
    return f"kind:{kind}"


def relist(connection: Connection, ids: Collection[str] | None = None) -> None:
    """Make the listings of some services anew, or of all."""
    if ids is None:
        connection.execute(delete(ServiceListing))
        ids = list(connection.scalars(select(Service.id)))
    ids = list(ids)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        connection.execute(delete(ServiceListing).where(ServiceListing.service_id.in_(some)))
        rows = list(_listings(connection, some))
        if rows:
            connection.execute(insert(ServiceListing), rows)
    known = set(connection.scalars(select(OpeningHours.hours)))
    used = {one for one in connection.scalars(select(Service.hours).distinct()) if one}
    if used - known:
        connection.execute(insert(OpeningHours), [{"hours": one} for one in sorted(used - known)])
    if known - used:
        gone = delete(OpeningHours).where(OpeningHours.hours == bindparam("gone"))
        connection.execute(gone, [{"gone": one} for one in sorted(known - used)])


def _listings(connection: Connection, ids: list[str]) -> Iterator[dict[str, Any]]:
    services = connection.execute(
        select(
            Service.id, Service.kind, Service.serves, Service.region_id, Service.place_id,
            Service.hours, Service.confidence, Service.checked_on,
        ).where(Service.id.in_(ids))
    )  # fmt: skip
    needs = _grouped(
        connection.execute(
            select(ServiceNeed.service_id, ServiceNeed.need).where(ServiceNeed.service_id.in_(ids))
        )
    )
    phones = _grouped(
        connection.execute(
            select(ServicePhone.service_id, ServicePhone.number).where(
                ServicePhone.service_id.in_(ids)
            )
        )
    )
    for one in services:
        numbers = phones.get(one.id, ())
        tier = LISTED_ONLY if not numbers else UNSURE if one.confidence == "low" else DIALLED
        checked = one.checked_on.toordinal() if one.checked_on else 0
        listing = {
            "service_id": one.id,
            "region_id": one.region_id,
            "place_id": one.place_id,
            "tier": tier,
            "serves": one.serves,
            "hours": one.hours,
            "rank": _CONFIDENCE_RANK[one.confidence] * _LAST_DAY * 2 + _LAST_DAY - checked,
            # "102" and "109" reach the own region's office from wherever they are dialled.
            "from_afar": any(number.startswith("+") for number in numbers),
        }
        regional_emergency = one.kind == "emergency" and one.region_id is not None
        for subject in _subjects(one.kind, needs.get(one.id, ()), regional_emergency):
            yield {"subject": subject, **listing}


def _subjects(kind: str, needs: Collection[str], regional_emergency: bool) -> Iterator[str]:
    yield kind_subject(kind)
    if not regional_emergency:
        yield ""
    for need in NEEDS:
        served = {*_SERVED_BY.get(need, (need,)), "any"}
        if not served.isdisjoint(needs):
            yield need


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return grouped
