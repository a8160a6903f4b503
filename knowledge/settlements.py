"""Which settlements are near a position, and how far they are."""

from __future__ import annotations

import heapq
import math
from typing import NamedTuple

from geographiclib.geodesic import Geodesic
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from knowledge.models import Place

__all__ = ["MOST", "Near", "Position", "kilometres", "settlements_around"]

# Latitude and longitude in degrees (WGS 84).
Position = tuple[float, float]
# So many settlements are given, nearest first.
MOST = 8
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


def settlements_around(
    session: Session,
    position: Position,
    within_km: float,
    *conditions: ColumnElement[bool],
    count: int = MOST,
) -> list[Near]:
    """The nearest settlements, nearest first."""
    latitude, longitude = position
    # A degree of longitude is shorter the farther north; the box holds the whole circle.
    height = within_km / _KM_PER_DEGREE
    narrow = math.cos(math.radians(min(89.0, abs(latitude) + height)))
    width = height / narrow
    query = select(Place.id, Place.region_id, Place.latitude, Place.longitude).where(
        Place.kind != "region",
        Place.latitude.between(latitude - height, latitude + height),
        Place.longitude.between(longitude - width, longitude + width),
        *conditions,
    )
    rows = [
        (one, region_id, to_latitude or 0.0, to_longitude or 0.0)
        for one, region_id, to_latitude, to_longitude in session.execute(query)
    ]
    # Rough distances choose whom to measure: exact ones take their time.
    rough = heapq.nsmallest(
        count + _ROUGHLY_AS_NEAR,
        rows,
        key=lambda row: (row[2] - latitude) ** 2 + ((row[3] - longitude) * narrow) ** 2,
    )
    exact = [Near(kilometres(latitude, longitude, *row[2:]), row[0], row[1]) for row in rough]
    return [one for one in sorted(exact) if one.km <= within_km][:count]
