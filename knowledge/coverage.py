"""What the database covers and how old it is: services by region and need, ages, holes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from html import escape

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from knowledge import models
from knowledge.listing import LISTED_ONLY
from knowledge.seed_schema import NEEDS

_CELL, _LEFT, _TOP = 46, 190, 130


@dataclass(frozen=True)
class Coverage:
    """``by_region[region][need]``: services of the region that can be dialled."""

    by_region: dict[str, dict[str, int]]
    services: int
    without_number: int
    by_confidence: dict[str, int]
    never_checked: int
    source_dates: dict[str, int]
    """Services by the year of the source they were seen in."""

    @property
    def holes(self) -> list[tuple[str, str]]:
        """Regions and needs for which only national lines can be dialled."""
        return [
            (region, need)
            for region, by_need in self.by_region.items()
            for need, count in by_need.items()
            if not count
        ]


def coverage(session: Session) -> Coverage:
    """Count everything that ``make knowledge-report`` shows."""
    regions = session.scalars(
        select(models.Place.id).where(models.Place.id == models.Place.region_id)
    ).all()
    services = session.scalars(
        select(models.Service).options(selectinload(models.Service.phones))
    ).all()
    listing = models.ServiceListing
    counted = {
        (region, need): count
        for region, need, count in session.execute(
            select(listing.region_id, listing.subject, func.count())
            .where(listing.tier != LISTED_ONLY, listing.subject.in_(NEEDS))
            .group_by(listing.region_id, listing.subject)
        )
    }
    by_region = {
        region: {need: counted.get((region, need), 0) for need in NEEDS}
        for region in sorted(regions)
    }
    return Coverage(
        by_region=by_region,
        services=len(services),
        without_number=sum(not one.phones for one in services),
        by_confidence=dict(Counter(one.confidence for one in services)),
        never_checked=sum(one.checked_on is None for one in services),
        source_dates=dict(sorted(Counter((one.last_seen or "?")[:4] for one in services).items())),
    )


def as_table(found: Coverage, today: date) -> str:
    """The report as text, 100 columns and a little more."""
    lines = [
        f"services {found.services}, without a number {found.without_number}, "
        f"never checked by a person {found.never_checked} (on {today.isoformat()})",
        "confidence: " + ", ".join(f"{k} {v}" for k, v in sorted(found.by_confidence.items())),
        "source seen in: " + ", ".join(f"{k} {v}" for k, v in found.source_dates.items()),
        "",
        "services of the region that can be dialled, by need:",
        f"{'':<18}" + "".join(f"{need[:9]:>10}" for need in NEEDS),
    ]
    for region, by_need in found.by_region.items():
        lines.append(f"{region:<18}" + "".join(f"{by_need[need] or '-':>10}" for need in NEEDS))
    lines.append(f"\nholes (only national lines): {len(found.holes)}")
    return "\n".join(lines)


def as_svg(found: Coverage) -> str:
    """The same as a picture: red where only national lines can be dialled."""
    width = _LEFT + _CELL * len(NEEDS) + 20
    height = _TOP + _CELL // 2 * len(found.by_region) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for column, need in enumerate(NEEDS):
        x = _LEFT + _CELL * column + _CELL // 2
        place = f"translate({x},{_TOP - 8}) rotate(-45)"
        parts.append(f'<text transform="{place}">{escape(need)}</text>')
    for row, (region, by_need) in enumerate(found.by_region.items()):
        y = _TOP + _CELL // 2 * row
        parts.append(f'<text x="10" y="{y + 16}">{escape(region)}</text>')
        for column, need in enumerate(NEEDS):
            count = by_need[need]
            colour = "#d64545" if not count else "#f2c14e" if count == 1 else "#6bbf73"
            x = _LEFT + _CELL * column
            parts.append(
                f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_CELL // 2 - 2}" '
                f'fill="{colour}"/><text x="{x + _CELL // 2 - 6}" y="{y + 15}">{count}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"
