"""Which settlements are near a position, and how far they are."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from typing import NamedTuple

from geographiclib.geodesic import Geodesic
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from knowledge.models import Place

__all__ = [
    "MOST", "Near", "Position", "Settlement", "kilometres", "nearest", "settlements_within",
]  # fmt: skip

# Latitude and longitude in degrees (WGS 84).
Position = tuple[float, float]
# So many settlements are given, nearest first.
MOST = 9
# So many more are measured exactly, because the rough order may be wrong by a few.
_ROUGHLY_AS_NEAR = 3
_KM_PER_DEGREE = 111.0


def kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Distance over the ground on the WGS 84 ellipsoid, in kilometres."""
    found = Geodesic.WGS84.Inverse(
        latitude, longitude, to_latitude, to_longitude, Geodesic.DISTANCE
    )
    return float(found["s12"]) / 1000


class Near(NamedTuple):
    """A settlement and how far it is."""

    km: float
    place_id: str
    region_id: str


class Settlement(NamedTuple):
    """A settlement where it lies (degrees)."""

    place_id: str
    region_id: str
    latitude: float
    longitude: float
    has_service: bool


def settlements_within(
    session: Session,
    position: Position,
    km: float,
    has_service: ColumnElement[bool],
    *conditions: ColumnElement[bool],
) -> list[Settlement]:
    """The settlements in a box that holds the whole circle around a position."""
    latitude, longitude = position
    height = km / _KM_PER_DEGREE
    width = height / _narrowed(abs(latitude) + height)
    query = select(Place.id, Place.region_id, Place.latitude, Place.longitude, has_service).where(
        Place.kind != "region",
        Place.latitude.between(latitude - height, latitude + height),
        Place.longitude.between(longitude - width, longitude + width),
        *conditions,
    )
    return [
        Settlement(one, region_id, to_latitude or 0.0, to_longitude or 0.0, bool(served))
        for one, region_id, to_latitude, to_longitude, served in session.execute(query)
    ]


def nearest(
    settlements: Iterable[Settlement], position: Position, within_km: float, count: int
) -> list[Near]:
    """The nearest of some settlements, nearest first."""
    latitude, longitude = position
    narrow = _narrowed(abs(latitude))

    def roughly(one: Settlement) -> float:
        return (one.latitude - latitude) ** 2 + ((one.longitude - longitude) * narrow) ** 2

    # Rough distances choose whom to measure: exact ones take their time.
    measured = [
        Near(
            kilometres(latitude, longitude, one.latitude, one.longitude),
            one.place_id,
            one.region_id,
        )
        for one in heapq.nsmallest(count + _ROUGHLY_AS_NEAR, settlements, key=roughly)
    ]
    return [one for one in sorted(measured) if one.km <= within_km][:count]


def _narrowed(latitude: float) -> float:
    """How much shorter a degree of longitude is there than at the equator."""
    return math.cos(math.radians(min(89.0, latitude)))
