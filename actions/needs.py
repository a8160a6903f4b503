"""The first answer to a need that is told, and the question which need it is."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events, Talk, TirekAction
from common.texts import Button

# Shown three at a time with "more", most frequent first.
PAGES = (
    ("domestic_violence", "sexual_violence", "bullying"),
    ("harassment", "stalking", "cyberbullying"),
    ("child_abuse", "image_abuse", "forced_marriage"),
    ("self_harm",),
)
# Needs that may be a matter of minutes are answered with the fixed card of the danger check.
DANGER_CARDS = {"immediate_danger": "danger_attack_now", "self_harm": "danger_self_harm"}
_ASKS_DANGER_NOW = frozenset(
    {"domestic_violence", "sexual_violence", "stalking", "child_abuse", "forced_marriage"}
)


def asks_for_needs(question: str | None) -> bool:
    """Whether a button asks for the list of needs; "other-need" stands on older messages."""
    return question == "other-need" or (question or "").startswith("needs-")


def ask_need(talk: Talk, topic: str) -> Events:
    """Ask which need it is and let ``topic`` wait for the answer; a button pages on."""
    wanted = talk.question or ""
    page = int(wanted.removeprefix("needs-")) if wanted.startswith("needs-") else 1
    page = page if 1 <= page <= len(PAGES) else 1
    buttons = [Button(talk.phrase(f"need_{need}_name"), f"/{need}") for need in PAGES[page - 1]]
    following = page % len(PAGES) + 1
    more = f'/{topic}{{"question": "needs-{following}"}}'
    buttons.append(Button(talk.phrase("button_more"), more))
    talk.say_with(talk.phrase("ask_need" if page == 1 else "ask_need_more"), buttons)
    return [SlotSet("waiting_topic", topic)]


class ActionNeed(TirekAction):
    """Answers every need that is told: belief, no blame, the choice handed back, next steps.

    If a question about rights or penalties waited for the need, it is answered right after.
    """

    def name(self) -> str:
        return "action_need"

    async def answer(self, talk: Talk) -> Events:
        from actions.ask_penalty import ActionAskPenalty
        from actions.ask_rights import ActionAskRights

        need = talk.need
        if need is None:
            raise LookupError("action_need was called without a need")
        if need in DANGER_CARDS:
            talk.say(
                talk.phrase(DANGER_CARDS[need]),
                (
                    ("button_safe_now", "local:safe_now"),
                    ("button_wrong_understood", "local:misread"),
                    ("button_contacts", "/ask_contacts"),
                    ("button_rights", "/ask_rights"),
                ),
            )
            return []
        words = talk.phrase(f"need_{need}_answer")
        if talk.waiting_topic in ("ask_rights", "ask_penalty"):
            asks = need in _ASKS_DANGER_NOW
            talk.say(words, (("button_yes_now", "local:emergency"),) if asks else ())
            asked = [SlotSet("asked", "danger_now")] if asks else []
            waiting = {"ask_rights": ActionAskRights, "ask_penalty": ActionAskPenalty}
            return [*await waiting[talk.waiting_topic]().say(talk, need), *asked]
        buttons = [
            ("button_rights", "/ask_rights"),
            ("button_contacts", "/ask_contacts"),
            ("button_safety_plan", "/ask_safety_plan")
            if need in _ASKS_DANGER_NOW
            else ("button_evidence", "/ask_evidence"),
        ]
        if need in _ASKS_DANGER_NOW:
            buttons.insert(0, ("button_yes_now", "local:emergency"))
        talk.say(words, buttons)
        return [SlotSet("asked", "danger_now")] if need in _ASKS_DANGER_NOW else []
