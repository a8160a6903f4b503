"""The action server process: ``python -m actions.server``."""

from __future__ import annotations

import logging
import sys
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic, response
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler

from actions import (
    affirm,
    ask_contacts,
    ask_divorce_custody,
    ask_evidence,
    ask_legal_aid,
    ask_medical_help,
    ask_new_law,
    ask_penalty,
    ask_police_inaction,
    ask_protection_order,
    ask_psychological_help,
    ask_report_police,
    ask_rights,
    ask_shelter,
    clear_chat,
    context,
    deny,
    fallback,
    inform_location,
    needs,
)
from actions.base import TirekAction
from common.process import die_with_parent
from common.settings import SettingsError, settings

ACTIONS: tuple[type[TirekAction], ...] = (
    affirm.ActionAffirm,
    ask_contacts.ActionAskContacts,
    ask_divorce_custody.ActionAskDivorceCustody,
    ask_evidence.ActionAskEvidence,
    ask_legal_aid.ActionAskLegalAid,
    ask_medical_help.ActionAskMedicalHelp,
    ask_new_law.ActionAskNewLaw,
    ask_penalty.ActionAskPenalty,
    ask_police_inaction.ActionAskPoliceInaction,
    ask_protection_order.ActionAskProtectionOrder,
    ask_psychological_help.ActionAskPsychologicalHelp,
    ask_report_police.ActionAskReportPolice,
    ask_rights.ActionAskRights,
    ask_shelter.ActionAskShelter,
    clear_chat.ActionClearChat,
    deny.ActionDeny,
    fallback.ActionFallback,
    inform_location.ActionInformLocation,
    needs.ActionNeed,
)


class DiscreetErrorHandler(ErrorHandler):
    """Errors as their type only.

    The handler of the SDK answers with the whole request, message text included, and Rasa would
    write that to its log.
    """

    def response(self, request: Request, exception: Exception) -> HTTPResponse:
        status = exception.status_code if isinstance(exception, SanicException) else 500
        name = type(exception).__name__
        logging.getLogger(__name__).error("request failed: %s", name)
        return response.json({"error": name}, status=status)


def build_app() -> Sanic[Any, Any]:
    """The SDK's app with our actions and our error handler; CORS is closed."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action)
    app = create_app(executor, cors_origins=[])
    app.error_handler = DiscreetErrorHandler()
    return app


def main() -> int:
    die_with_parent()
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    # Its request log would be at INFO; its warnings are about versions only.
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
    try:
        port = settings().actions_port
        context.texts()
    except SettingsError as error:
        print(f"tirek actions: {error}", file=sys.stderr)
        return 2
    # Only Rasa on this machine talks to the action server.
    build_app().run(host="127.0.0.1", port=port, single_process=True, motd=False, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
