"""Every need has an answer to every question that matters: printed with ``pytest -s``."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from knowledge import finding, queries
from knowledge.database import connect
from knowledge.seed_schema import NEEDS
from tests.unit.conftest import answers_of

TODAY = date(2026, 11, 25)
TOPICS = (
    "ask_rights", "ask_report_police", "ask_protection_order", "ask_evidence",
    "ask_police_inaction", "ask_medical_help", "ask_legal_aid", "ask_shelter",
    "ask_divorce_custody", "ask_new_law",
)  # fmt: skip


def test_no_need_is_left_without_an_answer(sqlite_url: str) -> None:
    engine = connect(sqlite_url)
    holes = []
    with Session(engine) as session:
        print(f"\n{'':<20}" + "".join(f"{t.removeprefix('ask_')[:12]:>14}" for t in TOPICS))
        for need in NEEDS:
            row = []
            for topic in TOPICS:
                found = answers_of(session, topic, need, TODAY)
                row.append(sum(len(one.points) for one in found))
                if not found or not all(one.points for one in found):
                    holes.append((need, topic))
            print(f"{need:<20}" + "".join(f"{points:>14}" for points in row))
            if not queries.penalties(session, need, TODAY) and need != "self_harm":
                holes.append((need, "penalties"))
            contacts = finding.contacts(session, need)
            if not any(one.numbers and one.open_now for one in contacts.national):
                holes.append((need, "a number that answers now"))
    engine.dispose()
    assert holes == []
