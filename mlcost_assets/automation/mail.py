"""Sending a message by SMTP: over verified TLS where the server has it, and credentials never without."""

import os
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from mlcost_assets.automation.webhook import NotSentError

_SECONDS = 10


def send(receiver: str, text: str) -> None:
    """Through the server in MLCOST_SMTP_URL, smtp://user:password@host:587 or smtps://…; else over localhost's.

    smtp:// turns to TLS where the server offers it, and must where there are credentials; only what is handed to the
    mailer of this machine, without MLCOST_SMTP_URL, goes plain. Raises NotSentError, OSError and SMTPException.
    """
    named = os.environ.get("MLCOST_SMTP_URL", "")
    server = urlsplit(named or "smtp://localhost:25")
    if server.scheme not in ("smtp", "smtps"):
        raise NotSentError("MLCOST_SMTP_URL is not smtp:// or smtps://")
    message = EmailMessage()
    message["Subject"], message["To"] = "ML Cost Intel", receiver
    message["From"] = os.environ.get("MLCOST_MAIL_FROM", "mlcost@localhost")
    message.set_content(text)
    host, verified = server.hostname or "localhost", ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, server.port or 465, timeout=_SECONDS, context=verified)
        if server.scheme == "smtps"
        else smtplib.SMTP(host, server.port or (587 if server.username else 25), timeout=_SECONDS)
    ) as smtp:
        smtp.ehlo()
        if server.scheme == "smtp" and (server.username or (named and smtp.has_extn("starttls"))):
            smtp.starttls(context=verified)  # raises where it is not offered
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)
